import type {Frame} from '../../image/frame.ts';
import type {RandomStream} from './random-stream.ts';

/** Adds normal noise of the given standard deviation (levels of 0..255) to every channel of every pixel, independently. */
export function addNoise({width, height, data}: Frame, sigma: number, random: RandomStream): Frame {
  const noisy = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 2) {
    const [first, second] = random.normals();
    noisy[i] = data[i] + sigma * first;
    // Behind the last place of an odd number of levels this stores nothing.
    noisy[i + 1] = data[i + 1] + sigma * second;
  }
  return {width, height, data: new Uint8Array(noisy.buffer)};
}
