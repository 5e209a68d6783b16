import {byCodePoint} from '../../common/code-point-order.ts';
import {directoryDigest} from '../../dataset/digest.ts';
import type {Expectation} from './expectation.ts';

/** A file that is there, as the proof looks at it. */
export interface VerifiedFile {
  /** Below the dataset's folder, with forward slashes. */
  path: string;
  label: string;
  bytes: number;
  md5: string;
}

/** What is wrong with a copy, by path. */
export interface Differences {
  missing: string[];
  changed: string[];
  /** What does not belong there: pictures, and other files. */
  extra: string[];
}

export interface Verification {
  /** The copy is what was expected, to the last byte. */
  verified: boolean;
  /** DVC's digest of the pictures that are there. */
  digest: string;
  files: number;
  bytes: number;
  /** Pictures of each label, by code point. */
  labels: Record<string, number>;
  differences: Differences;
  /** Labels whose folder as a whole is not the expected one. */
  differentLabels: string[];
}

/**
 * Holds files against what is expected of them. Files are told apart by name and, as far as their digests are known
 * singly, by content; whether all are right is decided by the digest of the whole.
 *
 * @param unreadable paths of files that are there but could not be read: they count as changed
 * @param others paths of what is there besides pictures
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
  const there = new Set([...files.map(({path}) => path), ...unreadable]);
  for (const path of paths ?? []) if (!there.has(path)) differences.missing.push(path);
  differences.extra.push(...others.filter((path) => !companions.includes(path)));
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
  const own = files.filter((file) => file.label === label);
  return directoryDigest(own.map(({path, md5}) => ({path: path.slice(label.length + 1), md5})));
}

function countLabels(files: readonly VerifiedFile[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const {label} of files) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byCodePoint(a, b)));
}
