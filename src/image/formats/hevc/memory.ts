import type {Libde265} from './libde265.ts';

/** More than is ever free in one piece among what was allocated while loading. */
const PROBE = 2 ** 20;

/** The memory of a decoder, which can be put back to how it was right after loading. */
export class Memory {
  readonly #library: Libde265;
  /** All that was in use. What lies behind it is free. */
  readonly #start: Uint8Array;

  constructor(library: Libde265) {
    this.#library = library;
    const free = library._malloc(PROBE);
    library._free(free);
    this.#start = library.HEAPU8.slice(0, free);
  }

  get bytes(): number {
    return this.#library.HEAPU8.length;
  }

  /** @param fill what all that is free is filled with: nothing is left of earlier pictures */
  reset(fill: number): void {
    const heap = this.#library.HEAPU8;
    heap.set(this.#start);
    heap.fill(fill, this.#start.length);
  }
}
