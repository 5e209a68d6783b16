import type {Frame} from '../../image/frame.ts';
import type {RandomStream} from './random-stream.ts';

/** Adds independent normal noise with the given standard deviation (levels of 0 to 255) to every channel of every pixel. */
export function addNoise({width, height, data}: Frame, sigma: number, random: RandomStream): Frame {
  const noisy = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 2) {
    const [first, second] = random.normals();
    noisy[i] = data[i] + sigma * first;
    // If the number of levels is odd, the last write is beyond the array and has no effect.
    noisy[i + 1] = data[i + 1] + sigma * second;
  }
  return {width, height, data: new Uint8Array(noisy.buffer)};
}
