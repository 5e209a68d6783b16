import {FIELD, OFFSET_UNIT, STRIDE} from '../fields.ts';

/** The network's answer for a picture: planes of `columns` x `rows` cells of 2 x 2 pixels, one after the other. */
export interface Fields {
  columns: number;
  rows: number;
  data: Float32Array;
}

/** What each cell of the foreground says of its grain, in pixels. */
export interface Votes {
  count: number;
  /** Index of the cell. */
  cell: Int32Array;
  /** Where the grain's centroid is. */
  x: Float32Array;
  y: Float32Array;
  /** The grain's ellipse: see FIELD. */
  mxx: Float32Array;
  mxy: Float32Array;
  myy: Float32Array;
  /** Pixels of the mask in the cell, fewer where grains meet and cells are unsure. */
  weight: Float32Array;
}

/** Share of its weight that a cell loses where two grains surely meet. */
const UNSURE = 0.9;
/** Half axes that a grain may have, in pixels. */
const [SHORTEST, LONGEST] = [1.5, 120];

/** Collects the votes of the cells that hold pixels of the mask. Numbers that are not finite count as 0. */
export function collectVotes({columns, rows, data}: Fields, mask: Uint8Array, width: number, height: number): Votes {
  const cells = columns * rows;
  const votes = {
    cell: new Int32Array(cells),
    x: new Float32Array(cells),
    y: new Float32Array(cells),
    mxx: new Float32Array(cells),
    mxy: new Float32Array(cells),
    myy: new Float32Array(cells),
    weight: new Float32Array(cells),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const upper = row * STRIDE * width;
    const lower = row * STRIDE + 1 < height ? upper + width : -1;
    for (let column = 0; column < columns; column++) {
      const left = column * STRIDE;
      const second = left + 1 < width;
      let pixels = mask[upper + left] + (second ? mask[upper + left + 1] : 0);
      if (lower >= 0) pixels += mask[lower + left] + (second ? mask[lower + left + 1] : 0);
      if (pixels === 0) continue;
      const cell = row * columns + column;
      votes.cell[count] = cell;
      votes.x[count] = left + 1 + OFFSET_UNIT * finite(data[cell + FIELD.dx * cells]);
      votes.y[count] = row * STRIDE + 1 + OFFSET_UNIT * finite(data[cell + FIELD.dy * cells]);
      setAxes(votes, count, data, cell, cells);
      votes.weight[count] = pixels * (1 - UNSURE * sigmoid(finite(data[cell + FIELD.boundary * cells])));
      count++;
    }
  }
  return {count, ...votes};
}

/** Takes over the ellipse, its half axes kept within what a grain may have. */
function setAxes(
  votes: Pick<Votes, 'mxx' | 'mxy' | 'myy'>,
  at: number,
  data: Float32Array,
  cell: number,
  cells: number,
): void {
  const xx = OFFSET_UNIT * finite(data[cell + FIELD.mxx * cells]);
  const xy = OFFSET_UNIT * finite(data[cell + FIELD.mxy * cells]);
  const yy = OFFSET_UNIT * finite(data[cell + FIELD.myy * cells]);
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  const long = Math.min(LONGEST, Math.max(SHORTEST, middle + spread));
  const short = Math.min(long, Math.max(SHORTEST, middle - spread));
  const scale = spread > 1e-6 ? (long - short) / (2 * spread) : 0;
  votes.mxx[at] = (long + short) / 2 + (scale * (xx - yy)) / 2;
  votes.mxy[at] = scale * xy;
  votes.myy[at] = (long + short) / 2 - (scale * (xx - yy)) / 2;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function finite(x: number): number {
  return x > -1e6 && x < 1e6 ? x : 0;
}
