import {momentsOf} from '../../moments.ts';
import {reachesBorder, type SolidShape} from '../../shape.ts';
import {cellsOf, hasCell, type Mask, maskOfShape} from '../cell-mask.ts';
import type {Deviation} from '../deviation.ts';
import {edgeRegion} from './edge-region.ts';
import {type Look, lookAt, type Traced, traceOutline} from './trace-outline.ts';

/** An outline whose edges are less sharp may be of a part of a grain, which is as bright as its ground elsewhere. */
const SURE = 0.75;
/** Edges of a grain that nothing else shows are at least so sharp. */
const MIN_EDGE = 0.45;
/** How many times larger than a part the whole is, and which share of the part lies within it. */
const MIN_GROWTH = 1.15;
const MIN_WITHIN = 0.8;
/** How much less sharp the edges of the whole may be than those of a part. */
const TOLERANCE = 0.05;
/** Cells that an outline stays away from the frame's border. */
const FROM_BORDER = 2;

/**
 * The outline of a grain by its edges, where these are sharper than those of the shape that was found by color: without a
 * soft shadow, and with what is as bright as the ground.
 *
 * @param found undefined: nothing was found by color
 * @returns undefined: what was found is as good
 */
export function outlineByEdges(
  deviation: Deviation,
  found: SolidShape | undefined,
  margin: number,
): SolidShape | undefined {
  const look = lookAt(deviation, margin);
  if (!found) return whole(look, MIN_EDGE)?.shape;
  const {before, traced} = traceOutline(look, found);
  const own = traced && !reachesBorder(traced.shape, deviation, margin, FROM_BORDER) ? traced : undefined;
  const edge = own?.edge ?? before;
  if (edge >= SURE) return own?.shape;
  const all = whole(look, Math.max(MIN_EDGE, edge - TOLERANCE));
  return (all && isMore(deviation, all.shape, own?.shape ?? found) ? all : own)?.shape;
}

/** What edges surround, if they are as sharp as that. */
function whole(look: Look, least: number): Traced | undefined {
  const region = edgeRegion(look);
  if (!region) return undefined;
  const {before, traced} = traceOutline(look, region);
  const found = traced ?? {shape: region, edge: before};
  if (found.edge < least || reachesBorder(found.shape, look.deviation, look.margin, FROM_BORDER)) return undefined;
  return found;
}

function isMore(deviation: Deviation, all: SolidShape, part: SolidShape): boolean {
  if (momentsOf(all).area < MIN_GROWTH * momentsOf(part).area) return false;
  const mask: Mask = maskOfShape(all, deviation);
  const cells = cellsOf(maskOfShape(part, deviation));
  let within = 0;
  for (const cell of cells) {
    const x = cell % deviation.width;
    if (hasCell(mask, x, (cell - x) / deviation.width)) within++;
  }
  return within >= MIN_WITHIN * cells.length;
}
