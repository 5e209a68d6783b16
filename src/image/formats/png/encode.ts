import {crc32, deflateSync} from 'node:zlib';
import type {Frame} from '../../frame.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Eight bits a channel, RGB, the only compression and filter method, not interlaced. */
const RGB8 = [8, 2, 0, 0, 0];
const PAETH = 4;

/**
 * Encodes pixels as a PNG (https://www.w3.org/TR/png-3/) of 8 bits per channel, every row with the filter Paeth, which
 * suits photographs.
 *
 * @param pxPerMm written as the file's density, in whole pixels a meter; none where it is left out
 */
export function encodePng(frame: Frame, {pxPerMm}: {pxPerMm?: number | undefined} = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(frame.width, 0);
  header.writeUInt32BE(frame.height, 4);
  header.set(RGB8, 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(pxPerMm === undefined ? [] : [chunk('pHYs', density(pxPerMm))]),
    chunk('IDAT', deflateSync(filtered(frame), {level: 6})),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function density(pxPerMm: number): Buffer {
  const perMeter = Math.min(2 ** 31 - 1, Math.max(1, Math.round(pxPerMm * 1000)));
  const payload = Buffer.alloc(9);
  payload.writeUInt32BE(perMeter, 0);
  payload.writeUInt32BE(perMeter, 4);
  payload[8] = 1;
  return payload;
}

/** Each row behind the number of its filter, as differences to what its neighbors let expect. */
function filtered({width, height, data}: Frame): Buffer {
  const row = width * 3;
  const out = Buffer.allocUnsafe((row + 1) * height);
  for (let y = 0; y < height; y++) {
    const to = y * (row + 1) + 1;
    const from = y * row;
    out[to - 1] = PAETH;
    for (let i = 0; i < row; i++) {
      const left = i >= 3 ? data[from + i - 3] : 0;
      const up = y > 0 ? data[from + i - row] : 0;
      const corner = i >= 3 && y > 0 ? data[from + i - row - 3] : 0;
      out[to + i] = data[from + i] - expected(left, up, corner);
    }
  }
  return out;
}

/** Paeth's predictor: of the three neighbors, the one nearest to left + up - corner. */
function expected(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function chunk(type: string, payload: Buffer): Buffer {
  const out = Buffer.alloc(payload.length + 12);
  out.writeUInt32BE(payload.length, 0);
  out.write(type, 4, 'latin1');
  payload.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + payload.length)), 8 + payload.length);
  return out;
}
