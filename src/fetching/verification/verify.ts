import {byCodePoint} from '../../common/code-point-order.ts';
import {directoryDigest} from '../../dataset/digest.ts';
import type {Expectation} from './expectation.ts';

/** A file to verify. */
export interface VerifiedFile {
  /** Relative to the dataset folder, with forward slashes. */
  path: string;
  label: string;
  bytes: number;
  md5: string;
}

/** The differences of a copy, by path. */
export interface Differences {
  missing: string[];
  changed: string[];
  /** Pictures and other files that do not belong to the dataset. */
  extra: string[];
}

export interface Verification {
  /** Whether the copy is exactly the expected dataset. */
  verified: boolean;
  /** DVC's digest of the existing pictures. */
  digest: string;
  files: number;
  bytes: number;
  /** Number of pictures by label, sorted by code point. */
  labels: Record<string, number>;
  differences: Differences;
  /** Labels whose folder digest is not the expected one. */
  differentLabels: string[];
}

/**
 * Compares files with the expected dataset. The differences come from the names and, as far as known, the digests of single
 * files. The digest of the whole dataset decides whether it is verified.
 *
 * @param unreadable paths of files that exist but could not be read; they count as changed
 * @param others paths of files that are not pictures
 */
export function verify(
  files: readonly VerifiedFile[],
  expectation: Expectation,
  {unreadable = [], others = []}: {unreadable?: readonly string[]; others?: readonly string[]} = {},
): Verification {
  const digest = directoryDigest(files);
  const {paths, digests, companions, labels: expectedLabels} = expectation;
  const differences: Differences = {missing: [], changed: [...unreadable], extra: []};
  for (const {path, md5} of files) {
    if (paths && !paths.has(path)) differences.extra.push(path);
    else if (digests?.isOther(path, md5)) differences.changed.push(path);
  }
  const existing = new Set([...files.map(({path}) => path), ...unreadable]);
  for (const path of paths ?? []) if (!existing.has(path)) differences.missing.push(path);
  for (const path of others) if (!companions.includes(path)) differences.extra.push(path);
  for (const list of Object.values(differences) as string[][]) list.sort(byCodePoint);
  const same = digest === expectation.digest;
  const differentLabels = same
    ? []
    : Object.keys(expectedLabels).filter((label) => labelDigest(files, label) !== expectedLabels[label]);
  const sameLabels = differentLabels.length === 0 && files.every(({label}) => Object.hasOwn(expectedLabels, label));
  return {
    verified: (expectation.digest === undefined ? sameLabels : same) && unreadable.length === 0,
    digest,
    files: files.length,
    bytes: files.reduce((total, {bytes}) => total + bytes, 0),
    labels: countLabels(files),
    differences,
    differentLabels,
  };
}

export function hasDifferences({differences}: Pick<Verification, 'differences'>): boolean {
  return Object.values(differences).some((paths) => paths.length > 0);
}

/** DVC's digest of the folder of one label. */
export function labelDigest(files: readonly VerifiedFile[], label: string): string {
  const ofLabel = files.filter((file) => file.label === label);
  return directoryDigest(ofLabel.map(({path, md5}) => ({path: path.slice(label.length + 1), md5})));
}

function countLabels(files: readonly VerifiedFile[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const {label} of files) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byCodePoint(a, b)));
}
