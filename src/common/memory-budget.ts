const MIB = 2 ** 20;
/** What takes less is not counted: small pictures should not wait for one another. */
const LEAST_MIB = 16;
/** Milliseconds after which a thread looks again by itself. */
const RECHECK = 1000;

const USED = 0;
const FIRST_SLOT = 1;

/** What the threads are given to share a budget. */
export interface SharedBudget {
  buffer: SharedArrayBuffer;
  /** In MiB. */
  limit: number;
}

/**
 * Memory that the threads of a process share, in units of MiB. A thread that wants more than is free waits, blocked; one that
 * wants more than there is waits until it is alone. Each thread has a slot for what it holds, so that what a dead thread held can be freed.
 */
export class MemoryBudget {
  readonly #cells: Int32Array;
  readonly #limit: number;
  readonly #slot: number;
  readonly #onWait: () => void;

  /**
   * @param slot of this thread
   * @param onWait called again and again while the thread waits
   */
  constructor({buffer, limit}: SharedBudget, slot: number, onWait: () => void = () => {}) {
    this.#cells = new Int32Array(buffer);
    this.#limit = limit;
    this.#slot = FIRST_SLOT + slot;
    this.#onWait = onWait;
  }

  /** Waits until so many bytes are free. A thread holds them until it calls `free`, and no others before. */
  hold(bytes: number): void {
    const wanted = Math.ceil(bytes / MIB);
    if (wanted < LEAST_MIB) return;
    for (;;) {
      const used = Atomics.load(this.#cells, USED);
      this.#onWait();
      if (used > 0 && used + wanted > this.#limit) Atomics.wait(this.#cells, USED, used, RECHECK);
      else if (Atomics.compareExchange(this.#cells, USED, used, used + wanted) === used) break;
    }
    Atomics.store(this.#cells, this.#slot, wanted);
  }

  /** Whether the thread of this slot holds anything. */
  get held(): boolean {
    return Atomics.load(this.#cells, this.#slot) > 0;
  }

  /** Gives back what the thread of this slot holds. */
  free(): void {
    const held = Atomics.exchange(this.#cells, this.#slot, 0);
    if (held === 0) return;
    Atomics.sub(this.#cells, USED, held);
    Atomics.notify(this.#cells, USED);
  }
}

/** @param bytes that all threads may take together */
export function createMemoryBudget(bytes: number, threads: number): SharedBudget {
  const buffer = new SharedArrayBuffer((FIRST_SLOT + threads) * Int32Array.BYTES_PER_ELEMENT);
  return {buffer, limit: Math.max(1, Math.floor(Math.min(bytes, Number.MAX_SAFE_INTEGER) / MIB))};
}
