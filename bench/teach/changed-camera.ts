import {readFileSync} from 'node:fs';
import {replaceBackground} from '../../src/evaluation/robustness/background.ts';
import {blur} from '../../src/evaluation/robustness/blur.ts';
import {scaleLevels} from '../../src/evaluation/robustness/color.ts';
import {addNoise} from '../../src/evaluation/robustness/noise.ts';
import {RandomStream} from '../../src/evaluation/robustness/random-stream.ts';
import {decodeImage} from '../../src/image/decode.ts';
import {encodePng} from '../../src/image/formats/png/encode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {resampleFrame} from '../../src/image/resize/resample.ts';

const SCALE = 1.6;
const GAINS = [0.95, 0.82, 0.62] as const;
const BLUR = 2;
const NOISE = 3;
const GREY = [104, 101, 95] as const;

/** A picture of the dataset as another camera would take it: 1.6 times as large, yellowish, soft and noisy, on gray cloth. */
export async function throughOtherCamera(path: string): Promise<Buffer> {
  const {frame} = await decodeImage(readFileSync(path));
  const random = new RandomStream('other camera', path.split('/').slice(-2).join('/'));
  const size = {width: Math.round(frame.width * SCALE), height: Math.round(frame.height * SCALE)};
  const whole = {left: 0, top: 0, ...size};
  const larger: Frame = {...size, data: resampleFrame(frame, size, whole, 'bilinear')};
  const colored = scaleLevels(larger, GAINS);
  const laid = replaceBackground(colored, grayCloth(random));
  return encodePng(addNoise(blur(laid, BLUR), NOISE, random));
}

/** A plain weave of gray threads in a random direction. */
function grayCloth(random: RandomStream) {
  const angle = Math.PI * random.uniform();
  const [cos, sin] = [1.6 * Math.cos(angle), 1.6 * Math.sin(angle)];
  return (x: number, y: number): readonly [number, number, number] => {
    const thread = 1 + 0.08 * (Math.sin(x * cos + y * sin) + Math.sin(y * cos - x * sin));
    return [GREY[0] * thread, GREY[1] * thread, GREY[2] * thread];
  };
}
