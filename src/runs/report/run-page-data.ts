import type {EmbeddedPicture} from '../../evaluation/report/page-data.ts';
import type {Run} from '../read-run.ts';
import type {SampleBatch} from './sample-batches.ts';

/** The whole content of a run's page, so that rendering needs no clock, file or terminal. */
export interface RunPageData {
  run: Run;
  /** Where in the current epoch a training is. */
  at?: {step: number; steps: number} | undefined;
  samples: readonly SampleBatch[];
  /** One for each of the first mistakes of the test; undefined where the picture no longer exists. */
  pictures: readonly (EmbeddedPicture | undefined)[];
  /** The same for each of `shownUnknowns`. */
  unknownPictures: readonly (EmbeddedPicture | undefined)[];
  /** When the page was made, in ISO 8601. */
  date: string;
  /** Seconds after which a browser loads the page again; none where it does not change any more. */
  refresh?: number | undefined;
}
