import type {Frame} from '../../image/frame.ts';

/** Replaces each channel by the luma (ITU-R BT.601, in 16-bit fixed point as in JPEG and Pillow). */
export function greyScale({width, height, data}: Frame): Frame {
  const grey = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const luma = (19595 * data[i] + 38470 * data[i + 1] + 7471 * data[i + 2] + 32768) >> 16;
    grey[i] = grey[i + 1] = grey[i + 2] = luma;
  }
  return {width, height, data: grey};
}

/** Multiplies the levels of each channel, clipped at 255: exposure if the gains are equal, white balance otherwise. */
export function scaleLevels({width, height, data}: Frame, gains: readonly [number, number, number]): Frame {
  const [red, green, blue] = gains.map((gain) => Uint8ClampedArray.from({length: 256}, (_, level) => level * gain));
  const scaled = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    scaled[i] = red[data[i]];
    scaled[i + 1] = green[data[i + 1]];
    scaled[i + 2] = blue[data[i + 2]];
  }
  return {width, height, data: scaled};
}
