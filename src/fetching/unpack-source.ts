import {rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {fromFileSystemError} from '../common/errors.ts';
import {makeTemporaryFolder} from '../common/files/temporary-folder.ts';
import type {FileError} from '../dataset/file-error.ts';
import {requireSpace} from './download/disk-space.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import {chooseSubset, onlyLabels} from './unpack/choose-files.ts';
import type {Container} from './unpack/container.ts';
import {type LocatedFile, locateLabels} from './unpack/locate-labels.ts';
import {type ReadFile, readFiles} from './unpack/read-files.ts';
import type {Expectation} from './verification/expectation.ts';
import {type Verification, type VerifiedFile, verify} from './verification/verify.ts';

/** The unpacked content of a source. */
export interface Unpacked {
  /** The verification of all pictures (of the requested labels), even if only a subset was written. */
  verification: Verification;
  /** The files in `folder`. */
  written: ReadFile[];
  /** Pictures that cannot be decoded, if that was requested. */
  errors: FileError[];
  /** A temporary folder of this process beside the destination. */
  folder: string;
}

/** Block size of a typical disk: the space of a file is rounded up to whole blocks. */
const BLOCK = 4096;

/**
 * Unpacks a source into a folder beside the destination and verifies it. Even for a subset everything is read, unless the
 * source states the digests of its files.
 *
 * @throws RiceError ARCHIVE_..., DATASET_LAYOUT, DISK_FULL, PATH_...; the reason of the signal. Nothing is left behind then
 */
export async function unpackSource(
  container: Container,
  expectation: Expectation,
  request: FetchRequest,
  events: Pick<FetchEvents, 'onProgress'>,
  signal: AbortSignal,
): Promise<Unpacked> {
  const {dest, labels, subset, digest, deep, threads} = request;
  const all = locateLabels(container);
  const ofLabels = labels ? onlyLabels(all, labels) : all;
  // The published labels have their own digests; another digest applies to the whole source.
  const toVerify = digest === undefined ? ofLabels : all;
  const selected = subset ? [...chooseSubset(ofLabels, subset)].map((index) => ofLabels.files[index]) : ofLabels.files;
  const toWrite = selected.length < toVerify.files.length ? indicesOf(selected, toVerify.files) : undefined;
  requireSpace(dirname(dest), sizeOnDisk(selected), 'the unpacked dataset');
  const folder = makeFolder(dest);
  try {
    // A bucket states the MD5 of each file, so the files that are not selected need not be downloaded.
    const useStated = toWrite && toVerify.files.every(({md5}) => md5 !== undefined);
    const {files, errors} = await readFiles(container, useStated ? selected : toVerify.files, {
      target: folder,
      write: useStated ? undefined : toWrite,
      deep,
      threads,
      signal,
      onProgress: ({done, total}) => events.onProgress('unpacking', done, total),
    });
    const written = toWrite ? files.filter(({modified}) => !Number.isNaN(modified)) : files;
    const verification = verify(useStated ? withStated(toVerify.files, files) : files, expectation);
    return {verification, written, errors, folder};
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** As far as that can be done: what went wrong before is what is told. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true});
  } catch {
    // The next run removes what is left.
  }
}

function makeFolder(dest: string): string {
  try {
    return makeTemporaryFolder(dest);
  } catch (error) {
    throw fromFileSystemError(error, dest, 'write');
  }
}

function indicesOf(some: readonly LocatedFile[], all: readonly LocatedFile[]): Set<number> {
  const entries = new Set(some.map(({entry}) => entry));
  return new Set([...all.keys()].filter((index) => entries.has(all[index].entry)));
}

/** The files that were read, and the others with the digests that the container states. */
function withStated(located: readonly LocatedFile[], read: readonly ReadFile[]): VerifiedFile[] {
  const known = new Map(read.map((file) => [file.path, file]));
  return located.map(({path, label, bytes, md5}) => known.get(path) ?? {path, label, bytes, md5: md5!});
}

function sizeOnDisk(files: readonly LocatedFile[]): number {
  return files.reduce((total, {bytes}) => total + Math.ceil(bytes / BLOCK) * BLOCK, 0);
}
