/** How the probabilities come about from which label errors are found. */
export const METHODS = ['head', 'network', 'model'] as const;
export type Method = (typeof METHODS)[number];

/** A row of probabilities for each of some pictures of a dataset. */
export interface Probabilities {
  /** Indices of the files. */
  files: number[];
  /** `files * labels of the dataset` numbers. */
  rows: Float64Array;
}
