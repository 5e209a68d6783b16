/** What a person said of one grain, found again by a point within it (pixels of the picture as it is shown). */
export type Correction =
  | {at: readonly [number, number]; do: 'label'; label: string}
  /** It is no grain. */
  | {at: readonly [number, number]; do: 'remove'}
  /** It is several grains: cut along the line from `from` to `to`. */
  | {at: readonly [number, number]; do: 'split'; from: readonly [number, number]; to: readonly [number, number]}
  /** It and the grain at `with` are one. */
  | {at: readonly [number, number]; do: 'join'; with: readonly [number, number]};

/** The corrections of one picture, in the order in which they were made. */
export interface Corrections {
  /** SHA-256 of the picture's file, lower-case hex: corrections of another picture are an error. */
  sha256: string;
  corrections: Correction[];
}
