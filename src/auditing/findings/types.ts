import type {CorrectionsSummary} from '../../dataset/corrections/summary.ts';
import type {FileError} from '../../dataset/file-error.ts';
import type {Part} from '../../dataset/split.ts';
import type {Method} from '../probabilities/types.ts';

/** A picture whose label is probably wrong. */
export interface Suspect {
  path: string;
  label: string;
  /** The label that it probably should have. */
  suggested: string;
  /** Probabilities of both, 0 to 1. */
  probability: {given: number; suggested: number};
}

/** Files with the same bytes. */
export interface DuplicateFinding {
  sha256: string;
  paths: string[];
  /** If there are several, at least one is wrong. */
  labels: string[];
  /** Of a dataset that brings its own split: if there are several, what is measured was trained on. */
  parts?: Part[];
}

export interface NearDuplicateFinding {
  paths: [string, string];
  labels: string[];
  parts?: Part[];
  /** Mean difference of their levels, 0 to 255. */
  difference: number;
}

export const PICTURE_PROBLEMS = ['no grain', 'several grains', 'flaw', 'blur', 'size'] as const;
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number];

/** A picture that is not like the others of its label, or of which there is little to learn. */
export interface PictureFinding {
  path: string;
  label: string;
  problem: PictureProblem;
  /** For people: `2 grains`, `length 3.1 times that of most Basmati`. */
  detail: string;
}

/** How many pictures of each label really have which one, as confident learning estimates. */
export interface LabelNoise {
  labels: string[];
  /** Row: the label that they have; column: the one that they should have. */
  matrix: number[][];
  /** The share of pictures off the diagonal. */
  share: number;
}

export interface Audit {
  dataset: {root: string; digest: string; images: number; labels: Record<string, number>};
  /** Missing where there is a single label, so that none can be wrong. */
  method?: Method;
  folds?: number;
  model?: {name: string; version: string; sha256: string};
  corrections?: CorrectionsSummary;
  /** The most certain first. */
  suspects: Suspect[];
  noise?: LabelNoise;
  duplicates: DuplicateFinding[];
  nearDuplicates: NearDuplicateFinding[];
  pictures: PictureFinding[];
  /** Files that cannot be read as pictures. */
  errors: FileError[];
  seconds: number;
}
