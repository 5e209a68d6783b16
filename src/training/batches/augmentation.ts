/**
 * Augmentation: turns a prepared patch into a window that another grain, camera or light could have given. Everything
 * happens at the resolution of the patch, which is that of the source, and is shrunk once, as in prediction: resampling
 * twice would blur a warped window and so reveal how far it was warped.
 */
import {PATCH_SCALE, type WindowSize} from '../../image/window/canvas.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import type {Random} from '../random.ts';
import {addHighlight, recolor, shade} from './color.ts';
import {addNoise, blurred, coarsened, moved} from './degrade.ts';
import {outlierInto} from './outliers/outlier.ts';
import {axisAfterTilt, shrinkInto, type Tilt, type Warp, warpInto} from './warp.ts';

/** Grains are not shrunk further than this to fit, even if a shift moves them out of the window. */
const MIN_SCALE = 0.1;
/** The share of the warped images that are tilted. */
const TILTED = 0.5;

export interface AugmentationOptions {
  /**
   * Share of images that are only mirrored, in the first and in the last epoch, with linear interpolation in between.
   * Scale and color are informative only for these, so most images should be untouched at the end, when the weights
   * converge.
   */
  untouched: number;
  finallyUntouched: number;
  /** Shares of the other images that are warped, recolored and degraded, drawn independently. */
  warped: number;
  recolored: number;
  degraded: number;
  /** Largest rotation in either direction, in degrees. The grain is aligned already; this is the possible error. */
  rotation: number;
  /** Scale varies between 1 / (1 + shrink) and 1 + scale. */
  scale: number;
  shrink: number;
  /** Largest shift in each direction, in window pixels. */
  shift: number;
  /** The length of a warped grain varies between 1 / (1 + stretch) and 1 + stretch, its width not: no variety is the same everywhere. */
  stretch: number;
  /** Largest angle in degrees by which a warped grain is seen obliquely, from any side. */
  tilt: number;
  /** Brightness varies between 1 / (1 + brightness) and 1 + brightness. */
  brightness: number;
  /** Each channel's gain varies between 1 / (1 + color) and 1 + color. */
  color: number;
  /** The exponent of the tone curve varies between 1 / (1 + gamma) and 1 + gamma. */
  gamma: number;
  /** Largest relative increase in light from the middle to half a window's width away. */
  gradient: number;
  /** Share of the recolored images that become gray. */
  grey: number;
  /** Share of the recolored images that get a bright spot. */
  highlights: number;
  /** Largest standard deviation of a degraded image's blur, in canvas pixels, and of its noise, in levels. */
  blur: number;
  noise: number;
  /** Largest way in canvas pixels that a degraded image moved during the exposure, and its largest loss of resolution. */
  motion: number;
  coarseness: number;
  /** Share of all images that are turned into outliers, which belong to no label. */
  outliers: number;
}

/** The options for one epoch, counted from 0. */
export function augmentationIn(epoch: number, epochs: number, options: AugmentationOptions): AugmentationOptions {
  const {untouched, finallyUntouched} = options;
  const progress = epochs > 1 ? Math.min(1, epoch / (epochs - 1)) : 0;
  return {...options, untouched: untouched + progress * (finallyUntouched - untouched)};
}

