import type {AppliedCorrections} from '../dataset.ts';

/** Corrections as records and documents tell of them. */
export interface CorrectionsSummary {
  file: string;
  /** Of the file, in hexadecimal. */
  sha256: string;
  /** Number of pictures by what was done with them. */
  relabeled: number;
  excluded: number;
  kept: number;
}

export function summaryOf({file, sha256, relabeled, excluded, kept}: AppliedCorrections): CorrectionsSummary {
  return {file, sha256, relabeled, excluded, kept: kept.length};
}
