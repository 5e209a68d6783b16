/** Wakes a single waiter for any of several events. Without a waiter, a notification is kept for the next one. */
export class AsyncEvent {
  #notified = false;
  #wake: (() => void) | undefined;

  notify(): void {
    this.#notified = true;
    this.#wake?.();
  }

  /** Resolves at the next notification, or at once if one has arrived since the last call. */
  async next(): Promise<void> {
    if (!this.#notified)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#notified = false;
    this.#wake = undefined;
  }
}
