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

/** What came out of a source. */
export interface Unpacked {
  /** All of it (of the labels that are wanted), also where only a subset was written. */
  proof: Verification;
  /** What is in `folder`. */
  written: ReadFile[];
  /** Pictures that cannot be decoded, where that was asked for. */
  errors: FileError[];
  /** Beside the destination, under a name of this process alone. */
  folder: string;
}

/** What a file takes on the disk beside its bytes: it fills blocks, and has an entry in its folder. */
const BLOCK = 4096;

/**
 * Unpacks a source into a folder beside the destination and proves it. Of a subset everything is read as well, unless the
 * source states the digests of its files.
 *
 * @throws RiceError ARCHIVE_..., DATASET_LAYOUT, DISK_FULL, PATH_...; the signal's reason; nothing is left behind then
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
  const labelled = labels ? onlyLabels(all, labels) : all;
  // Published are the digests of the labels; another digest is that of everything.
  const located = digest === undefined ? labelled : all;
  const wanted = subset ? [...chooseSubset(labelled, subset)].map((index) => labelled.files[index]) : labelled.files;
  const chosen = wanted.length < located.files.length ? indicesOf(wanted, located.files) : undefined;
  requireSpace(dirname(dest), sizeOnDisk(wanted), 'the unpacked dataset');
  const folder = makeFolder(dest);
  try {
    // What is downloaded file by file is proved by what the bucket says of the others.
    const statedOnly = chosen && located.files.every(({md5}) => md5 !== undefined);
    const {files, errors} = await readFiles(container, statedOnly ? wanted : located.files, {
      target: folder,
      write: statedOnly ? undefined : chosen,
      deep,
      threads,
      signal,
      onProgress: ({done, total}) => events.onProgress('unpacking', done, total),
    });
    const written = chosen ? files.filter(({modified}) => !Number.isNaN(modified)) : files;
    const proof = verify(statedOnly ? withStated(located.files, files) : files, expectation);
    return {proof, written, errors, folder};
  } catch (error) {
    rmSync(folder, {recursive: true, force: true});
    throw error;
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

/** The files as they were read, the others as the container states them. */
function withStated(located: readonly LocatedFile[], read: readonly ReadFile[]): VerifiedFile[] {
  const known = new Map(read.map((file) => [file.path, file]));
  return located.map(({path, label, bytes, md5}) => known.get(path) ?? {path, label, bytes, md5: md5!});
}

function sizeOnDisk(files: readonly LocatedFile[]): number {
  return files.reduce((total, {bytes}) => total + Math.ceil(bytes / BLOCK) * BLOCK, 0);
}
