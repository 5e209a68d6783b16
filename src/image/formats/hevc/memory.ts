import type {Libde265} from './libde265.ts';

/** More than is ever free in one piece among what was allocated while loading. */
const PROBE = 2 ** 20;

/** What free memory is filled with, again and again: numbers without any order, which no picture has. */
const FILLING = makeFilling(4096);

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

  /** Fills all that is free: nothing is left of earlier pictures. */
  reset(): void {
    const heap = this.#library.HEAPU8;
    heap.set(this.#start);
    const first = Math.ceil(this.#start.length / FILLING.length) * FILLING.length;
    heap.set(FILLING.subarray(this.#start.length - first), this.#start.length);
    heap.set(FILLING, first);
    for (let filled = FILLING.length; first + filled < heap.length; filled *= 2)
      heap.copyWithin(first + filled, first, Math.min(first + filled, heap.length - filled));
  }
}

/** What lies at an address that was never written to. */
export function fillingAt(address: number): number {
  return FILLING[address % FILLING.length];
}

function makeFilling(length: number): Uint8Array {
  const out = new Uint8Array(length);
  let state = 0x9e3779b9;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = state >>> 24;
  }
  return out;
}
