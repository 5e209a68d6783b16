/**
 * Augmentation: a prepared patch becomes a window that another grain, camera or light could have given. Everything
 * happens at the resolution of the patch, which is that of the source, and is shrunk once, as at prediction: a warped
 * window that was resampled twice would tell by its blur how far it was warped.
 */
import {PATCH_SCALE, type WindowSize} from '../../image/window/canvas.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import type {Random} from '../random.ts';
import {recolor, shade} from './color.ts';
import {addNoise, blurred} from './degrade.ts';
import {outlierInto} from './outliers/outlier.ts';
import {shrinkInto, warpInto} from './warp.ts';

/** Grains are shrunk no further than this to fit, even where a shift takes them out of the window. */
const LEAST_SCALE = 0.1;

export interface AugmentationOptions {
  /**
   * Share of images that are shown as they are, only mirrored, in the first epoch and in the last; in between it changes
   * evenly. What scale and color tell holds for these, so at the end, while the weights settle, most should be.
   */
  untouched: number;
  finallyUntouched: number;
  /** Shares of the others that are warped, recolored and degraded, each by a draw of its own. */
  warped: number;
  recolored: number;
  degraded: number;
  /** Largest turn either way, in degrees. The grain lies level already: this is what alignment may miss. */
  rotation: number;
  /** Scale varies between 1 / (1 + shrink) and 1 + scale. */
  scale: number;
  shrink: number;
  /** Largest shift in each direction, in window pixels. */
  shift: number;
  /** Brightness varies between 1 / (1 + brightness) and 1 + brightness. */
  brightness: number;
  /** Each channel's gain varies between 1 / (1 + color) and 1 + color. */
  color: number;
  /** The exponent of the tone curve varies between 1 / (1 + gamma) and 1 + gamma. */
  gamma: number;
  /** How much brighter, at most, one side is lit than the middle, half a window's width away. */
  gradient: number;
  /** Share of the recolored images that become grey. */
  grey: number;
  /** Largest standard deviation of the blur of a degraded image, in canvas pixels, and of its noise, in levels. */
  blur: number;
  noise: number;
  /** Share of all images that are made into outliers, which belong to no label. */
  outliers: number;
}

/** What holds in one of the epochs, counted from 0. */
export function augmentationIn(epoch: number, epochs: number, options: AugmentationOptions): AugmentationOptions {
  const {untouched, finallyUntouched} = options;
  const way = epochs > 1 ? epoch / (epochs - 1) : 0;
  return {...options, untouched: untouched + way * (finallyUntouched - untouched)};
}

/**
 * Writes the augmented window of a patch to `target` at `offset`: uint8 RGB, height * width * 3 bytes. Every image is
 * mirrored in each direction with probability one half: a grain lies level either way round.
 *
 * @returns false where it was made into an outlier, which has no label
 */
export function augmentInto(
  patch: GrainPatch,
  size: WindowSize,
  options: AugmentationOptions,
  random: Random,
  target: Uint8Array,
  offset: number,
): boolean {
  const window = target.subarray(offset, offset + size.width * size.height * 3);
  const mirror = {x: random.chance(0.5), y: random.chance(0.5)};
  const outlier = random.chance(options.outliers);
  const touched = !random.chance(options.untouched);
  const warped = touched && random.chance(options.warped);
  const recolored = touched && random.chance(options.recolored);
  const degraded = touched && random.chance(options.degraded);
  const largest = largestScale(patch, size, options.shift);
  const source = degraded ? blurred(patch, random.uniform(0, options.blur)) : patch;
  if (outlier) {
    outlierInto(source, size, warped ? Math.min(largest, drawScale(options, random)) : 1, random, window);
  } else if (warped) {
    warpInto(source, size, drawWarp(options, mirror, random, largest), window);
  } else {
    shrinkInto(source, size, mirror, window);
  }
  if (recolored) {
    shade(window, size.width, random.uniform(0, options.gradient), random.uniform(0, 2 * Math.PI));
    const brightness = drawFactor(random, options.brightness);
    const gains = [0, 1, 2].map(() => brightness * drawFactor(random, options.color));
    recolor(window, {gains, gamma: drawFactor(random, options.gamma), grey: random.chance(options.grey) && !outlier});
  }
  if (degraded) addNoise(window, random.uniform(0, options.noise), random);
  return !outlier;
}

/**
 * The largest scale at which no part of a patch leaves the canvas, wherever it is shifted: no grain is cut off, as none is
 * where one is cut out of a picture.
 */
function largestScale(patch: GrainPatch, size: WindowSize, shift: number): number {
  const reach = (start: number, length: number, middle: number) => Math.max(middle - start, start + length - middle);
  // The middle of the canvas is as far from its sides as the window is wide and high.
  const along = (size.width - PATCH_SCALE * shift) / reach(patch.x, patch.width, size.width);
  const across = (size.height - PATCH_SCALE * shift) / reach(patch.y, patch.height, size.height);
  return Math.max(LEAST_SCALE, Math.min(along, across));
}

function drawWarp(options: AugmentationOptions, mirror: {x: boolean; y: boolean}, random: Random, largest: number) {
  const {rotation, shift} = options;
  return {
    mirror,
    angle: (random.uniform(-rotation, rotation) * Math.PI) / 180,
    scale: Math.min(largest, drawScale(options, random)),
    shiftX: random.uniform(-shift, shift) * PATCH_SCALE,
    shiftY: random.uniform(-shift, shift) * PATCH_SCALE,
  };
}

/** Each ratio as likely as any other. */
function drawScale({scale, shrink}: AugmentationOptions, random: Random): number {
  return Math.exp(random.uniform(-Math.log(1 + shrink), Math.log(1 + scale)));
}

/** A factor between 1 / (1 + spread) and 1 + spread, as likely to shrink as to enlarge. */
function drawFactor(random: Random, spread: number): number {
  return (1 + spread) ** random.uniform(-1, 1);
}
