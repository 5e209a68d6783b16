import type {RiceError} from '../../../common/errors.ts';
import type {Trust} from '../../../model/trust.ts';
import type {ErrorEntry} from '../../../prediction/entry.ts';
import type {ScannedPicture, ScanSummary} from '../../../scanning/types.ts';

/** What comes after the pictures. */
export interface Closing {
  /** Undefined if no picture could be scanned. */
  summary: ScanSummary | undefined;
  /** When names were accepted. */
  trust: Trust;
  seconds: number;
  warnings: string[];
  /** True if the user stopped the command: what is said is right, but incomplete. */
  interrupted?: boolean;
  /** The error that ended the command early. */
  error?: RiceError;
}

/** An output format: text for the start, for each picture in turn, and for the end. */
export interface ScanFormat {
  start(model: {name: string; version: string; sha256: string; labels: string[]}): string;
  /** @param picture as `pictureEntry` rounds it */
  picture(picture: ScannedPicture): string;
  failure(error: ErrorEntry): string;
  end(closing: Closing): string;
}

export const SCAN_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;
export type ScanFormatName = (typeof SCAN_FORMATS)[number];
