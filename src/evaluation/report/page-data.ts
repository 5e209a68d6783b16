import type {Evaluation} from '../evaluate.ts';
import type {RobustnessRow} from '../robustness/tally.ts';

/** A mistake's picture, ready to stand in a page. */
export interface EmbeddedPicture {
  /** `data:image/...;base64,...` */
  uri: string;
  width: number;
  height: number;
}

/** Where the model comes from, as far as it records that. */
export interface ModelHistory {
  network?: string;
  parameters?: number;
  date?: string;
  dataset?: {digest?: string; images?: number};
  split?: {seed?: number};
}

/** All that a page tells: no clock, file or terminal is asked. */
export interface PageData {
  evaluation: Evaluation;
  /** Missing for an external model. */
  history?: ModelHistory | undefined;
  /** The folder that was looked at. */
  folder: string;
  part: string;
  limit?: number | undefined;
  gate?: {minAccuracy: number; passed: boolean} | undefined;
  robustness?: RobustnessRow[] | undefined;
  device: string;
  /** When, in ISO 8601. */
  date: string;
  /** What was typed. */
  command: string;
  /** Of rice. */
  version: string;
  /** One for each of the first mistakes; undefined where it is not there any more. */
  pictures: (EmbeddedPicture | undefined)[];
}
