import {join} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import type {RunRecord} from '../run/run-folder.ts';
import {RECORD_FILE} from '../run/run-folder.ts';

/** The record of a run that made a model of another one: what `RunRecord` is to a training. */
export interface TaughtRecord
  extends Pick<RunRecord, 'format' | 'name' | 'date' | 'settings' | 'versions' | 'machine'> {
  /** Other labels, or the same under another camera. */
  kind: 'taught' | 'adapted';
  from: {name: string; version: string; sha256: string};
  camera?: string;
  dataset: {
    root: string;
    digest: string;
    images: number;
    labels: Record<string, number>;
    /** Groups of pictures that folds keep together, such as photographs that they were cut from. */
    groups: number;
    labelsFrom?: string;
    errors: {path: string; code: string; message: string}[];
  };
  teaching: Record<string, unknown>;
}

/** Written last, so that a folder with a record is complete. */
export function writeTaughtRecord(folder: string, record: TaughtRecord): void {
  writeAtomically(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`, {durable: true});
}
