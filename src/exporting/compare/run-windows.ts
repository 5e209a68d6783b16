import {createSession} from '../../model/devices.ts';
import type {Windows} from '../pictures/windows.ts';

/** Few, since every value of a network may be asked for. */
const BATCH = 8;

/** Numbers of an output, the first dimension of which is that of the windows. */
export interface OutputNumbers {
  data: Float32Array;
  dims: readonly number[];
}

export interface RunOptions {
  /** Called after each batch with the number of windows that are done. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/**
 * Runs a model file over windows on the CPU, batch by batch.
 *
 * @param model the bytes of the file
 * @param take gets the float32 numbers of each output of a batch
 * @throws onnxruntime's own error if it cannot load or run the file; the signal's reason
 */
export async function runWindows(
  model: Uint8Array,
  windows: Windows,
  take: (outputs: Record<string, OutputNumbers>) => void,
  {onProgress, signal}: RunOptions = {},
): Promise<void> {
  const {width, height} = windows.size;
  const session = await createSession(model, 'cpu');
  try {
    const {Tensor} = await import('onnxruntime-node');
    for (let start = 0; start < windows.count; start += BATCH) {
      signal?.throwIfAborted();
      const images = Math.min(BATCH, windows.count - start);
      const bytes = Buffer.concat(Array.from({length: images}, (_, i) => windows.window(start + i)));
      const results = await session.run({image: new Tensor('uint8', bytes, [images, height, width, 3])});
      take(results as unknown as Record<string, OutputNumbers>);
      onProgress?.(start + images);
    }
  } finally {
    await session.release();
  }
}
