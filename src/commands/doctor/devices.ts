import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {shellWords} from '../../common/shell-words.ts';
import type {Device} from '../../model/devices.ts';
import {runtimeFolder} from '../../model/other-platforms.ts';
import type {Check} from './check.ts';
import type {ProbeAnswer} from './probe-device.ts';

/** What came of a device other than the CPU. One that nobody asked for and that is not there is no shortcoming. */
export function checkAccelerator(device: Exclude<Device, 'cpu'>, answer: ProbeAnswer, wanted: boolean): Check {
  if (answer.works)
    return {name: device, state: 'ok', message: `works, a first answer in ${answer.seconds.toFixed(2)} s`};
  const message = answer.reason.replace(/^the device \w+ cannot be used here: /, '');
  const state = wanted ? 'problem' : device === 'cuda' && hasNvidiaDriver() ? 'warning' : 'absent';
  if (state === 'absent') return {name: device, state, message};
  const advice = (device === 'cuda' ? fetchCudaLibraries() : undefined) ?? answer.suggestions[0];
  return {name: device, state, message, ...(advice ? {advice} : {})};
}

function hasNvidiaDriver(): boolean {
  const signs = {linux: '/dev/nvidiactl', win32: 'C:\\Windows\\System32\\nvcuda.dll'};
  const sign = signs[process.platform as keyof typeof signs];
  return sign !== undefined && existsSync(sign);
}

/** How to get the libraries that onnxruntime-node is installed without; undefined where they are there. */
function fetchCudaLibraries(): string | undefined {
  const runtime = runtimeFolder();
  if (runtime === undefined || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const library = join(runtime, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so');
  if (existsSync(library)) return undefined;
  return `Get onnxruntime's CUDA libraries: ONNXRUNTIME_NODE_INSTALL=cuda12 node ${shellWords([join(runtime, 'script', 'install')])}`;
}
