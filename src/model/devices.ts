import type {InferenceSession} from 'onnxruntime-node';
import {defined} from '../common/defined.ts';
import {ERROR_CATALOGUE, RiceError} from '../common/errors.ts';
import {forbidTelemetry} from '../common/forbid-telemetry.ts';

/** Devices that can run a graph. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'dml'] as const;
export type Device = (typeof DEVICES)[number];
/** What a user may choose: a device, or `auto` for the fastest that works. */
export const DEVICE_CHOICES = ['auto', ...DEVICES] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** The accelerators a platform may have, fastest first. */
export function accelerators(platform: NodeJS.Platform = process.platform): Device[] {
  if (platform === 'win32') return ['cuda', 'dml', 'webgpu'];
  return platform === 'linux' ? ['cuda', 'webgpu'] : ['webgpu'];
}

export interface SessionOptions {
  /** Threads within one operator; default: one per core. */
  threads?: number;
  /** Outputs that stay in the memory of the device, where `keepsOutputs`. Whoever runs the session disposes of them. */
  kept?: readonly string[];
}

/** Whether outputs can stay on a device. For others, onnxruntime-node 1.30 has no tensors outside the memory of the process. */
export function keepsOutputs(device: Device): boolean {
  return device === 'webgpu';
}

/**
 * Loads a graph on one device.
 *
 * @param model the bytes of an .onnx file, or its path; with a path, weights may be in separate files ("external data")
 * @throws RiceError DEVICE_UNAVAILABLE if the device cannot be used here; onnxruntime's own error if the CPU cannot load
 *   the graph
 */
export async function createSession(
  model: Uint8Array | string,
  device: Device,
  {threads, kept = []}: SessionOptions = {},
): Promise<InferenceSession> {
  forbidTelemetry();
  const {env, InferenceSession} = await import('onnxruntime-node');
  // The thrown error says what failed; onnxruntime would also print it on stderr.
  env.logLevel = 'fatal';
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    logSeverityLevel: 4,
    // Saves a fifth of the memory of a training step and costs nothing measurable.
    enableMemPattern: false,
    ...defined({intraOpNumThreads: threads}),
    ...(keepsOutputs(device) && {
      preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, 'gpu-buffer'])),
    }),
    extra: {
      session: {
        // Spinning threads take the cores away from the image preparation that runs at the same time.
        intra_op: {allow_spinning: '0'},
        // The optimizer's moments of weights that no longer learn decay to denormals, which make a CPU many times slower.
        set_denormal_as_zero: '1',
      },
    },
  };
  try {
    // TypeScript cannot match a union to the two overloads at once.
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

/** What to do if a device is not available. */
const REMEDIES: Record<Exclude<Device, 'cpu'>, string> = {
  cuda: 'For cuda, install CUDA 12, cuDNN 9 and the CUDA libraries of onnxruntime: rice doctor --device cuda says how.',
  webgpu:
    'For webgpu, install a driver for the graphics card (Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS).',
  dml: 'dml is DirectML, which exists on Windows only.',
};

/** The reason in onnxruntime's message, without its source locations. */
function reasonOf(message: string): string {
  const line = message.split('\n')[0];
  const failed = line.lastIndexOf('Failed to');
  return failed < 0 ? line.slice(0, 200) : `f${line.slice(failed + 1).split(/[.:] /)[0]}`;
}
