/** How clusters of any size go through the network: padded to a few common sizes, the largest in tiles that overlap. */

/** A part of a cluster, in its pixels. */
export interface Tile {
  cluster: number;
  /** What is shown. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Empty pixels around it, so that the network sees that nothing goes on there. */
  margin: number;
  /** The part whose answer is taken, the end not included: what is near the tile's border is another tile's. Even numbers, or the cluster's end. */
  own: {left: number; top: number; right: number; bottom: number};
}

/** Tiles that go through the network together, padded to one size. */
export interface Batch {
  width: number;
  height: number;
  tiles: Tile[];
}

/** Sides that parts are padded to: multiples of what the network needs. */
const SIDES = [48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512];
/** The largest side of a part, without its margin. */
const LARGEST = 496;
const MARGIN = 8;
/** So far the network looks, nearly: what is at least so far from a tile's border is as in the whole. */
const OVERLAP = 64;
/** Pixels that go through the network at once. */
const MAX_PIXELS = 1 << 19;

/** @returns batches that together cover all clusters; those of a size are in the order of the clusters */
export function planBatches(clusters: readonly {width: number; height: number}[]): Batch[] {
  const bySize = new Map<string, Batch[]>();
  clusters.forEach(({width, height}, cluster) => {
    for (const vertical of divide(height))
      for (const horizontal of divide(width)) {
        const tile: Tile = {
          cluster,
          x: horizontal.start,
          y: vertical.start,
          width: horizontal.size,
          height: vertical.size,
          margin: MARGIN,
          own: {left: horizontal.from, right: horizontal.to, top: vertical.from, bottom: vertical.to},
        };
        add(bySize, tile);
      }
  });
  return [...bySize.values()].flat();
}

function add(bySize: Map<string, Batch[]>, tile: Tile): void {
  const [width, height] = [tile.width, tile.height].map((size) => SIDES.find((side) => side >= size + 2 * MARGIN)!);
  const key = `${width} x ${height}`;
  const batches = bySize.get(key) ?? [];
  bySize.set(key, batches);
  const last = batches.at(-1);
  if (last && (last.tiles.length + 1) * width * height <= MAX_PIXELS) last.tiles.push(tile);
  else batches.push({width, height, tiles: [tile]});
}

interface Part {
  start: number;
  size: number;
  from: number;
  to: number;
}

/** Parts of a side that overlap, each with the range that is its own. */
function divide(length: number): Part[] {
  if (length <= LARGEST) return length === 0 ? [] : [{start: 0, size: length, from: 0, to: length}];
  const parts: Part[] = [];
  const step = LARGEST - 2 * OVERLAP;
  for (let start = 0; ; start += step) {
    const size = Math.min(LARGEST, length - start);
    const last = start + size === length;
    parts.push({
      start,
      size,
      from: start === 0 ? 0 : start + OVERLAP,
      to: last ? length : start + size - OVERLAP,
    });
    if (last) return parts;
  }
}
