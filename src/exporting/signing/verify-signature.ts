import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {openStatement} from './bundle.ts';
import {digestFiles, type FileDigest} from './digest-files.ts';
import type {VerifyingKey} from './keys.ts';
import {nameInside, readSignature} from './signature-file.ts';
import {decodeStatement, type Statement} from './statement.ts';

/** Names that a message holds of each kind. */
const SHOWN = 5;

export interface VerifiedModel extends Pick<Statement, 'name' | 'sha256' | 'files'> {
  /** What lies in the folder and the signature does not cover, apart from the signature's own file. */
  unsigned: string[];
}

/**
 * Checks that a model is, file by file, what the owner of a key signed.
 *
 * @param model a file or a folder
 * @param path the file of the signature
 * @throws RiceError SIGNATURE_INVALID where model or signature were changed, SIGNATURE_OTHER_KEY, SIGNATURE_UNREADABLE,
 *   NOT_SIGNABLE, PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function verifySignature(model: string, path: string, key: VerifyingKey): VerifiedModel {
  const own = nameInside(model, path);
  const {name, sha256, files, ignored} = decodeStatement(openStatement(readSignature(path), key, path), path);
  compare(model, files, digestFiles(model, own === undefined ? ignored : [own, ...ignored]));
  const unsigned = ignored.filter((each) => each !== own && existsSync(join(model, each)));
  return {name, sha256, files, unsigned};
}

function compare(model: string, signed: readonly FileDigest[], found: readonly FileDigest[]): void {
  const [isFile, wasFile] = [found, signed].map((files) => files.length === 1 && files[0].name === '.');
  if (isFile !== wasFile)
    throw new RiceError(
      'SIGNATURE_INVALID',
      `${model} is a ${isFile ? 'file' : 'folder'}, and the signature is that of a ${wasFile ? 'file' : 'folder'}`,
    );
  if (isFile && found[0].sha256 !== signed[0].sha256)
    throw new RiceError(
      'SIGNATURE_INVALID',
      `${model} is not what was signed: its SHA-256 is ${found[0].sha256}, that of the signed file ${signed[0].sha256}`,
    );
  const differences = differencesOf(signed, found);
  if (differences.length > 0)
    throw new RiceError('SIGNATURE_INVALID', `${model} is not what was signed: ${differences.join('; ')}`);
}

function differencesOf(signed: readonly FileDigest[], found: readonly FileDigest[]): string[] {
  const [before, now] = [signed, found].map((files) => new Map(files.map(({name, sha256}) => [name, sha256])));
  const names = [...before.keys()];
  const changed = names.filter((name) => now.has(name) && now.get(name) !== before.get(name));
  const missing = names.filter((name) => !now.has(name));
  const added = [...now.keys()].filter((name) => !before.has(name));
  return [...listed('changed', changed), ...listed('missing', missing), ...listed('added', added)];
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length - SHOWN;
  return [`${what} ${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
}
