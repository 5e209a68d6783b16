/**
 * Augmentation: a prepared patch becomes a window that another grain, camera or light could have given. Everything
 * happens at the resolution of the patch, which is that of the source, and is shrunk once, as at prediction: a warped
 * window that was resampled twice would tell by its blur how far it was warped.
 */
import {PATCH_SCALE, type WindowSize} from '../../image/canvas.ts';
import type {GrainPatch} from '../../image/patch.ts';
import type {Random} from '../random.ts';
import {recolour} from './colour.ts';
import {shrinkInto, warpInto} from './warp.ts';

export interface AugmentationOptions {
  /** Share of images that are warped, and share that are recoloured; the others keep scale or colour as they are. */
  warped: number;
  recoloured: number;
  /** Largest turn either way, in degrees. The grain lies level already: this is what alignment may miss. */
  rotation: number;
  /** Scale varies between 1 / (1 + scale) and 1 + scale. */
  scale: number;
  /** Largest shift in each direction, in window pixels. */
  shift: number;
  /** Brightness varies between 1 / (1 + brightness) and 1 + brightness. */
  brightness: number;
  /** Each channel's gain varies between 1 / (1 + colour) and 1 + colour. */
  colour: number;
  /** Share of the recoloured images that become grey. */
  grey: number;
  /** So many last epochs see the images as they are, only mirrored: the network settles on what it will be shown. */
  plainEpochs: number;
}

/** What holds in one of the epochs, counted from 0. */
export function augmentationIn(epoch: number, epochs: number, options: AugmentationOptions): AugmentationOptions {
  return epoch < epochs - options.plainEpochs ? options : {...options, warped: 0, recoloured: 0};
}

/**
 * Writes the augmented window of a patch to `target` at `offset`: uint8 RGB, height * width * 3 bytes. Every image is
 * mirrored in each direction with probability one half: a grain lies level either way round.
 */
export function augmentInto(
  patch: GrainPatch,
  size: WindowSize,
  options: AugmentationOptions,
  random: Random,
  target: Uint8Array,
  offset: number,
): void {
  const window = target.subarray(offset, offset + size.width * size.height * 3);
  const mirror = {x: random.chance(0.5), y: random.chance(0.5)};
  if (random.chance(options.warped)) {
    warpInto(patch, size, drawWarp(options, mirror, random), window);
  } else {
    shrinkInto(patch, size, mirror, window);
  }
  if (random.chance(options.recoloured)) {
    const brightness = drawFactor(random, options.brightness);
    const gains = [0, 1, 2].map(() => brightness * drawFactor(random, options.colour));
    recolour(window, gains, random.chance(options.grey));
  }
}

function drawWarp({rotation, scale, shift}: AugmentationOptions, mirror: {x: boolean; y: boolean}, random: Random) {
  return {
    mirror,
    angle: (random.uniform(-rotation, rotation) * Math.PI) / 180,
    scale: drawFactor(random, scale),
    shiftX: random.uniform(-shift, shift) * PATCH_SCALE,
    shiftY: random.uniform(-shift, shift) * PATCH_SCALE,
  };
}

/** A factor between 1 / (1 + spread) and 1 + spread, as likely to shrink as to enlarge. */
function drawFactor(random: Random, spread: number): number {
  return (1 + spread) ** random.uniform(-1, 1);
}
