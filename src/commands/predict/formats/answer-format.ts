import type {RiceError} from '../../../common/errors.ts';
import type {ScoreName} from '../../../model/outputs.ts';
import type {Entry} from '../../../prediction/entry.ts';
import type {Summary} from '../../../prediction/tally.ts';

/** What stands around the answers. */
export interface Closing {
  summary: Summary;
  warnings: string[];
  /** The part of the job that was done. */
  shard?: {index: number; count: number};
  /** True where the user stopped it: what stands there is right, but not all. */
  interrupted?: boolean;
  /** What ended it early. */
  error?: RiceError;
}

/** A way to write answers down: text for the start, for entries as they come, and for the end. */
export interface AnswerFormat {
  /** @param scores what the model gives beside the probabilities */
  start(model: {name: string; version: string; sha256: string; labels: string[]}, scores: readonly ScoreName[]): string;
  entries(entries: Entry[]): string;
  end(closing: Closing): string;
}

export const ANSWER_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type AnswerFormatName = (typeof ANSWER_FORMATS)[number];
