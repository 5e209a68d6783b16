/** A grid of cells, 1 where something is; row-major. */
export interface Mask {
  width: number;
  height: number;
  cells: Uint8Array;
}

/** Keeps cells all of whose neighbours within `radius` in rows and columns are set; beyond the grid nothing is. */
export function erode(mask: Mask, radius: number): Mask {
  return invert(dilate(invert(mask), radius, 1));
}

/** Sets the cells that have a set one within `radius` in rows and columns. @param beyond what lies beyond the grid */
export function dilate({width, height, cells}: Mask, radius: number, beyond = 0): Mask {
  const rows = spread(cells, width, height, 1, width, radius, beyond);
  return {width, height, cells: spread(rows, height, width, width, 1, radius, beyond)};
}

/** Fills what is thinner than 2 * radius + 1 cells. */
export function close(mask: Mask, radius: number): Mask {
  return radius === 0 ? mask : erode(dilate(mask, radius), radius);
}

/**
 * Takes away what is thinner than 2 * radius + 1 cells and gives the rest back its corners: an opening whose result may
 * grow back within the mask a little further than it was cut.
 */
export function open(mask: Mask, radius: number): Mask {
  return both(dilate(erode(mask, radius), radius + 2), mask);
}

export function both(a: Mask, b: Mask): Mask {
  const cells = new Uint8Array(a.cells.length);
  for (let i = 0; i < cells.length; i++) cells[i] = a.cells[i] & b.cells[i];
  return {...a, cells};
}

export function countOf({cells}: Mask): number {
  let count = 0;
  for (let i = 0; i < cells.length; i++) count += cells[i];
  return count;
}

function invert(mask: Mask): Mask {
  const cells = new Uint8Array(mask.cells.length);
  for (let i = 0; i < cells.length; i++) cells[i] = 1 - mask.cells[i];
  return {...mask, cells};
}

/** Along lines of `length` cells that lie `way` apart: each set cell sets its neighbours. */
function spread(
  cells: Uint8Array,
  length: number,
  lines: number,
  way: number,
  toNext: number,
  radius: number,
  beyond: number,
): Uint8Array {
  const out = new Uint8Array(cells.length);
  for (let line = 0; line < lines; line++) {
    const start = line * toNext;
    // Up to where the line is set already; what lies before it sets its beginning.
    let done = 0;
    if (beyond === 1) for (; done < Math.min(radius, length); done++) out[start + done * way] = 1;
    for (let i = 0; i < length; i++) {
      if (cells[start + i * way] === 0) continue;
      const end = Math.min(length, i + radius + 1);
      for (let k = Math.max(done, i - radius); k < end; k++) out[start + k * way] = 1;
      done = Math.max(done, end);
    }
    if (beyond === 1) for (let k = Math.max(0, length - radius); k < length; k++) out[start + k * way] = 1;
  }
  return out;
}
