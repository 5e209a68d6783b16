import type {RiceError} from '../../../common/errors.ts';
import type {ScoreName} from '../../../model/outputs.ts';
import type {Trust} from '../../../model/trust.ts';
import type {Entry} from '../../../prediction/entry.ts';
import type {Summary} from '../../../prediction/tally.ts';

/** The information after the answers. */
export interface Closing {
  /** When answers were accepted. */
  trust: Trust;
  summary: Summary;
  warnings: string[];
  /** The part of the job that this process did. */
  shard?: {index: number; count: number};
  /** True if the user stopped the command: the answers are right, but incomplete. */
  interrupted?: boolean;
  /** The error that ended the command early. */
  error?: RiceError;
}

/** An output format: text for the start, for each batch of entries, and for the end. */
export interface AnswerFormat {
  /** @param scores the names of the model's outputs beside the probabilities */
  start(model: {name: string; version: string; sha256: string; labels: string[]}, scores: readonly ScoreName[]): string;
  entries(entries: Entry[]): string;
  end(closing: Closing): string;
}

export const ANSWER_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type AnswerFormatName = (typeof ANSWER_FORMATS)[number];
