import type {ObjectKind} from '../types.ts';
import type {ShapedRegion} from './region-shape.ts';

/** A typical single grain of the picture, in cells. */
export interface TypicalGrain {
  area: number;
  length: number;
  width: number;
  halfWidth: number;
  contrast: number;
  /** Mean red, green and blue less the ground's. */
  tint: readonly [number, number, number];
}

/** The regions by what they are. */
export interface SortedRegions {
  typical: TypicalGrain;
  /** One grain each. */
  singles: ShapedRegion[];
  /** Probably several grains that touch. */
  clusters: ShapedRegion[];
  objects: {kind: ObjectKind; region: ShapedRegion}[];
}

/** A single grain is convex but for its tip. */
const SINGLE_SOLIDITY = 0.9;
const SURELY_SINGLE_SOLIDITY = 0.945;
/** One with a notch or a rough outline is less so, but no larger than others. */
const NOTCHED_SOLIDITY = 0.84;
const NOTCHED_AREA = 1.2;
const NOTCHED_WIDTH = 1.3;
/** A grain of another variety may be this much larger than the typical one. */
const SINGLE_AREA = 1.45;
const SURELY_SINGLE_AREA = 2.4;
/** Only what is wider than this many typical grains is no grain. */
const OBJECT_WIDTH = 2.3;
/** Heaps of grains are ragged, things are convex. */
const OBJECT_SOLIDITY = 0.9;
/** Least cosine of the angle between the tints of grains, and least share of their strengths. */
const SAME_TINT = 0.85;
const SAME_STRENGTH = 0.6;
/** Largest length / width of a stone, and largest cosine of its tint's angle to that of the grains. */
const STONE_RATIO = 1.7;
const STONE_TINT = 0.3;
/** Something this much wider that the border cuts is a hand, a table or the sheet's end, however ragged. */
const EDGE_WIDTH = 5;
/** A thread or a stroke of a pen is thinner than this share of the typical grain. */
const THREAD_WIDTH = 0.5;
const THREAD_LENGTH = 1.2;
/** Its length squared is more than this many areas; that of the slenderest rice is 7. */
const THREAD_RATIO = 10;
const CURLED = 0.5;
/** Smaller than this share of a typical grain it is dust; broken grains of a quarter of the length are larger. */
const SPECK_AREA = 0.1;
/** Its contrast is at least this share of the typical grain's. */
const LEAST_CONTRAST = 0.3;
/** What is mostly the ground with less light, and clearly fainter than the grains, is a shadow that lies alone. */
const SHADOW_SHARE = 0.6;
const SHADOW_CONTRAST = 0.6;
/** No region has more than this share of the votes on what is typical. */
const MOST_VOTES = 0.15;
/** Rounder regions than this, length / width, have fewer votes: coins, caps and drops are round. */
const ROUND = 1.25;
const ROUND_VOTES = 0.2;
/** Regions narrower or wider than these shares of the usual half width say nothing about the typical grain. */
const LEAST_WIDTH = 0.6;
const MOST_WIDTH = 1.7;
/** Share of the area that must lie in convex regions for them to be single grains. */
const CONVEX_SHARE = 0.12;
/** Length / width of rice, until it is known. */
const USUAL_RATIO = 2.6;

/**
 * Tells single grains, clusters of them and other things apart, by comparison with the typical grain of the picture.
 *
 * @param typical if it is known already
 * @returns undefined if no region could be a grain
 */
export function sortRegions(
  regions: readonly ShapedRegion[],
  typical: TypicalGrain | undefined = typicalGrain(regions),
): SortedRegions | undefined {
  if (!typical) return undefined;
  const sorted: SortedRegions = {typical, singles: [], clusters: [], objects: []};
  for (const region of regions) {
    const kind = objectKind(region, typical);
    if (kind) sorted.objects.push({kind, region});
    else if (isSpeck(region, typical)) continue;
    else if (isStone(region, typical)) sorted.objects.push({kind: 'object', region});
    else if (isSingle(region, typical)) sorted.singles.push(region);
    else sorted.clusters.push(region);
  }
  return sorted;
}

/**
 * The medians of the convex regions, each with as many votes as it has cells, but none with too many. Grains that touch are
 * as wide as those that lie apart, so only regions of the usual width count; where nearly all touch, length and area follow from the width.
 */
