import {hash} from 'node:crypto';
import type {HubCache} from './hub-cache.ts';

export interface CachedFile {
  bytes: Buffer;
  sha256: string;
  /** The commit that it belongs to. */
  revision: string;
  /** Whether its digest is the expected one, or, where none is known, the one that it was stored by. */
  proved: boolean;
}

/** A file as it lies in the cache, a proved one if there is one. @param expected the only content that is accepted, if known */
export function findCached(
  cache: HubCache,
  file: string,
  expected: {sha256: string} | undefined,
): CachedFile | undefined {
  let other: CachedFile | undefined;
  // Only a known digest tells that another commit than that of main will do.
  const commits = expected ? cache.commits() : [cache.main() ?? []].flat();
  for (const revision of commits) {
    const bytes = cache.read(revision, file);
    if (!bytes) continue;
    const sha256 = hash('sha256', bytes);
    const proved = expected ? sha256 === expected.sha256 : cache.hasBlob(sha256);
    if (proved) return {bytes, sha256, revision, proved};
    other ??= {bytes, sha256, revision, proved};
  }
  return other;
}
