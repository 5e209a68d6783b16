import type {Frame} from '../frame.ts';
import type {FoundGrain} from '../grain/find-grain.ts';
import {LAYOUT, openKernels} from '../kernels/kernels.ts';
import {halve} from '../resize/reduce.ts';
import {PATCH_SCALE, type WindowSize} from './canvas.ts';
import {type Extent, extentOf} from './extent.ts';
import {placeOnBlack} from './on-black.ts';
import {type Sampling, sampleGrain} from './sample.ts';

/** Above this many frame pixels per canvas pixel, one sample per pixel would alias. */
const SUPERSAMPLE_FROM = 1.5;

/**
 * The part of the canvas that the grain covers; the rest is black. The grain is centered, its long axis horizontal.
 * Position and size are even, so that the window is exactly the average of 2 x 2 pixels. RGB interleaved, row-major.
 */
export interface GrainPatch {
  x: number;
  y: number;
  width: number;
  height: number;
  data: Uint8Array;
}

/**
 * Samples a grain onto the canvas with bilinear interpolation: centroid in the middle, long axis horizontal, everything but
 * the grain and its soft edge black. The patch's bytes are valid until the next frame.
 *
 * @param step frame pixels per canvas pixel
 */
export function cutPatch(
  frame: Frame,
  grain: FoundGrain,
  size: WindowSize,
  step: number,
  kernels = openKernels(),
): GrainPatch {
  const region = evenRegion(grain, size, step);
  const scale = step > SUPERSAMPLE_FROM ? 2 : 1;
  const width = (region.right - region.left) * scale;
  const height = (region.bottom - region.top) * scale;
  const fine = step / scale;
  const along = (region.left - size.width) * step + fine / 2;
  const across = (region.top - size.height) * step + fine / 2;
  const sampling: Sampling = {
    width,
    height,
    x: grain.x + along * grain.cos - across * grain.sin,
    y: grain.y + along * grain.sin + across * grain.cos,
    stepX: fine * grain.cos,
    stepY: fine * grain.sin,
  };
  const frameAt = grain.onBlack ? LAYOUT.frame : placeOnBlack(frame, grain.mask, kernels);
  const data = sampleGrain(frameAt, frame, grain.mask, sampling, kernels);
  const canvas = scale === 2 ? halve({width, height, data}) : {width, height, data};
  return {x: region.left, y: region.top, width: canvas.width, height: canvas.height, data: canvas.data};
}

/**
 * Makes room for the canvas of a window before a picture is decoded: the kernels' memory moves when it grows, and decoded pixels
 * may lie in it.
 */
export function reserveCanvas({width, height}: WindowSize, kernels = openKernels()): void {
  // Supersampled, with the starts of its rows.
  const samples = 2 * PATCH_SCALE;
  kernels.reserve(LAYOUT.canvas, samples * height * (samples * width * 3 + 8) + 1024);
}

/** The part of the canvas that the mask covers, with even bounds. */
function evenRegion(grain: FoundGrain, size: WindowSize, step: number): Extent {
  const {left, top, right, bottom} = extentOf(grain);
  const {width, height} = size;
  const down = (value: number) => Math.max(0, 2 * Math.floor(value / 2));
  const up = (value: number, end: number) => Math.min(end, 2 * Math.ceil(value / 2));
  return {
    left: down(width + left / step),
    top: down(height + top / step),
    right: up(width + right / step, width * PATCH_SCALE),
    bottom: up(height + bottom / step, height * PATCH_SCALE),
  };
}
