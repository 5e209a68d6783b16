/** A connected set of cells. */
export interface Region {
  /** Its cells have this number in the map of labels. */
  label: number;
  area: number;
  left: number;
  top: number;
  /** Exclusive. */
  right: number;
  bottom: number;
  /** Whether it reaches the border of the grid. */
  border: boolean;
}

export interface Regions {
  width: number;
  height: number;
  /** 0 outside of all regions. */
  labels: Int32Array;
  /** By label, beginning with 1 at index 0. */
  regions: Region[];
}

/**
 * Labels the 8-connected regions of a mask in two passes with a union-find over runs of labels (Rosenfeld and Pfaltz 1966), so that time and
 * memory are linear in the number of cells whatever they show.
 *
 * @param mask not 0 for the cells of regions
 */
export function labelRegions(mask: Uint8Array, width: number, height: number): Regions {
  const labels = new Int32Array(width * height);
  let parents = new Int32Array(1024);
  let count = 0;
  const rootOf = (label: number) => {
    let at = label;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  };
  const unite = (a: number, b: number) => {
    const [first, second] = [rootOf(a), rootOf(b)];
    if (first === second) return first;
    parents[Math.max(first, second)] = Math.min(first, second);
    return Math.min(first, second);
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (mask[cell] === 0) continue;
      let label = x > 0 ? labels[cell - 1] : 0;
      if (y > 0) {
        const above = labels[cell - width];
        if (above !== 0) {
          // Those beside it touch it, and have been united with it.
          if (above !== label) label = label === 0 ? above : unite(label, above);
        } else {
          const left = x > 0 ? labels[cell - width - 1] : 0;
          const right = x + 1 < width ? labels[cell - width + 1] : 0;
          if (left !== 0 && left !== label) label = label === 0 ? left : unite(label, left);
          if (right !== 0 && right !== label) label = label === 0 ? right : unite(label, right);
        }
      }
      if (label === 0) {
        label = ++count;
        if (label >= parents.length) {
          const larger = new Int32Array(parents.length * 2);
          larger.set(parents);
          parents = larger;
        }
        parents[label] = label;
      }
      labels[cell] = label;
    }
  const finals = new Int32Array(count + 1);
  const regions: Region[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      if (labels[cell] === 0) continue;
      const root = rootOf(labels[cell]);
      if (finals[root] === 0) {
        finals[root] = regions.length + 1;
        regions.push({
          label: regions.length + 1,
          area: 0,
          left: x,
          top: y,
          right: x + 1,
          bottom: y + 1,
          border: false,
        });
      }
      const region = regions[finals[root] - 1];
      labels[cell] = region.label;
      region.area++;
      if (x < region.left) region.left = x;
      if (x >= region.right) region.right = x + 1;
      if (y >= region.bottom) region.bottom = y + 1;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) region.border = true;
    }
  return {width, height, labels, regions};
}
