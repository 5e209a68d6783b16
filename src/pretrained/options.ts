export interface LoadWeightsOptions {
  signal?: AbortSignal;
  /** Whether weights may be used whose license forbids commercial use. */
  allowNonCommercial?: boolean;
  /** Bytes of a download. */
  onProgress?(done: number, total: number): void;
  onNote?(message: string): void;
}

/** The largest file of weights that is read: several times that of any of these networks. */
export const MOST_BYTES = 1e9;
