import type {Sprite} from './sprite.ts';

/** Which cells of a coarse grid are taken, by whom, a gap around each included. */
export class Occupancy {
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #taken: Uint16Array;
  readonly #reach: number;
  readonly #margin: number;

  /** Outside of the scene, cells are known up to `margin` pixels. */
  constructor(width: number, height: number, gap: number, margin: number) {
    this.#cell = Math.max(1, Math.floor(gap / 2));
    this.#margin = margin;
    this.#columns = Math.ceil((width + 2 * margin) / this.#cell) + 1;
    this.#rows = Math.ceil((height + 2 * margin) / this.#cell) + 1;
    this.#taken = new Uint16Array(this.#columns * this.#rows);
    this.#reach = Math.ceil(gap / this.#cell);
  }

  /** Whether a grain can lie there, next to none but `neighbor`. */
  isFree(sprite: Sprite, left: number, top: number, neighbor = 0): boolean {
    return this.#cells(sprite, left, top, 1, (index) => {
      const owner = this.#taken[index];
      return owner === 0 || owner === neighbor;
    });
  }

  /** @param owner from 1 */
  take(sprite: Sprite, left: number, top: number, owner: number): void {
    const cells = new Set<number>();
    this.#cells(sprite, left, top, 1, (index) => Boolean(cells.add(index)));
    for (const index of cells) {
      // What is around a cell within is taken by the cells of the rim.
      const within = [1, -1, this.#columns, -this.#columns].every((step) => cells.has(index + step));
      const reach = within ? 0 : this.#reach;
      const [column, row] = [index % this.#columns, Math.floor(index / this.#columns)];
      for (let y = Math.max(0, row - reach); y <= Math.min(this.#rows - 1, row + reach); y++)
        for (let x = Math.max(0, column - reach); x <= Math.min(this.#columns - 1, column + reach); x++) {
          const at = y * this.#columns + x;
          if (this.#taken[at] === 0) this.#taken[at] = owner;
          else if (this.#taken[at] !== owner) this.#taken[at] = SHARED;
        }
    }
  }

  /** Calls `use` for the cells that a grain covers until it answers false. */
  #cells(
    {width, height, cover}: Sprite,
    left: number,
    top: number,
    least: number,
    use: (index: number) => boolean,
  ): boolean {
    const step = Math.max(1, this.#cell >> 1);
    for (let y = 0; y < height; y += step) {
      const row = Math.floor((y + top + this.#margin) / this.#cell);
      if (row < 0 || row >= this.#rows) continue;
      for (let x = 0; x < width; x += step) {
        if (cover[y * width + x] < least) continue;
        const column = Math.floor((x + left + this.#margin) / this.#cell);
        if (column < 0 || column >= this.#columns) continue;
        if (!use(row * this.#columns + column)) return false;
      }
    }
    return true;
  }
}

/** Taken by the gaps of several. */
const SHARED = 0xffff;
