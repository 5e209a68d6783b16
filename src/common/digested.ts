import {hash} from 'node:crypto';

/** A JSON document that carries the SHA-256 of the rest of itself, so that a changed byte in it is noticed. */
export type Digested<T> = T & {sha256: string};

export function withDigest<T extends object>(document: T): Digested<T> {
  return {...document, sha256: digestOf(document)};
}

/**
 * Takes the digest off a document that was read.
 *
 * @returns undefined where the rest is not what was written; a document without a digest, of earlier versions, is taken as
 *   it is
 */
export function withoutDigest<T extends object>({sha256, ...document}: Partial<Digested<T>>): T | undefined {
  return sha256 === undefined || sha256 === digestOf(document) ? (document as T) : undefined;
}

/** The text is the same after it was written and read: JSON keeps the order of the keys. */
function digestOf(document: object): string {
  return hash('sha256', JSON.stringify(document));
}
