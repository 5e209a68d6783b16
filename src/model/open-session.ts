import type {InferenceSession} from 'onnxruntime-node';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {accelerators, createSession, type Device, type DeviceChoice} from './devices.ts';
import type {ModelFile} from './model-file.ts';

export interface OpenOptions {
  device?: DeviceChoice;
  threads?: number;
  onWarning?: (message: string) => void;
}

export interface OpenSession {
  session: InferenceSession;
  device: Device;
}

/** Under `auto`, models up to this size stay on the CPU: loading an accelerator takes longer than it saves. */
const SMALL_MODEL_BYTES = 8_000_000;

/** Whether a model runs on the CPU without trying another device. */
export function staysOnCpu({bytes}: ModelFile, device: DeviceChoice = 'auto'): boolean {
  return device === 'cpu' || (device === 'auto' && bytes.length <= SMALL_MODEL_BYTES);
}

/**
 * Opens a model on the chosen device, or under `auto` on the first that works.
 *
 * @throws RiceError MODEL_INVALID, or DEVICE_UNAVAILABLE for a device that was named
 */
export async function openSession(file: ModelFile, options: OpenOptions): Promise<OpenSession> {
  const {device: choice = 'auto', onWarning} = options;
  const threads = defined({threads: options.threads});
  if (choice !== 'auto') return {session: await openOn(file, choice, threads), device: choice};
  for (const device of staysOnCpu(file, choice) ? [] : accelerators()) {
    try {
      return {session: await openOn(file, device, threads), device};
    } catch (error) {
      onWarning?.((error as Error).message);
    }
  }
  return {session: await openOn(file, 'cpu', threads), device: 'cpu'};
}

/** Rice's own models are loaded from the bytes whose digest is reported; external ones by path, for external data. */
async function openOn(
  {bytes, path, metadata}: ModelFile,
  device: Device,
  threads: {threads?: number},
): Promise<InferenceSession> {
  try {
    return await createSession(metadata ? bytes : path, device, threads);
  } catch (error) {
    if (error instanceof RiceError) throw error;
    throw new RiceError('MODEL_INVALID', `onnxruntime cannot load ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
