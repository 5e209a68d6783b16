import type {Frame} from '../../image/frame.ts';
import {replaceBackground} from './background.ts';
import {blurChannels} from './blur.ts';
import type {Color} from './canvas.ts';
import {pixelOf} from './change.ts';
import {grainMask} from './grain-mask.ts';
import type {RandomStream} from './random-stream.ts';

const TABLE: Color = [150, 150, 150];
/** The light on the far side of the frame, relative to the near side. */
const FAR_LIGHT = 0.55;
/** Offset of a shadow in reference pixels, the share of light that it takes, and the range of its edge blur (sigma). */
const SHADOW_OFFSET = 14;
const SHADOW_DEPTH = 0.5;
const SHADOW_SIGMAS = [1, 6] as const;

/** The grain on a grey table under light from a random side. */
export function unevenLight(frame: Frame, random: RandomStream): Frame {
  const angle = 2 * Math.PI * random.uniform();
  const {width, height, data} = replaceBackground(frame, () => TABLE);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = (Math.abs(cos) * width + Math.abs(sin) * height) / 2;
  const lit = new Uint8ClampedArray(data.length);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const along = ((x + 0.5 - width / 2) * cos + (y + 0.5 - height / 2) * sin) / reach;
      const light = FAR_LIGHT + ((1 - FAR_LIGHT) * (1 + along)) / 2;
      for (let c = 0; c < 3; c++, i++) lit[i] = data[i] * light;
    }
  return {width, height, data: new Uint8Array(lit.buffer)};
}

/** The grain on a grey table beside its shadow, in a random direction. */
export function castShadow(frame: Frame, random: RandomStream): Frame {
  const {width, height} = frame;
  const pixel = pixelOf(frame);
  const angle = 2 * Math.PI * random.uniform();
  const sigma = SHADOW_SIGMAS[0] + (SHADOW_SIGMAS[1] - SHADOW_SIGMAS[0]) * random.uniform();
  const shade = blurChannels(grainMask(frame), width, height, 1, sigma * pixel);
  const dx = Math.round(SHADOW_OFFSET * pixel * Math.cos(angle));
  const dy = Math.round(SHADOW_OFFSET * pixel * Math.sin(angle));
  return replaceBackground(frame, (x, y) => {
    const [fromX, fromY] = [x - dx, y - dy];
    const within = fromX >= 0 && fromY >= 0 && fromX < width && fromY < height;
    const light = within ? 1 - SHADOW_DEPTH * shade[fromY * width + fromX] : 1;
    return [TABLE[0] * light, TABLE[1] * light, TABLE[2] * light];
  });
}
