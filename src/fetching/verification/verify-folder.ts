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
  /** The folder that holds the folders of labels. */
  root: string;
  /** What could be read. */
  read: ReadFile[];
  /** Pictures that cannot be read, or decoded where that was asked for. */
  errors: FileError[];
  duplicates: DuplicateGroup[];
}

/**
 * Reads every file of a folder again, and holds them against what is expected.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE or DATASET_LAYOUT; the signal's reason
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
  const there = new Set(read.files.map(({path}) => path));
  const unreadable = files.filter(({path}) => !there.has(path)).map(({path}) => path);
  // A link to nothing in the place of a picture counts as its absence.
  const skipped = (container.skipped ?? []).filter((path) => !expectation.paths?.has(path));
  const proof = verify(read.files, expectation, {unreadable, others: [...ignored, ...skipped]});
  return {
    ...proof,
    // What does not belong there is no part of the digest.
    verified: proof.verified && !hasDifferences(proof),
    root: join(folder, wrapper),
    read: read.files,
    errors: read.errors,
    duplicates: duplicateGroups(read.files),
  };
}
