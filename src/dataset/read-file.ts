import {readFile} from 'node:fs';
import {promisify} from 'node:util';

/** Reads a whole file. Several times as fast for small files as `readFile` of `node:fs/promises`. */
export const readWholeFile: (path: string) => Promise<Buffer> = promisify(readFile);
