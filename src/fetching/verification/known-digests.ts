import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../../common/package-root.ts';
import {type PublishedDataset, publishedPath} from './published.ts';

/** Bytes per file in the table: the beginning of its MD5, or zeros if it is unknown. */
const PREFIX_BYTES = 3;

/** Knowledge about the digests of single files. */
export interface KnownDigests {
  /** Whether a file is certainly not the expected one; false if its digest is unknown. */
  isOther(path: string, md5: string): boolean;
}

/**
 * Reads the table that `scripts/known-digests.js` writes: the first three bytes of the MD5 of each file, sorted by label and
 * number. It misses one of 16 million changed files, but the digest of the whole dataset misses none.
 */
export function readKnownDigests({labels, digestTable}: PublishedDataset): KnownDigests | undefined {
  if (digestTable === undefined) return undefined;
  const table = readFileSync(tablePath(digestTable));
  const indices = new Map<string, number>();
  for (const label of Object.keys(labels).sort())
    for (let number = 1; number <= labels[label].files; number++)
      indices.set(publishedPath(label, number), indices.size);
  return {
    isOther(path, md5) {
      const index = indices.get(path);
      if (index === undefined) return false;
      const known = table.subarray(index * PREFIX_BYTES, (index + 1) * PREFIX_BYTES);
      return known.some((byte) => byte !== 0) && known.toString('hex') !== md5.slice(0, 2 * PREFIX_BYTES);
    },
  };
}

/** In the folder of this file in the sources, and in the same folder of the package. */
function tablePath(name: string): string {
  const candidates = ['dist', 'src'].map((top) => join(packageRoot(), top, 'fetching', 'verification', name));
  return candidates.find((path) => existsSync(path)) ?? candidates[0];
}
