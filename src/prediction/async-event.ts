/** Wakes one who waits for any of several things. A notification that nobody waits for counts for the next who does. */
export class AsyncEvent {
  #notified = false;
  #wake: (() => void) | undefined;

  notify(): void {
    this.#notified = true;
    this.#wake?.();
  }

  /** Resolves at the next notification, or at once where there was one since the last. */
  async next(): Promise<void> {
    if (!this.#notified)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#notified = false;
    this.#wake = undefined;
  }
}
