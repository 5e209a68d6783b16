import {hash} from 'node:crypto';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';

/** All that decides what the answers of a fold are. */
export interface FoldKey {
  method: string;
  folds: number;
  /** By file: its content, and its label as an index. */
  pictures: readonly {sha256: string; label: number}[];
  labels: readonly string[];
  /** What the classifiers of the folds are made from. */
  settings: unknown;
}

/** 16 hexadecimal digits for it. */
export function foldKey({pictures, ...others}: FoldKey): string {
  const rows = pictures.map(({sha256, label}) => `${sha256} ${label}`);
  return hash('sha256', JSON.stringify([others, rows])).slice(0, 16);
}

/**
 * The answers of finished folds in the folder of an audit, so that one that was stopped goes on where it was: each file is
 * there as a whole or not at all, and another dataset, other labels or settings have other files.
 */
export class FoldFiles {
  readonly #folder: string;

  constructor(out: string, key: string) {
    this.#folder = join(out, 'folds', key);
  }

  get folder(): string {
    return this.#folder;
  }

  /** Undefined if the fold is not finished. @param length how many numbers there must be */
  read(fold: number, length: number): Float64Array | undefined {
    try {
      const bytes = readFileSync(this.#path(fold));
      if (bytes.length !== 8 * length) return undefined;
      return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    } catch {
      return undefined;
    }
  }

  /** @throws RiceError PATH_NOT_WRITABLE, DISK_FULL */
  write(fold: number, answers: Float64Array): void {
    try {
      mkdirSync(this.#folder, {recursive: true});
    } catch (error) {
      throw fromFileSystemError(error, this.#folder, 'write');
    }
    writeAtomically(this.#path(fold), new Uint8Array(answers.buffer, answers.byteOffset, answers.byteLength));
  }

  #path(fold: number): string {
    return join(this.#folder, `fold-${fold + 1}.bin`);
  }
}
