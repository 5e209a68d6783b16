import {createPrivateKey, createPublicKey, hash, type KeyObject} from 'node:crypto';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import {readBounded} from './read-bounded.ts';

/** Where the passphrase of an encrypted key is taken from: on a command line every process of the machine could read it. */
export const PASSPHRASE_VARIABLE = 'RICE_SIGN_PASSPHRASE';

/** OpenSSL's name of the only curve that is used: P-256. */
const CURVE = 'prime256v1';

/** 1 MiB: a key takes some hundred bytes, perhaps with text of its owner around it. */
const MAX_BYTES = 1 << 20;

const MAKE_KEY = `Make one: openssl ecparam -name ${CURVE} -genkey -noout -out key.pem`;

/** What signs. */
export interface SigningKey {
  /** The file that it was read from. */
  path: string;
  private: KeyObject;
  public: VerifyingKey;
}

/** What verifies. */
export interface VerifyingKey {
  key: KeyObject;
  /** SHA-256 of the public key as PEM, in hexadecimal, by which signatures name it. */
  fingerprint: string;
}

/**
 * Reads a private key: ECDSA over P-256, as PEM (PKCS #8 or SEC 1), encrypted or not.
 *
 * @param env has the passphrase of an encrypted key, `RICE_SIGN_PASSPHRASE`
 * @throws RiceError KEY_INVALID, PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function readSigningKey(path: string, env: NodeJS.ProcessEnv = process.env): SigningKey {
  const pem = readPem(path);
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw notPrivate(path, pem);
  const key = decode(path, () => privateKey(path, pem, env[PASSPHRASE_VARIABLE] ?? ''));
  checkCurve(key, path);
  return {path, private: key, public: withFingerprint(createPublicKey(key))};
}

/**
 * Reads a public key: ECDSA over P-256, as PEM.
 *
 * @throws RiceError KEY_INVALID, PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function readVerifyingKey(path: string): VerifyingKey {
  const pem = readPem(path);
  if (!/-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(pem)) throw notPublic(path, pem);
  const key = decode(path, () => createPublicKey(pem));
  checkCurve(key, path);
  return withFingerprint(key);
}

function readPem(path: string): string {
  try {
    const pem = readBounded(path, MAX_BYTES);
    if (!pem) throw new RiceError('KEY_INVALID', `${path} is too large for a key`);
    return pem.toString('latin1');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

function privateKey(path: string, pem: string, passphrase: string): KeyObject {
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (!encrypted) return createPrivateKey(pem);
  if (passphrase === '')
    throw new RiceError('KEY_INVALID', `${path} is encrypted, and there is no passphrase`, {
      suggestions: [`Set ${PASSPHRASE_VARIABLE} to its passphrase.`],
    });
  try {
    return createPrivateKey({key: pem, passphrase});
  } catch (error) {
    throw new RiceError('KEY_INVALID', `${path} cannot be decrypted: the passphrase is wrong, or the file is damaged`, {
      suggestions: [`Correct ${PASSPHRASE_VARIABLE}.`],
      cause: error,
    });
  }
}

function decode(path: string, read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    if (error instanceof RiceError) throw error;
    throw new RiceError('KEY_INVALID', `${path} is damaged: no key can be read from it`, {cause: error});
  }
}

function checkCurve(key: KeyObject, path: string): void {
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === CURVE) return;
  throw new RiceError(
    'KEY_INVALID',
    `${path} is ${kindOf(key)}: models are signed by ECDSA with a key over the curve P-256`,
    {suggestions: [MAKE_KEY]},
  );
}

function kindOf({asymmetricKeyType: type, asymmetricKeyDetails: details}: KeyObject): string {
  if (type === 'ec') return `a key over the curve ${details?.namedCurve ?? 'of its own'}`;
  if (type === 'rsa') return `an RSA key of ${details?.modulusLength} bits`;
  return `a key of the kind ${type}`;
}

function withFingerprint(key: KeyObject): VerifyingKey {
  return {key, fingerprint: hash('sha256', key.export({type: 'spki', format: 'pem'}))};
}

function notPrivate(path: string, pem: string): RiceError {
  return /-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(pem)
    ? new RiceError('KEY_INVALID', `${path} is a public key: it verifies signatures, but cannot sign`, {
        suggestions: ['Name the private key that it belongs to.'],
      })
    : noKey(path);
}

function notPublic(path: string, pem: string): RiceError {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return new RiceError('KEY_INVALID', `${path} is a private key: a signature is verified with the public one`, {
      suggestions: [`Make it: openssl pkey -in ${shellWords([path])} -pubout -out public.pem`],
    });
  if (pem.includes('-----BEGIN CERTIFICATE-----'))
    return new RiceError('KEY_INVALID', `${path} is a certificate, not a public key`, {
      suggestions: [`Take the key out of it: openssl x509 -in ${shellWords([path])} -pubkey -noout -out public.pem`],
    });
  return noKey(path);
}

function noKey(path: string): RiceError {
  return new RiceError('KEY_INVALID', `${path} holds no key in PEM`);
}
