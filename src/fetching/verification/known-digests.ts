import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../../common/package-root.ts';
import {type PublishedDataset, publishedPath} from './published.ts';

/** Bytes that are kept of each file's MD5; zeros where it is not known. */
const KEPT = 3;

/** What is known of single files of the published dataset: the beginnings of their MD5s. */
export interface KnownDigests {
  /** Whether a file is certainly not the published one; false where nothing is known of it. */
  isOther(path: string, md5: string): boolean;
}

/**
 * Reads the table that `scripts/known-digests.js` makes: for each label by name, for each of its files by
 * number, the first three bytes of its MD5. A changed file is missed once in 16 million times, and by the digest of the
 * whole never.
 */
export function readKnownDigests({labels, digestTable}: PublishedDataset): KnownDigests | undefined {
  if (digestTable === undefined) return undefined;
  const table = readFileSync(tablePath(digestTable));
  const places = new Map<string, number>();
  for (const label of Object.keys(labels).sort())
    for (let number = 1; number <= labels[label].files; number++) places.set(publishedPath(label, number), places.size);
  return {
    isOther(path, md5) {
      const place = places.get(path);
      if (place === undefined) return false;
      const known = table.subarray(place * KEPT, (place + 1) * KEPT);
      return known.some((byte) => byte !== 0) && known.toString('hex') !== md5.slice(0, 2 * KEPT);
    },
  };
}

/** Beside this file in the sources, and at the same place in the package. */
function tablePath(name: string): string {
  const candidates = ['dist', 'src'].map((top) => join(packageRoot(), top, 'fetching', 'verification', name));
  return candidates.find((path) => existsSync(path)) ?? candidates[0];
}
