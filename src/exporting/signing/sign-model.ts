import {basename, resolve} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {checkWritable, writeAtomically} from '../../common/files/atomic-file.ts';
import {sealStatement} from './bundle.ts';
import {digestFiles, type FileDigest} from './digest-files.ts';
import type {SigningKey} from './keys.ts';
import {nameInside, signaturePath} from './signature-file.ts';
import {digestOfAll, encodeStatement} from './statement.ts';

/** Bookkeeping of Git, which differs from copy to copy. */
const GIT_PATHS = ['.git', '.gitattributes', '.github', '.gitignore'];

export interface SignedModel {
  /** The file of the signature. */
  path: string;
  /** Its text: the JSON of a sigstore bundle. */
  signature: string;
  /** SHA-256 over the digests of all files, in hexadecimal. */
  sha256: string;
  files: FileDigest[];
}

/**
 * Signs a model, as OpenSSF model signing 1.0 describes, and writes the signature. Of a folder every file is covered, but
 * the signature itself and the bookkeeping of Git.
 *
 * @param model a file or a folder
 * @param path where to write the signature; see `signaturePath` for the default
 * @throws RiceError NOT_SIGNABLE, PATH_NOT_FOUND, PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL
 */
export function signModel(model: string, key: SigningKey, path: string = signaturePath(model)): SignedModel {
  checkWritable(path);
  const own = nameInside(model, path);
  if (own === '') throw new RiceError('NOT_SIGNABLE', `the signature of ${model} cannot be written to ${model} itself`);
  if (nameInside(model, key.path) !== undefined)
    throw new RiceError(
      'NOT_SIGNABLE',
      `the private key ${key.path} lies in ${model}, and would be published with it`,
      {
        suggestions: ['Keep it elsewhere; if it was published before, make a new one.'],
      },
    );
  const ignored = [...(own === undefined ? [] : [own]), ...GIT_PATHS];
  const files = digestFiles(model, ignored);
  if (files.length === 0) throw new RiceError('NOT_SIGNABLE', `${model} holds no file to sign`);
  const sha256 = digestOfAll(files);
  const signature = sealStatement(encodeStatement({name: basename(resolve(model)), sha256, files, ignored}), key);
  writeAtomically(path, signature);
  return {path, signature, sha256, files};
}
