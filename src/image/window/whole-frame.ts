import type {Frame} from '../frame.ts';
import {PATCH_SCALE, type WindowSize} from './canvas.ts';
import type {GrainPatch} from './patch.ts';

/** Centers the whole frame on the black canvas, shrunk to fit by area averaging but never enlarged. */
export function wholeFramePatch(frame: Frame, size: WindowSize): GrainPatch {
  const canvasWidth = size.width * PATCH_SCALE;
  const canvasHeight = size.height * PATCH_SCALE;
  const scale = Math.min(1, canvasWidth / frame.width, canvasHeight / frame.height);
  const width = Math.max(1, Math.round(frame.width * scale));
  const height = Math.max(1, Math.round(frame.height * scale));
  const small = averageAreas(frame, width, height);
  const left = (canvasWidth - width) >> 1;
  const top = (canvasHeight - height) >> 1;
  const patch = {x: left & ~1, y: top & ~1, width: evenSpan(left, width), height: evenSpan(top, height)};
  const data = new Uint8Array(patch.width * patch.height * 3);
  for (let y = 0; y < height; y++) {
    const target = ((y + top - patch.y) * patch.width + left - patch.x) * 3;
    data.set(small.subarray(y * width * 3, (y + 1) * width * 3), target);
  }
  return {...patch, data};
}

/** Length of the interval with even bounds that covers `length` from `start` on. */
function evenSpan(start: number, length: number): number {
  return ((start + length + 1) & ~1) - (start & ~1);
}

/** Every output pixel is the mean of the frame area it covers, including fractions of pixels. */
function averageAreas(frame: Frame, width: number, height: number): Uint8Array {
  const columns = averageRows(frame.data, frame.height, frame.width * 3, height);
  const out = new Uint8Array(width * height * 3);
  const sums = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sums.fill(0);
      eachPart(x, frame.width / width, frame.width, (source, share) => {
        const i = (y * frame.width + source) * 3;
        for (let c = 0; c < 3; c++) sums[c] += columns[i + c] * share;
      });
      for (let c = 0; c < 3; c++) out[(y * width + x) * 3 + c] = Math.floor(sums[c] + 0.5);
    }
  }
  return out;
}

function averageRows(data: Uint8Array, rows: number, rowLength: number, outRows: number): Float64Array {
  const out = new Float64Array(outRows * rowLength);
  for (let y = 0; y < outRows; y++) {
    const target = y * rowLength;
    eachPart(y, rows / outRows, rows, (source, share) => {
      const start = source * rowLength;
      for (let i = 0; i < rowLength; i++) out[target + i] += data[start + i] * share;
    });
  }
  return out;
}

/** Calls `visit` with every source index that output `index` covers, and its share of the output (shares sum to 1). */
function eachPart(index: number, ratio: number, end: number, visit: (source: number, share: number) => void): void {
  const from = index * ratio;
  const to = Math.min(end, from + ratio);
  for (let source = Math.floor(from); source < to; source++)
    visit(source, (Math.min(to, source + 1) - Math.max(from, source)) / ratio);
}
