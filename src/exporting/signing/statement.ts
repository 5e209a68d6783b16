/**
 * What a signature of a model says: an in-toto statement (https://github.com/in-toto/attestation, version 1) with the
 * predicate of OpenSSF model signing 1.0 (https://github.com/ossf/model-signing-spec).
 */
import {createHash} from 'node:crypto';
import type {FileDigest} from './digest-files.ts';
import {isText, memberAt, onlyItem, unreadable} from './hostile-json.ts';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

const SHA256 = /^[\da-f]{64}$/;

export interface Statement {
  /** The name of the file or folder when it was signed. */
  name: string;
  /** SHA-256 over the digests of all files, in hexadecimal. */
  sha256: string;
  files: FileDigest[];
  /** Files and folders that were left out, relative to the model's folder. */
  ignored: string[];
}

/** SHA-256 over the bytes of the digests one after the other, in hexadecimal. */
export function digestOfAll(files: readonly FileDigest[]): string {
  const sum = createHash('sha256');
  for (const {sha256} of files) sum.update(sha256, 'hex');
  return sum.digest('hex');
}

export function encodeStatement({name, sha256, files, ignored}: Statement): string {
  return JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: [{name, digest: {sha256}}],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: {method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored},
      resources: files.map((file) => ({name: file.name, algorithm: 'sha256', digest: file.sha256})),
    },
  });
}

/**
 * @param from the signature's file, for errors
 * @throws RiceError SIGNATURE_UNREADABLE
 */
export function decodeStatement(document: unknown, from: string): Statement {
  if (memberAt(document, '_type') !== STATEMENT_TYPE) throw unreadable(from, `it does not hold ${STATEMENT_TYPE}`);
  if (memberAt(document, 'predicateType') !== PREDICATE_TYPE) throw unreadable(from, `it is not of ${PREDICATE_TYPE}`);
  const subject = onlyItem(memberAt(document, 'subject'));
  const [name, sha256] = [memberAt(subject, 'name'), memberAt(subject, 'digest', 'sha256')];
  if (!isText(name) || !isDigest(sha256)) throw unreadable(from, 'it must have one subject with a SHA-256');
  const ignored = ignoredOf(memberAt(document, 'predicate', 'serialization'), from);
  const files = filesOf(memberAt(document, 'predicate', 'resources'), from);
  if (digestOfAll(files) !== sha256) throw unreadable(from, 'its SHA-256 of all files is not that of those it lists');
  return {name, sha256, files, ignored};
}

function ignoredOf(serialization: unknown, from: string): string[] {
  if (memberAt(serialization, 'method') !== 'files' || memberAt(serialization, 'hash_type') !== 'sha256')
    throw unreadable(from, 'only signatures over whole files with SHA-256 (method files, hash_type sha256) are read');
  const ignored = memberAt(serialization, 'ignore_paths') ?? [];
  if (!Array.isArray(ignored) || !ignored.every(isText)) throw unreadable(from, 'ignore_paths must be a list of names');
  return ignored;
}

function filesOf(resources: unknown, from: string): FileDigest[] {
  if (!Array.isArray(resources) || resources.length === 0) throw unreadable(from, 'it covers no file');
  const files = resources.map((resource): FileDigest => {
    const [name, algorithm, digest] = ['name', 'algorithm', 'digest'].map((key) => memberAt(resource, key));
    if (!isText(name) || algorithm !== 'sha256' || !isDigest(digest))
      throw unreadable(from, 'each of its files must have a name and a SHA-256');
    return {name, sha256: digest};
  });
  if (new Set(files.map(({name}) => name)).size !== files.length) throw unreadable(from, 'it lists a file twice');
  return files;
}

function isDigest(value: unknown): value is string {
  return isText(value) && SHA256.test(value);
}
