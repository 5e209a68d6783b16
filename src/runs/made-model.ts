import {readFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {METRICS_FILE, RECORD_FILE} from '../training/run/run-folder.ts';
import type {HeldAccuracy} from '../training/teach/fit/held-accuracy.ts';
import type {TaughtRecord} from '../training/teach/taught-record.ts';

/** A model that was made of another one with a few pictures: `rice train --from`, `rice adapt`. */
export interface MadeModel {
  name: string;
  folder: string;
  record: TaughtRecord;
  /** On pictures that were left out of the fit. */
  held: Pick<HeldAccuracy, 'images' | 'accuracy' | 'interval'>;
}

/** Reads the record of one; undefined for a training, and for what cannot be read, which `readRun` says of. */
export function readMadeModel(folder: string): MadeModel | undefined {
  try {
    const record = JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8')) as TaughtRecord;
    if (record.kind !== 'taught' && record.kind !== 'adapted') return undefined;
    const {held} = JSON.parse(readFileSync(join(folder, METRICS_FILE), 'utf8')) as {held: HeldAccuracy};
    const {images, accuracy, interval} = held;
    return {name: basename(resolve(folder)), folder, record, held: {images, accuracy, interval}};
  } catch {
    return undefined;
  }
}