/**
 * Writes the augmented window of a patch to `target` at `offset`: uint8 RGB, height * width * 3 bytes. Every image is
 * mirrored in each direction with probability 0.5, because alignment does not fix the grain's orientation.
 *
 * @returns false if it was turned into an outlier, which has no label
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
  const source = degraded ? degradedPatch(patch, options, random) : patch;
  if (outlier) {
    outlierInto(source, size, warped ? Math.min(largest, drawScale(options, random)) : 1, random, window);
  } else if (warped) {
    warpInto(source, size, drawWarp(source, options, mirror, random, largest), window);
  } else {
    shrinkInto(source, size, mirror, window);
  }
  if (recolored) {
    shade(window, size.width, random.uniform(0, options.gradient), random.uniform(0, 2 * Math.PI));
    const brightness = drawFactor(random, options.brightness);
    const gains = [0, 1, 2].map(() => brightness * drawFactor(random, options.color));
    recolor(window, {gains, gamma: drawFactor(random, options.gamma), grey: random.chance(options.grey) && !outlier});
    if (random.chance(options.highlights)) addHighlight(window, size.width, drawHighlight(patch, size, random));
  }
  if (degraded) addNoise(window, random.uniform(0, options.noise), random);
  return !outlier;
}

/**
 * The largest scale at which no part of a patch leaves the canvas at any shift: as in prediction, no grain may be cut off.
 */
function largestScale(patch: GrainPatch, size: WindowSize, shift: number): number {
  const reach = (start: number, length: number, middle: number) => Math.max(middle - start, start + length - middle);
  // Half the canvas is as wide and high as the window.
  const along = (size.width - PATCH_SCALE * shift) / reach(patch.x, patch.width, size.width);
  const across = (size.height - PATCH_SCALE * shift) / reach(patch.y, patch.height, size.height);
  return Math.max(MIN_SCALE, Math.min(along, across));
}

function drawWarp(
  patch: GrainPatch,
  options: AugmentationOptions,
  mirror: {x: boolean; y: boolean},
  random: Random,
  largest: number,
): Warp {
  const {rotation, shift} = options;
  const tilt = random.chance(TILTED) ? drawTilt(options, random) : undefined;
  const stretch = drawFactor(random, options.stretch);
  const level = tilt ? axisAfterTilt(tilt, stretch * patch.width, patch.height) : 0;
  return {
    mirror,
    angle: (random.uniform(-rotation, rotation) * Math.PI) / 180 - level,
    scale: Math.min(largest / Math.max(1, stretch), drawScale(options, random)),
    stretch,
    ...(tilt ? {tilt} : {}),
    shiftX: random.uniform(-shift, shift) * PATCH_SCALE,
    shiftY: random.uniform(-shift, shift) * PATCH_SCALE,
  };
}

/** The angle is uniform, so that its cosine is mostly near 1. */
function drawTilt({tilt}: AugmentationOptions, random: Random): Tilt {
  const angle = (random.uniform(0, tilt) * Math.PI) / 180;
  return {shortening: Math.cos(angle), direction: random.uniform(0, Math.PI)};
}

/** Blurred by a lens, by motion, or by a sensor with few pixels. */
function degradedPatch(patch: GrainPatch, {blur, motion, coarseness}: AugmentationOptions, random: Random): GrainPatch {
  const kind = random.below(3);
  if (kind === 0) return blurred(patch, random.uniform(0, blur));
  if (kind === 1) return moved(patch, random.uniform(0, motion), random.uniform(0, Math.PI));
  return coarsened(patch, Math.exp(random.uniform(0, Math.log(Math.max(1, coarseness)))));
}

/** A spot on the grain, by its place in the patch. */
function drawHighlight(patch: GrainPatch, size: WindowSize, random: Random) {
  return {
    x: size.width / 2 + (random.uniform(-0.4, 0.4) * patch.width) / PATCH_SCALE,
    y: size.height / 2 + (random.uniform(-0.4, 0.4) * patch.height) / PATCH_SCALE,
    radius: random.uniform(1.5, 8),
    strength: random.uniform(0.4, 1),
  };
}

/** Log-uniform: each ratio is equally likely. */
function drawScale({scale, shrink}: AugmentationOptions, random: Random): number {
  return Math.exp(random.uniform(-Math.log(1 + shrink), Math.log(1 + scale)));
}

/** A log-uniform factor between 1 / (1 + spread) and 1 + spread. */
function drawFactor(random: Random, spread: number): number {
  return (1 + spread) ** random.uniform(-1, 1);
}
