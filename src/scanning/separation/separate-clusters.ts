import type {Frame} from '../../image/frame.ts';
import type {Foreground} from '../foreground/find-foreground.ts';
import type {ShapedRegion} from '../foreground/region-shape.ts';
import type {SortedRegions} from '../foreground/sort-regions.ts';
import type {LabeledGrain} from '../outlines/part.ts';
import {resizeMask, resizePart} from './resize-part.ts';

/** A part of a picture in which grains touch, at the scale of the network. */
export interface Cluster {
  width: number;
  height: number;
  /** 1 for what is not ground. */
  mask: Uint8Array;
  colors: Frame;
}

/** Splits clusters: for each a map of labels, 0 for the ground, 1 to n for its grains. */
export interface ClusterSeparator {
  separate(clusters: Cluster[]): Promise<Int32Array[]>;
}

/** A grain that was separated from others. */
export interface SeparatedGrain extends LabeledGrain {
  border: boolean;
  /** Whether its region was split at all. */
  touching: boolean;
}

/** How long a typical grain is for the network, in pixels. */
const NETWORK_LENGTH = 40;
/** Cells of ground around a cluster that the network sees. */
const MARGIN = 6;
/** A piece with a smaller share of a typical grain's area is joined to its neighbor. */
const LEAST_PIECE = 0.09;

/**
 * Splits regions in which grains touch; the foreground's labels are changed so that each grain has its own.
 *
 * @returns the grains of all clusters
 */
export async function separateClusters(
  separator: ClusterSeparator,
  foreground: Foreground,
  {clusters, typical}: SortedRegions,
): Promise<SeparatedGrain[]> {
  const scale = Math.max(0.2, typical.length / NETWORK_LENGTH);
  const parts = clusters.map((region) => partOf(foreground, region, scale));
  const answers = await separator.separate(parts.map(({cluster}) => cluster));
  const grains: SeparatedGrain[] = [];
  let next = foreground.regions.length + 1;
  clusters.forEach((region, i) => {
    const split = assign(foreground, region, parts[i], answers[i], scale, next, LEAST_PIECE * typical.area);
    next += split.length;
    grains.push(...split.map((grain) => ({...grain, touching: split.length > 1})));
  });
  return grains;
}

interface Part {
  cluster: Cluster;
  left: number;
  top: number;
}

function partOf({cells, labels, width, height}: Foreground, region: ShapedRegion, scale: number): Part {
  const left = Math.max(0, region.left - MARGIN);
  const top = Math.max(0, region.top - MARGIN);
  const box = {
    left,
    top,
    width: Math.min(width, region.right + MARGIN) - left,
    height: Math.min(height, region.bottom + MARGIN) - top,
  };
  const size = {width: Math.max(1, Math.round(box.width / scale)), height: Math.max(1, Math.round(box.height / scale))};
  const own = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++)
      own[y * box.width + x] = labels[(top + y) * width + left + x] === region.label ? 1 : 0;
  return {
    cluster: {...size, mask: resizeMask(own, box, size), colors: resizePart(cells, box, size)},
    left,
    top,
  };
}

/** Gives each cell of a region the label of its piece, and joins pieces that are too small to be grains. */
function assign(
  {labels, width, height}: Foreground,
  region: ShapedRegion,
  {cluster, left, top}: Part,
  answer: Int32Array,
  scale: number,
  first: number,
  leastArea: number,
): Omit<SeparatedGrain, 'touching'>[] {
  const columns = region.right - region.left;
  const rows = region.bottom - region.top;
  const pieces = new Int32Array(columns * rows);
  const unknown: number[] = [];
  let count = 0;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      if (labels[(region.top + y) * width + region.left + x] !== region.label) continue;
      const u = Math.min(cluster.width - 1, Math.floor((region.left + x + 0.5 - left) / scale));
      const v = Math.min(cluster.height - 1, Math.floor((region.top + y + 0.5 - top) / scale));
      const piece = answer[v * cluster.width + u];
      pieces[y * columns + x] = piece === 0 ? -1 : piece;
      if (piece === 0) unknown.push(y * columns + x);
      count = Math.max(count, piece);
    }
  const areas = new Float64Array(count + 1);
  for (const piece of pieces) if (piece > 0) areas[piece]++;
  for (let i = 0; i < pieces.length; i++)
    if (pieces[i] > 0 && areas[pieces[i]] < leastArea) {
      pieces[i] = -1;
      unknown.push(i);
    }
  spreadInto(pieces, unknown, columns, rows);
  const numbers = new Int32Array(count + 1);
  const grains: Omit<SeparatedGrain, 'touching'>[] = [];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const i = y * columns + x;
      if (pieces[i] === 0) continue;
      // Where the network saw no grain at all, the region stays whole.
      const piece = Math.max(0, pieces[i]);
      const [cellX, cellY] = [region.left + x, region.top + y];
      if (numbers[piece] === 0) {
        numbers[piece] = grains.length + 1;
        grains.push({
          label: first + grains.length,
          left: cellX,
          top: cellY,
          right: cellX + 1,
          bottom: cellY + 1,
          border: false,
        });
      }
      const grain = grains[numbers[piece] - 1];
      labels[cellY * width + cellX] = grain.label;
      grain.left = Math.min(grain.left, cellX);
      grain.right = Math.max(grain.right, cellX + 1);
      grain.bottom = Math.max(grain.bottom, cellY + 1);
      if (cellX === 0 || cellY === 0 || cellX === width - 1 || cellY === height - 1) grain.border = true;
    }
  return grains;
}

/** Gives cells of unknown piece (-1) that of the nearest known one, through the region. */
function spreadInto(pieces: Int32Array, unknown: readonly number[], columns: number, rows: number): void {
  let open = [...unknown];
  while (open.length > 0) {
    const found: [number, number][] = [];
    const rest: number[] = [];
    for (const i of open) {
      const x = i % columns;
      const y = (i - x) / columns;
      const [left, right] = [x > 0 ? 1 : 0, x + 1 < columns ? 1 : 0];
      const [above, below] = [y > 0 ? columns : 0, y + 1 < rows ? columns : 0];
      // Sides first, then corners: regions hang together by these, too, and what is not reached would count as a grain.
      const piece =
        [
          i - left,
          i + right,
          i - above,
          i + below,
          i - above - left,
          i - above + right,
          i + below - left,
          i + below + right,
        ]
          .map((beside) => pieces[beside])
          .find((other) => other > 0) ?? 0;
      if (piece > 0) found.push([i, piece]);
      else rest.push(i);
    }
    if (found.length === 0) return;
    for (const [i, piece] of found) pieces[i] = piece;
    open = rest;
  }
}
