import {fillingAt} from './memory.ts';
import type {Planes} from './planes.ts';
import type {SequenceParameters} from './sequence-parameters.ts';

/** How far the deblocking filter of a block reaches into those before it (ITU-T H.265, section 8.7.2). */
const FILTER_REACH = 4;
/** In fewer bytes a picture may have what its memory was filled with by chance. */
const FEWEST_BYTES = 8;

/**
 * Whether a block is as its memory was before decoding: the decoder did not get to it, because its data are cut or damaged.
 * It says nothing of that.
 */
export function hasUntouchedBlock({planes: [luma]}: Planes, {blockSize, left, top}: SequenceParameters): boolean {
  const {samples, stride, width, height} = luma;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const size = samples.BYTES_PER_ELEMENT;
  for (let row = 0; row * blockSize < height + top; row++) {
    const [startY, endY] = span(row, blockSize, top, height);
    for (let column = 0; column * blockSize < width + left; column++) {
      const [startX, endX] = span(column, blockSize, left, width);
      if ((endX - startX) * (endY - startY) * size < FEWEST_BYTES) continue;
      if (isUntouched(bytes, stride * size, startX * size, endX * size, startY, endY)) return true;
    }
  }
  return false;
}

/** What of a block is in the picture, and out of the reach of the blocks behind it. */
function span(index: number, size: number, offset: number, length: number): [start: number, end: number] {
  const end = (index + 1) * size - offset;
  return [Math.max(0, index * size - offset), end < length ? Math.max(0, end - FILTER_REACH) : length];
}

function isUntouched(
  bytes: Uint8Array,
  stride: number,
  startX: number,
  endX: number,
  startY: number,
  endY: number,
): boolean {
  for (let y = startY; y < endY; y++)
    for (let x = startX; x < endX; x++) {
      const at = y * stride + x;
      if (bytes[at] !== fillingAt(bytes.byteOffset + at)) return false;
    }
  return true;
}
