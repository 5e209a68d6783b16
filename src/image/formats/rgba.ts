import type {Frame} from '../frame.ts';

/** Pixels as jimp's decoders give them: RGBA interleaved, row-major, 8 bits a channel. */
export interface RgbaImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Lays a picture over black and drops its alpha channel. */
export function overBlack({width, height, data}: RgbaImage): Frame {
  const out = new Uint8Array(width * height * 3);
  for (let source = 0, target = 0; target < out.length; source += 4, target += 3) {
    const alpha = data[source + 3];
    if (alpha === 255) {
      out[target] = data[source];
      out[target + 1] = data[source + 1];
      out[target + 2] = data[source + 2];
    } else {
      out[target] = Math.round((data[source] * alpha) / 255);
      out[target + 1] = Math.round((data[source + 1] * alpha) / 255);
      out[target + 2] = Math.round((data[source + 2] * alpha) / 255);
    }
  }
  return {width, height, data: out};
}
