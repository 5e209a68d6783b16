import {LocalMoments} from './local-moments.ts';

/** A part of a picture for the network, RGB interleaved and 0 or 1 a pixel. */
export interface InputPicture {
  width: number;
  height: number;
  mask: Uint8Array;
  colors: Uint8Array;
}

/** Mask, brightness, saturation. */
export const CHANNELS = 3;

/** Half of the side of the square in which a pixel is compared with the others of the foreground: about a grain's length. */
const RADIUS = 32;
/** Deviations in levels below which differences are noise. */
const LEAST_DEVIATION = {brightness: 8, saturation: 6};
/** In deviations. */
const LARGEST = 3;

/**
 * What the network sees of a picture: nothing of the ground, and of the grains nothing of their color or of the light, so that
 * it serves for any ground and lamp. Channel 0 is the mask. Channels 1 and 2 are brightness and saturation (largest minus smallest of red,
 * green and blue), less their mean over the foreground around the pixel and divided by their deviation there; 0 outside of the mask.
 *
 * @param into receives 3 planes of `stride` x `rows` pixels, in which the picture begins at (margin, margin); the rest is set to 0
 */
export function fillInput(picture: InputPicture, into: Float32Array, stride: number, rows: number, margin = 0): void {
  const {width, height, mask, colors} = picture;
  const plane = stride * rows;
  into.fill(0, 0, CHANNELS * plane);
  const start = margin * stride + margin;
  const brightness = new Float32Array(width * height);
  const saturation = new Float32Array(width * height);
  for (let i = 0, at = 0; i < brightness.length; i++, at += 3) {
    if (mask[i] === 0) continue;
    const [red, green, blue] = [colors[at], colors[at + 1], colors[at + 2]];
    brightness[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
    saturation[i] = Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (mask[y * width + x] !== 0) into[start + y * stride + x] = 1;
  normalize(picture, brightness, LEAST_DEVIATION.brightness, into.subarray(plane + start, 2 * plane), stride);
  normalize(picture, saturation, LEAST_DEVIATION.saturation, into.subarray(2 * plane + start, 3 * plane), stride);
}

function normalize(
  {width, height, mask}: InputPicture,
  values: Float32Array,
  least: number,
  into: Float32Array,
  stride: number,
): void {
  const moments = new LocalMoments(values, mask, width, height, RADIUS);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (mask[at] === 0) continue;
      const {mean, deviation} = moments.at(x, y);
      const normalized = (values[at] - mean) / Math.max(least, deviation);
      into[y * stride + x] = Math.min(LARGEST, Math.max(-LARGEST, normalized));
    }
}
