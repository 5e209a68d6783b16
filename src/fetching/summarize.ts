import {byCodePoint} from '../common/code-point-order.ts';
import {directoryDigest} from '../dataset/digest.ts';
import type {FetchedDataset} from './fetched.ts';
import type {LabelledFile} from './types.ts';
import {duplicateGroups} from './verification/duplicate-groups.ts';

/** The summary of a dataset's files. */
export type Summary = Pick<FetchedDataset, 'digest' | 'files' | 'bytes' | 'labels' | 'duplicates'>;

/** @param digest the digest of the files, if it is already known */
export function summarize(files: readonly LabelledFile[], digest = directoryDigest(files)): Summary {
  const labels = new Map<string, number>();
  for (const {label} of files) labels.set(label, (labels.get(label) ?? 0) + 1);
  return {
    digest,
    files: files.length,
    bytes: files.reduce((total, {bytes}) => total + bytes, 0),
    labels: Object.fromEntries([...labels].sort(([a], [b]) => byCodePoint(a, b))),
    duplicates: duplicateGroups(files),
  };
}
