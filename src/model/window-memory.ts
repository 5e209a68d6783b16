/** A contiguous buffer for windows, as a network's input needs them. */
export class WindowMemory {
  readonly #bytes: Uint8Array;
  readonly #windowBytes: number;

  constructor(windows: number, windowBytes: number) {
    this.#bytes = new Uint8Array(windows * windowBytes);
    this.#windowBytes = windowBytes;
  }

  /** Capacity in windows. */
  get windows(): number {
    return this.#bytes.length / this.#windowBytes;
  }

  /** The part of the buffer for one window. */
  at(position: number): Uint8Array {
    return this.#bytes.subarray(position * this.#windowBytes, (position + 1) * this.#windowBytes);
  }
}

/** Reuses the buffers of finished batches: allocating one for each batch costs as much as a convolution. */
export class WindowMemories {
  #free: WindowMemory | undefined;

  readonly #windowBytes: number;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  take(windows: number): WindowMemory {
    const free = this.#free;
    this.#free = undefined;
    return free && free.windows >= windows ? free : new WindowMemory(windows, this.#windowBytes);
  }

  giveBack(memory: WindowMemory): void {
    this.#free = memory;
  }
}

/** All windows as one array: a view if they are contiguous already, otherwise a copy. */
export function joinWindows(windows: readonly Uint8Array[]): Uint8Array {
  const [first] = windows;
  const bytes = first.length;
  const joined = windows.every(
    ({buffer, byteOffset, length}, i) =>
      buffer === first.buffer && byteOffset === first.byteOffset + i * bytes && length === bytes,
  );
  if (joined) return new Uint8Array(first.buffer, first.byteOffset, windows.length * bytes);
  const copy = new Uint8Array(windows.length * bytes);
  windows.forEach((window, i) => {
    copy.set(window, i * bytes);
  });
  return copy;
}
