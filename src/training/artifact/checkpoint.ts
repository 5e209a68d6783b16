/**
 * Checkpoints: the state vectors in a binary file, and `progress.json`, which names that file and its digest. The binary
 * file is complete before progress.json points to it, so a kill at any moment leaves the old or the new checkpoint.
 */
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {type Digested, withDigest, withoutDigest} from '../../common/digested.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import type {Ended} from '../ended.ts';

const PROGRESS_FILE = 'progress.json';

/** Vectors by name, in storage order. */
export type State = Record<string, Float32Array>;

export interface EpochMetrics {
  epoch: number;
  /** Means over the training images, with augmentation and with the weights at each step. */
  loss: number;
  accuracy: number;
  /** Of the averaged weights, on the validation images. */
  validationLoss: number;
  validationAccuracy: number;
  learningRate: number;
}

export interface Stored {
  file: string;
  sha256: string;
}

export interface Progress {
  /** Number of steps done. */
  step: number;
  /** Sums over the current epoch so far. */
  epoch: {loss: number; correct: number; labelled: number; images: number};
  history: EpochMetrics[];
  /** Pictures per second of each epoch since its start or since the run was continued; null where it was not recorded. */
  rates?: (number | null)[];
  state: Stored;
  /** The averaged weights and statistics of the best epoch. */
  best?: Stored & {epoch: number; accuracy: number; loss: number};
  /** The device that `auto` chose, so that a resumed run continues on it. */
  device: string;
  finished: boolean;
  /** Why it is finished; missing in runs of earlier versions, which did all of their epochs. */
  ended?: Ended;
  /** The epoch after which a run was extended: patience counts from it on. */
  since?: number;
  /** With a limit of time: the seconds that are used, and the number of steps that was planned last. */
  spent?: number;
  planned?: number;
}

/** The checkpoint in an artifact's folder; undefined if there is none yet. */
export function readProgress(folder: string): Progress | undefined {
  const path = join(folder, PROGRESS_FILE);
  if (!existsSync(path)) return undefined;
  try {
    const progress = withoutDigest(JSON.parse(readFileSync(path, 'utf8')) as Partial<Digested<Progress>>);
    if (!progress) throw new Error('it was changed since it was written');
    return progress;
  } catch (error) {
    throw new RiceError('RUN_DAMAGED', `${path} cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

/** Makes `progress` the current checkpoint and removes the files of earlier ones. */
export function writeProgress(folder: string, progress: Progress): void {
  writeAtomically(join(folder, PROGRESS_FILE), `${JSON.stringify(withDigest(progress), null, 1)}\n`, {durable: true});
  const kept = [progress.state.file, progress.best?.file];
  for (const name of readdirSync(folder)) {
    if (/^(state|best)-\d+\.bin$/.test(name) && !kept.includes(name)) rmSync(join(folder, name), {force: true});
  }
}

/** Writes the vectors one after the other as little-endian float32. */
export function writeState(folder: string, file: string, state: State): Stored {
  const bytes = Buffer.concat(
    Object.values(state).map(({buffer, byteOffset, byteLength}) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  writeAtomically(join(folder, file), bytes, {durable: true});
  return {file, sha256: sha256(bytes)};
}

/** @throws RiceError RUN_DAMAGED if the file is missing or was changed */
export function readState(folder: string, stored: Stored, vectors: {name: string; length: number}[]): State {
  const path = join(folder, stored.file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new RiceError('RUN_DAMAGED', `${path} cannot be read`, {cause: error});
  }
  if (sha256(bytes) !== stored.sha256) throw new RiceError('RUN_DAMAGED', `${path} was changed since it was written`);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let offset = 0;
  return Object.fromEntries(
    vectors.map(({name, length}) => {
      offset += length;
      return [name, all.slice(offset - length, offset)];
    }),
  );
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
