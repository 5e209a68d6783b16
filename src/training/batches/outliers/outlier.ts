/**
 * Outliers for training: objects that are not grains of any variety, made from grains. The network learns to be unsure
 * about them (outlier exposure: Hendrycks, Mazeika and Dietterich 2019, arXiv:1812.04606). They are made from the training
 * images, so that only their unusual shape, surface or color distinguishes them from rice, and each change is so large
 * that the result looks like no variety.
 */
import type {WindowSize} from '../../../image/window/canvas.ts';
import type {GrainPatch} from '../../../image/window/patch.ts';
import type {Random} from '../../random.ts';
import {angular, bumpy} from './cut-outs.ts';
import {bent, broken, stretched, stuck, tapered} from './deformations.ts';
import {paint} from './paint.ts';
import {type Extent, type Shape, UNCHANGED} from './shape.ts';
import {blotched, creased, drawTint, PLAIN, type Surface, striped, tinted} from './surfaces.ts';

/** Broken grains are the ones that people have most. */
const SHAPES = [broken, broken, tapered, bent, stretched, bumpy, angular, stuck];
/** Stronger than the texture of any rice. */
const TEXTURES = [striped, creased, blotched];

/**
 * Writes an outlier made from a patch to `window`: uint8 RGB, height * width * 3 bytes.
 *
 * @param scale enlargement
 */
export function outlierInto(
  patch: GrainPatch,
  size: WindowSize,
  scale: number,
  random: Random,
  window: Uint8Array,
): void {
  const half = {x: patch.width / 2, y: patch.height / 2};
  const shaped = random.chance(0.75);
  const colored = random.chance(shaped ? 0.15 : 0.5);
  const textured = random.chance(shaped || colored ? 0.2 : 1);
  const shape = shaped ? drawShape(half, size, random) : UNCHANGED;
  const texture = textured ? drawTexture(half, random) : PLAIN;
  const surface = colored ? tinted(texture, drawTint(random)) : texture;
  paint(patch, size, shape, scale, surface, window);
}

function drawShape(half: Extent, size: WindowSize, random: Random): Shape {
  return SHAPES[random.below(SHAPES.length)](half, size, random);
}

function drawTexture(half: Extent, random: Random): Surface {
  return TEXTURES[random.below(TEXTURES.length)](half, random);
}
