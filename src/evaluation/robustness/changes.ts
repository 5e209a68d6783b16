import {replaceBackground} from './background.ts';
import {blur} from './blur.ts';
import type {Color} from './canvas.ts';
import {type Change, pixelOf} from './change.ts';
import {greyScale, scaleLevels} from './color.ts';
import {castShadow, unevenLight} from './light.ts';
import {addNoise} from './noise.ts';
import {recompress} from './recompress.ts';
import {rotateScene} from './rotate.ts';
import {scaleScene, shiftScene} from './scene.ts';
import {clothTexture, woodTexture} from './textures.ts';

const brightness = (gain: number): Change => ({
  name: `brightness-${gain}`,
  title: `brightness ${gain}`,
  apply: (frame) => scaleLevels(frame, [gain, gain, gain]),
});

const scale = (factor: number): Change => ({
  name: `scale-${factor}`,
  title: `scale ${factor}`,
  apply: (frame) => scaleScene(frame, factor),
});

const background = (name: string, color: Color): Change => ({
  name: `background-${name.replaceAll(' ', '-')}`,
  title: `background ${name}`,
  apply: (frame) => replaceBackground(frame, () => color),
});

/** The changes that `rice evaluate --robustness` measures, in this order. */
export const CHANGES: readonly Change[] = [
  {name: 'none', title: 'none', apply: (frame) => frame},
  {name: 'grey', title: 'grey-scale', apply: greyScale},
  scale(0.75),
  scale(1.33),
  {
    name: 'rotation',
    title: 'rotation by any angle',
    apply: (frame, random) => rotateScene(frame, 2 * Math.PI * random.uniform()),
  },
  {name: 'shift', title: 'shift by 20 px of 250', apply: (frame, random) => shiftScene(frame, 20, random)},
  brightness(0.7),
  brightness(1.3),
  {name: 'warm', title: 'white balance warm', apply: (frame) => scaleLevels(frame, [1.1, 1, 0.9])},
  {name: 'cool', title: 'white balance cool', apply: (frame) => scaleLevels(frame, [0.9, 1, 1.1])},
  {name: 'noise', title: 'noise, sigma 10 of 255', apply: (frame, random) => addNoise(frame, 10, random)},
  {name: 'jpeg-30', title: 'JPEG quality 30', apply: (frame) => recompress(frame, 30)},
  {name: 'blur', title: 'blur, sigma 1.5 px of 250', apply: (frame) => blur(frame, 1.5 * pixelOf(frame))},
  background('dark grey', [64, 64, 64]),
  background('grey', [128, 128, 128]),
  background('white', [255, 255, 255]),
  background('blue', [50, 90, 170]),
  {
    name: 'background-wood',
    title: 'background wood',
    apply: (frame, random) => replaceBackground(frame, woodTexture(frame, random)),
  },
  {
    name: 'background-cloth',
    title: 'background cloth',
    apply: (frame, random) => replaceBackground(frame, clothTexture(frame, random)),
  },
  {name: 'uneven-light', title: 'light from one side, on grey', apply: unevenLight},
  {name: 'shadow', title: 'shadow beside it, on grey', apply: castShadow},
];
