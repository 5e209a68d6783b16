import {connectRuns} from '../../components.ts';
import {hullOf} from '../../hull.ts';
import {momentsOf} from '../../moments.ts';
import {type SolidShape, solidShape} from '../../shape.ts';
import {emptyMask, type Mask, runsOf, setCell} from '../cell-mask.ts';
import {close} from '../morphology.ts';
import {candidatesOf} from '../regions.ts';
import {sharpStep} from './color-axes.ts';
import {FAR, NEAR} from './evidence.ts';
import {fillPolygon} from './fill-polygon.ts';
import type {Look} from './trace-outline.ts';

/** A step of so many standard deviations of the texture is an edge. */
const EDGE = 4.5;
/** Radius in cells of the closing that joins an outline's pieces. */
const JOIN = 2;
/** Fewer cells are no outline. */
const MIN_CELLS = 30;

/**
 * The convex hull of the edges that surround most: of a grain that is as bright as its ground, and of the same hue, nothing
 * else can be seen.
 */
export function edgeRegion(look: Look): SolidShape | undefined {
  const {deviation, margin} = look;
  const edges = close(edgesOf(look), JOIN);
  const runs = runsOf(edges);
  if (runs.length === 0) return undefined;
  const {roots: valid, areas} = connectRuns(runs);
  const roots = valid.slice();
  let best: SolidShape | undefined;
  let most = 0;
  for (const largest of candidatesOf(edges, runs, roots, MIN_CELLS)) {
    const {x, y, spans} = solidShape(runs, {roots, areas, largest}, 0);
    const {left, right} = hullOf(spans);
    // A corner of cells is half a cell from their centers.
    const corners = [...pairs(left), ...pairs(right).reverse()].map(([a, b]) => [x + a - 0.5, y + b - 0.5]);
    const filled = runsOf(fillPolygon(columnOf(corners, 0), columnOf(corners, 1), deviation.width, deviation.height));
    if (filled.length === 0) continue;
    const shape = solidShape(filled, connectRuns(filled), margin);
    const {area} = momentsOf(shape);
    if (area <= most) continue;
    most = area;
    best = shape;
  }
  return best;
}

/** Cells where color changes sharply to the right or downwards. */
function edgesOf({deviation: {raw, width, height}, axes, noise}: Look): Mask {
  const mask = emptyMask(width, height);
  for (let y = FAR; y < height - FAR; y++)
    for (let x = FAR; x < width - FAR; x++) {
      const i = (y * width + x) * 3;
      if (squareAt(raw, i, 3, axes, noise) >= EDGE * EDGE || squareAt(raw, i, 3 * width, axes, noise) >= EDGE * EDGE)
        setCell(mask, x, y);
    }
  return mask;
}

/** Square of the step in standard deviations. @param stride from a cell to the next one in the direction of the step */
function squareAt(raw: Float32Array, i: number, stride: number, axes: Float64Array, noise: Float64Array): number {
  const red = sharpStep(raw, i, NEAR * stride, FAR * stride);
  const green = sharpStep(raw, i + 1, NEAR * stride, FAR * stride);
  const blue = sharpStep(raw, i + 2, NEAR * stride, FAR * stride);
  const light = (axes[0] * red + axes[1] * green + axes[2] * blue) / noise[0];
  const second = (axes[3] * red + axes[4] * green + axes[5] * blue) / noise[1];
  const third = (axes[6] * red + axes[7] * green + axes[8] * blue) / noise[2];
  return light * light + second * second + third * third;
}

function pairs(values: readonly number[]): [number, number][] {
  return Array.from({length: values.length / 2}, (_, i) => [values[2 * i], values[2 * i + 1]]);
}

function columnOf(corners: readonly number[][], column: number): Float64Array {
  return Float64Array.from(corners, (corner) => corner[column]);
}
