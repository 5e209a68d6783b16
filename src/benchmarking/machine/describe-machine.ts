import {execFile} from 'node:child_process';
import {arch, availableParallelism, cpus, platform, release, totalmem, type} from 'node:os';
import {packageVersion} from '../../common/package-root.ts';
import {runtimeVersion} from '../../model/other-platforms.ts';

/** What figures were measured on, without which they say nothing. */
export interface Machine {
  cpu: string;
  /** That this process may use. */
  cores: number;
  /** Bytes. */
  memory: number;
  /** Of NVIDIA, where another device than the CPU was used; null where there is none that tells its name. */
  gpu: string | null;
  /** Such as `Linux 6.1.0, linux-x64`. */
  os: string;
  node: string;
  onnxruntime: string | null;
  rice: string;
}

/** @param withGpu whether to ask for the name of the GPU */
export async function describeMachine(withGpu = false): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    gpu: withGpu ? await gpuNames() : null,
    os: `${type()} ${release()}, ${platform()}-${arch()}`,
    node: process.version,
    onnxruntime: runtimeVersion() ?? null,
    rice: packageVersion(),
  };
}

const GPU_PATIENCE_MS = 5000;

function gpuNames(): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {timeout: GPU_PATIENCE_MS, windowsHide: true};
    const query = ['--query-gpu=name', '--format=csv,noheader'];
    execFile('nvidia-smi', query, options, (error, stdout) => {
      resolve(error || stdout.trim() === '' ? null : stdout.trim().split(/\s*\n/).join(', '));
    });
  });
}
