/** One batch. */
export interface Batch {
  /** uint8 RGB windows, or float32 features, one after the other. */
  input: Uint8Array | Float32Array;
  /** Index of the label of each picture, or NO_LABEL. */
  labels: Uint8Array;
  /** What dropout needs. */
  noise: Float32Array[];
  /** Number of pictures; there is room for more in an epoch's last batch for validation. */
  count: number;
}

/** Where the batches of a training come from. A batch is valid until the next one is requested. */
export interface Batches {
  /**
   * The batches of the steps [from, to) of an epoch.
   *
   * @param epochs of how many it is one, as the augmentation needs to know; all that the run was begun with if omitted
   */
  training(epoch: number, from: number, to: number, epochs?: number): AsyncIterable<Batch>;
  /** All validation pictures, in the cache's order. */
  validation(): AsyncIterable<Batch>;
  close(): Promise<void>;
}
