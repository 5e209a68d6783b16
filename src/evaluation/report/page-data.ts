import type {Trust} from '../../model/trust.ts';
import type {Evaluation} from '../evaluate.ts';
import type {RobustnessRow} from '../robustness/tally.ts';

/** A picture as a data URI. */
export interface EmbeddedPicture {
  /** `data:image/...;base64,...` */
  uri: string;
  width: number;
  height: number;
}

/** The origin of the model, as far as the model file records it. */
export interface ModelHistory {
  network?: string;
  parameters?: number;
  date?: string;
  dataset?: {digest?: string; images?: number};
  split?: {seed?: number};
}

/** The whole content of a page, so that rendering needs no clock, file or terminal. */
export interface PageData {
  evaluation: Evaluation;
  /** Missing for an external model. */
  history?: ModelHistory | undefined;
  /** The folder that was evaluated. */
  folder: string;
  part: string;
  limit?: number | undefined;
  gate?: {minAccuracy: number; passed: boolean} | undefined;
  robustness?: RobustnessRow[] | undefined;
  device: string;
  /** When answers were accepted. */
  trust: Trust;
  /** The date in ISO 8601. */
  date: string;
  /** The command line. */
  command: string;
  /** The version of rice. */
  version: string;
  /** One for each of the first mistakes; undefined if the picture no longer exists. */
  pictures: (EmbeddedPicture | undefined)[];
  /** The same for each of `shownUnknowns`. */
  unknownPictures: (EmbeddedPicture | undefined)[];
}
