/** The machine: its GPU, its versions, and which devices work. */
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {availableParallelism, cpus, totalmem} from 'node:os';
import {join} from 'node:path';
import {packageRoot, packageVersion} from '../../src/common/package-root.ts';
import {runtimeFolder, runtimeVersion} from '../../src/model/other-platforms.ts';
import {type Gpu, readGpus} from './nvidia-smi.ts';
import {runCommand} from './run-part.ts';

export interface DeviceState {
  device: string;
  works: boolean;
  seconds: number | null;
  reason: string | null;
}

export interface Machine {
  date: string;
  rice: string;
  node: string;
  onnxruntime: string | null;
  platform: string;
  processor: string;
  cores: number;
  memoryGigabytes: number;
  gpus: Gpu[];
  /** Why there are none. */
  noGpu?: string;
  /** Whether Vulkan is a program on the CPU: figures of webgpu are then none of a GPU. */
  softwareVulkan: boolean;
  /** Libraries that onnxruntime's CUDA provider wants and that are not there; undefined if the provider is not there itself. */
  missingForCuda?: string[];
  devices: DeviceState[];
}

export async function describeMachine(limit: number, env: NodeJS.ProcessEnv): Promise<Machine> {
  const gpus = await readGpus();
  const {stdout} = await runCommand(
    process.execPath,
    [join(packageRoot(), 'bin', 'run.js'), 'doctor', '--json'],
    limit,
    env,
  );
  const missing = missingForCuda(env);
  return {
    date: new Date().toISOString(),
    rice: packageVersion(),
    node: process.version,
    onnxruntime: runtimeVersion() ?? null,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    gpus: typeof gpus === 'string' ? [] : gpus,
    ...(typeof gpus === 'string' && {noGpu: gpus}),
    softwareVulkan: /swiftshader|lvp|lavapipe/i.test(env.VK_ICD_FILENAMES ?? env.VK_DRIVER_FILES ?? ''),
    ...(missing && {missingForCuda: missing}),
    devices: devicesOf(stdout),
  };
}

function devicesOf(stdout: string): DeviceState[] {
  try {
    return (JSON.parse(stdout) as {devices: DeviceState[]}).devices;
  } catch {
    return [{device: 'cpu', works: true, seconds: null, reason: 'rice doctor did not answer'}];
  }
}

function missingForCuda(env: NodeJS.ProcessEnv): string[] | undefined {
  const folder = join(runtimeFolder() ?? '', 'bin', 'napi-v6', process.platform, process.arch);
  const provider = join(folder, 'libonnxruntime_providers_cuda.so');
  if (!existsSync(provider)) return undefined;
  try {
    const listed = execFileSync('ldd', [provider], {env, encoding: 'utf8'});
    return [...listed.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
  } catch {
    return [];
  }
}

/**
 * Folders with the CUDA libraries that a PyTorch from PyPI brings, `nvidia/<part>/lib` beside it: a machine with PyTorch needs
 * no other CUDA.
 */
export function librariesBesidePyTorch(torch: string): string[] {
  const folder = join(torch, '..', 'nvidia');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name, 'lib'))
    .filter((path) => existsSync(path));
}
