import {replaceFile} from '../../dataset/replace-file.ts';

/**
 * Writes a file so that it is there whole or not at all, whatever happens on the way: to a temporary name, to the disk,
 * then renamed.
 *
 * @throws RiceError DISK_FULL, PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function writeFileAtomically(path: string, data: Uint8Array | string): void {
  replaceFile(path, data, {durable: true});
}
