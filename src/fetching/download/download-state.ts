import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {removeAbandonedFolders} from '../../common/files/temporary-folder.ts';
import type {RemoteContent} from './remote-file.ts';

/** The remote content that the partial file in a folder belongs to. */
export type DownloadState = Pick<RemoteContent, 'identity' | 'total' | 'digests'>;

const STATE_FILE = 'state.json';

/** Undefined if there is no valid state file. */
export function readState(folder: string): DownloadState | undefined {
  try {
    const {identity, total, digests} = JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8'));
    const {md5, sha256} = digests;
    const valid =
      isMissingOr(typeof identity === 'string', identity) &&
      isMissingOr(Number.isSafeInteger(total) && total >= 0, total) &&
      isMissingOr(/^[0-9a-f]{32}$/.test(md5), md5) &&
      isMissingOr(/^[0-9a-f]{64}$/.test(sha256), sha256);
    return valid ? {identity, total, digests: {md5, sha256}} : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the state file atomically. @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL */
export function writeState(folder: string, {identity, total, digests}: DownloadState): void {
  const path = join(folder, STATE_FILE);
  removeAbandonedFolders(path);
  writeAtomically(path, JSON.stringify({identity, total, digests}), {durable: true});
}

function isMissingOr(valid: boolean, value: unknown): boolean {
  return value === undefined || valid;
}
