import type {InferenceSession} from 'onnxruntime-node';
import {defined} from '../common/defined.ts';
import {ERROR_CATALOGUE, RiceError} from '../common/errors.ts';
import {forbidTelemetry} from '../common/forbid-telemetry.ts';

/** Where a graph can run. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'dml'] as const;
export type Device = (typeof DEVICES)[number];
/** What may be asked for: a device, or the fastest that works. */
export const DEVICE_CHOICES = ['auto', ...DEVICES] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** The devices other than the CPU that may be there, most promising first. */
export function accelerators(platform: NodeJS.Platform = process.platform): Device[] {
  if (platform === 'win32') return ['cuda', 'dml', 'webgpu'];
  return platform === 'linux' ? ['cuda', 'webgpu'] : ['webgpu'];
}

export interface SessionOptions {
  /** Threads within one operator; one per core when left out. */
  threads?: number;
}

/**
 * Loads a graph on one device.
 *
 * @param model the bytes of an .onnx file, or its path: then weights may lie in files beside it ("external data")
 * @throws RiceError DEVICE_UNAVAILABLE where the device cannot be used here; what onnxruntime throws where the CPU
 * cannot load the graph
 */
export async function createSession(
  model: Uint8Array | string,
  device: Device,
  {threads}: SessionOptions = {},
): Promise<InferenceSession> {
  forbidTelemetry();
  const {env, InferenceSession} = await import('onnxruntime-node');
  // What fails is told by the error; onnxruntime would print it on stderr as well.
  env.logLevel = 'fatal';
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    logSeverityLevel: 4,
    // Saves a fifth of the memory of a training step and costs nothing measurable.
    enableMemPattern: false,
    ...defined({intraOpNumThreads: threads}),
    extra: {
      session: {
        // Threads that wait actively take the cores from the image preparation beside them.
        intra_op: {allow_spinning: '0'},
        // What an optimiser remembers of weights that no longer learn fades into numbers on which a CPU is many times slower.
        set_denormal_as_zero: '1',
      },
    },
  };
  try {
    // Two overloads, which a union fits only one by one.
    return await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options));
  } catch (error) {
    if (device === 'cpu') throw error;
    const reason = reasonOf((error as Error).message);
    throw new RiceError('DEVICE_UNAVAILABLE', `the device ${device} cannot be used here: ${reason}`, {
      suggestions: [REMEDIES[device], ERROR_CATALOGUE.DEVICE_UNAVAILABLE.fix],
      cause: error,
    });
  }
}

/** What each device needs. */
const REMEDIES: Record<Exclude<Device, 'cpu'>, string> = {
  cuda: 'For cuda, install CUDA 12 and cuDNN 9, then rice with ONNXRUNTIME_NODE_INSTALL=cuda12 in the environment.',
  webgpu:
    'For webgpu, install a driver for the graphics card (Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS).',
  dml: 'dml is DirectML, which exists on Windows only.',
};

/** What onnxruntime failed at, without the places in its own source. */
function reasonOf(message: string): string {
  const line = message.split('\n')[0];
  const failed = line.lastIndexOf('Failed to');
  return failed < 0 ? line.slice(0, 200) : `f${line.slice(failed + 1).split(/[.:] /)[0]}`;
}