function typicalGrain(regions: readonly ShapedRegion[]): TypicalGrain | undefined {
  if (regions.length === 0) return undefined;
  const medians = (from: readonly ShapedRegion[]) => {
    const most = mostVotes(from.map(({area}) => area));
    const votes = from.map((region) => Math.min(region.area, most) * (isRound(region) ? ROUND_VOTES : 1));
    return (figure: (region: ShapedRegion) => number) => weightedMedian(from.map(figure), votes);
  };
  const usualHalfWidth = medians(regions)(({halfWidth}) => halfWidth);
  const usual = regions.filter(({halfWidth}) => {
    return halfWidth >= LEAST_WIDTH * usualHalfWidth && halfWidth <= MOST_WIDTH * usualHalfWidth;
  });
  const convex = usual.filter(({solidity, border}) => solidity >= SINGLE_SOLIDITY && !border);
  const areaOf = (some: readonly ShapedRegion[]) => some.reduce((sum, {area}) => sum + area, 0);
  const enough = areaOf(convex) >= CONVEX_SHARE * areaOf(usual);
  const median = medians(enough ? convex : usual);
  const halfWidth = median((region) => region.halfWidth);
  const color: Pick<TypicalGrain, 'contrast' | 'tint'> = {
    contrast: median(({contrast}) => contrast),
    tint: [median(({tint}) => tint[0]), median(({tint}) => tint[1]), median(({tint}) => tint[2])],
  };
  if (!enough) {
    const [width, length] = [2 * halfWidth, 2 * halfWidth * USUAL_RATIO];
    return {area: (Math.PI / 4) * length * width, length, width, halfWidth, ...color};
  }
  return {
    area: median(({area}) => area),
    length: median(({length}) => length),
    width: median(({width}) => width),
    halfWidth,
    ...color,
  };
}

/** The number of votes at which areas are cut so that none has more than its share of all votes. */
function mostVotes(areas: readonly number[]): number {
  const sorted = [...areas].sort((a, b) => b - a);
  let below = sorted.reduce((total, area) => total + area, 0);
  for (let cut = 0; cut < sorted.length; cut++) {
    // With `cut` areas reduced to that of the next, it has its share.
    if (sorted[cut] <= MOST_VOTES * (below + cut * sorted[cut])) return sorted[cut];
    below -= sorted[cut];
  }
  return sorted[sorted.length - 1];
}

function isRound({length, width, solidity}: ShapedRegion): boolean {
  return length < ROUND * width && solidity >= SINGLE_SOLIDITY;
}

/** The value at which half of the votes are reached. */
function weightedMedian(values: readonly number[], votes: readonly number[]): number {
  const order = values.map((value, i) => ({value, vote: votes[i]})).sort((a, b) => a.value - b.value);
  const half = votes.reduce((sum, vote) => sum + vote, 0) / 2;
  let seen = 0;
  for (const {value, vote} of order) {
    seen += vote;
    if (seen >= half) return value;
  }
  return order[order.length - 1].value;
}

function objectKind(region: ShapedRegion, typical: TypicalGrain): ObjectKind | undefined {
  const {length, width, area, solidity, border, halfWidth, tint} = region;
  if (halfWidth > OBJECT_WIDTH * typical.halfWidth && area > 3 * typical.area) {
    if (halfWidth > EDGE_WIDTH * typical.halfWidth && border) return 'edge';
    if (solidity > OBJECT_SOLIDITY || !isTinted(tint, typical.tint))
      return solidity > 0.95 && length < ROUND * width ? 'coin' : 'object';
  }
  if (halfWidth < THREAD_WIDTH * typical.halfWidth + 1 && length > THREAD_LENGTH * typical.length) {
    if (solidity < CURLED) return 'writing';
    if (length * length > THREAD_RATIO * area) return 'thread';
  }
  return undefined;
}

/** Whether a color differs from the ground in the same way as the grains do. */
function isTinted(tint: TypicalGrain['tint'], grains: TypicalGrain['tint']): boolean {
  const [own, typical] = [Math.hypot(...tint), Math.hypot(...grains)];
  return cosine(tint, grains) > SAME_TINT && own > SAME_STRENGTH * typical && own * SAME_STRENGTH < typical;
}

/** Whether something small and round has another color than the grains: a stone, a weed's seed. Colored grains are long. */
function isStone({length, width, tint, solidity}: ShapedRegion, typical: TypicalGrain): boolean {
  if (length > STONE_RATIO * width || solidity < SINGLE_SOLIDITY) return false;
  return cosine(tint, typical.tint) < STONE_TINT;
}

function cosine(a: TypicalGrain['tint'], b: TypicalGrain['tint']): number {
  return (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / Math.max(1e-6, Math.hypot(...a) * Math.hypot(...b));
}

function isSpeck({area, contrast, shade}: ShapedRegion, typical: TypicalGrain): boolean {
  if (shade > SHADOW_SHARE && contrast < SHADOW_CONTRAST * typical.contrast) return true;
  return area < SPECK_AREA * typical.area || contrast < LEAST_CONTRAST * typical.contrast;
}

function isSingle({area, solidity, halfWidth}: ShapedRegion, typical: TypicalGrain): boolean {
  if (solidity < SINGLE_SOLIDITY)
    return (
      solidity >= NOTCHED_SOLIDITY &&
      area < NOTCHED_AREA * typical.area &&
      halfWidth < NOTCHED_WIDTH * typical.halfWidth
    );
  if (area < SINGLE_AREA * typical.area) return true;
  return (
    solidity >= SURELY_SINGLE_SOLIDITY &&
    area < SURELY_SINGLE_AREA * typical.area &&
    halfWidth < 1.5 * typical.halfWidth
  );
}
