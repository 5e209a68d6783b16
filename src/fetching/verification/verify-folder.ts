import {join} from 'node:path';
import type {DuplicateGroup} from '../../dataset/duplicates.ts';
import type {FileError} from '../../dataset/file-error.ts';
import {checkRootIsFolder} from '../../dataset/layout.ts';
import {openFolder} from '../unpack/folder-container.ts';
import {locateLabels} from '../unpack/locate-labels.ts';
import {type ReadFile, type ReadOptions, readFiles} from '../unpack/read-files.ts';
import {duplicateGroups} from './duplicate-groups.ts';
import type {Expectation} from './expectation.ts';
import {hasDifferences, type Verification, verify} from './verify.ts';

export interface FolderVerification extends Verification {
  /** The folder with the label folders. */
  root: string;
  /** The readable files. */
  read: ReadFile[];
  /** Pictures that cannot be read, or decoded if that was requested. */
  errors: FileError[];
  duplicates: DuplicateGroup[];
}

/**
 * Reads every file of a folder and compares it with the expected dataset.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE or DATASET_LAYOUT; the reason of the signal
 */
export async function verifyFolder(
  folder: string,
  expectation: Expectation,
  options: Pick<ReadOptions, 'deep' | 'threads' | 'onProgress' | 'signal'>,
): Promise<FolderVerification> {
  checkRootIsFolder(folder);
  const container = openFolder(folder);
  const {files, wrapper, ignored} = locateLabels(container, {loosePictures: true});
  const read = await readFiles(container, files, options);
  const readable = new Set(read.files.map(({path}) => path));
  const unreadable = files.filter(({path}) => !readable.has(path)).map(({path}) => path);
  // A broken link instead of a picture counts as missing.
  const skipped = (container.skipped ?? []).filter((path) => !expectation.paths?.has(path));
  const verification = verify(read.files, expectation, {unreadable, others: [...ignored, ...skipped]});
  return {
    ...verification,
    // The digest does not cover extra files.
    verified: verification.verified && !hasDifferences(verification),
    root: join(folder, wrapper),
    read: read.files,
    errors: read.errors,
    duplicates: duplicateGroups(read.files),
  };
}
