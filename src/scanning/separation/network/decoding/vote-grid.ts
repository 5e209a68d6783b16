import type {Votes} from './votes.ts';

/** Pixels a side of a cell. */
const CELL = 2;
/** Cells around the picture, for grains whose centroid lies outside of it; what is farther counts at the rim. */
const MARGIN = 12;

/** Votes by where they point. */
export class VoteGrid {
  readonly columns: number;
  readonly rows: number;
  /** The votes that point to cell i are `order[starts[i]]` to `order[starts[i + 1] - 1]`. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  readonly #cellOf: Int32Array;

  constructor(votes: Votes, width: number, height: number) {
    this.columns = Math.ceil(width / CELL) + 2 * MARGIN;
    this.rows = Math.ceil(height / CELL) + 2 * MARGIN;
    const size = this.columns * this.rows;
    this.starts = new Int32Array(size + 1);
    this.order = new Int32Array(votes.count);
    this.#cellOf = new Int32Array(votes.count);
    for (let i = 0; i < votes.count; i++) {
      const cell = this.row(votes.y[i]) * this.columns + this.column(votes.x[i]);
      this.#cellOf[i] = cell;
      this.starts[cell + 1]++;
    }
    for (let i = 0; i < size; i++) this.starts[i + 1] += this.starts[i];
    const next = this.starts.slice();
    for (let i = 0; i < votes.count; i++) this.order[next[this.#cellOf[i]]++] = i;
  }

  column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor(x / CELL) + MARGIN));
  }

  row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor(y / CELL) + MARGIN));
  }

  /** The weight that points to each cell and those around it, in two passes of the mean of three: about 3 pixels wide. */
  density(votes: Votes): Float32Array {
    const {columns, rows} = this;
    const sums = new Float32Array(columns * rows);
    for (let i = 0; i < votes.count; i++) sums[this.#cellOf[i]] += votes.weight[i];
    const across = new Float32Array(sums.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column;
        across[i] = 2 * sums[i] + (column > 0 ? sums[i - 1] : 0) + (column < columns - 1 ? sums[i + 1] : 0);
      }
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column;
        sums[i] = 2 * across[i] + (row > 0 ? across[i - columns] : 0) + (row < rows - 1 ? across[i + columns] : 0);
      }
    return sums;
  }
}
