import type {Planes} from './planes.ts';
import type {SequenceParameters} from './sequence-parameters.ts';

/** How far the deblocking filter of a block reaches into those before it (ITU-T H.265, section 8.7.2). */
const FILTER_REACH = 4;

/**
 * Blocks that are, for all one can see, as their memory was before decoding: those that the decoder did not get to, because
 * their data are cut or damaged. It says nothing of that.
 *
 * @param fill each byte of the memory before decoding
 */
export function untouchedBlocks({planes, bitDepth}: Planes, parameters: SequenceParameters, fill: number): Set<number> {
  const [{samples, stride, width, height}] = planes;
  const {blockSize, left, top} = parameters;
  const value = bitDepth > 8 ? fill * 257 : fill;
  const columns = Math.ceil((width + left) / blockSize);
  const rows = Math.ceil((height + top) / blockSize);
  const untouched = new Set<number>();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [startX, endX] = span(column, blockSize, left, width);
      const [startY, endY] = span(row, blockSize, top, height);
      if (isFilled(samples, stride, startX, endX, startY, endY, value)) untouched.add(row * columns + column);
    }
  return untouched;
}

/** What of a block is in the picture, and out of the reach of the blocks behind it. */
function span(index: number, size: number, offset: number, length: number): [start: number, end: number] {
  const end = (index + 1) * size - offset;
  return [Math.max(0, index * size - offset), end < length ? end - FILTER_REACH : length];
}

function isFilled(
  samples: Uint8Array | Uint16Array,
  stride: number,
  startX: number,
  endX: number,
  startY: number,
  endY: number,
  value: number,
): boolean {
  for (let y = startY; y < endY; y++)
    for (let x = startX; x < endX; x++) if (samples[y * stride + x] !== value) return false;
  return startX < endX && startY < endY;
}
