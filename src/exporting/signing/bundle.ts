/**
 * The file of a signature: a sigstore bundle (version 0.3) with a DSSE envelope
 * (https://github.com/secure-systems-lab/dsse), signed by ECDSA over P-256 with SHA-256.
 */
import {sign, verify} from 'node:crypto';
import {RiceError} from '../../common/errors.ts';
import {isText, memberAt, onlyItem, parseJson, unreadable} from './hostile-json.ts';
import type {SigningKey, VerifyingKey} from './keys.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

interface Bundle {
  payload: Buffer;
  signature: Buffer;
  /** SHA-256 of the public key as PEM; programs before version 1.0 of the format did not write it. */
  hint: string | undefined;
}

/** Signs a statement. @returns the text of the signature's file */
export function sealStatement(statement: string, key: SigningKey): string {
  const payload = Buffer.from(statement);
  const bundle = {
    mediaType: MEDIA_TYPE,
    verificationMaterial: {publicKey: {hint: key.public.fingerprint}, tlogEntries: []},
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{sig: sign('sha256', signedBytes(payload), key.private).toString('base64'), keyid: ''}],
    },
  };
  return `${JSON.stringify(bundle)}\n`;
}

/**
 * The statement of a signature's file, which is looked at only when the key has proved that it signed it.
 *
 * @param from the signature's file, for errors
 * @throws RiceError SIGNATURE_UNREADABLE, SIGNATURE_OTHER_KEY, or SIGNATURE_INVALID where the file was changed
 */
export function openStatement(text: string, {key, fingerprint}: VerifyingKey, from: string): unknown {
  const {payload, signature, hint} = decodeBundle(text, from);
  if (hint !== undefined && hint !== fingerprint)
    throw otherKey(`${from} was made with another key (SHA-256 ${hint}) than this one (${fingerprint})`);
  if (!verify('sha256', signedBytes(payload), key, signature)) {
    if (hint === undefined) throw otherKey(`${from} was made with another key than this one, or was changed`);
    throw new RiceError('SIGNATURE_INVALID', `${from} itself was changed since it was made`);
  }
  return parseJson(payload.toString(), from);
}

function decodeBundle(text: string, from: string): Bundle {
  const bundle = parseJson(text, from);
  if (memberAt(bundle, 'mediaType') !== MEDIA_TYPE) throw unreadable(from, `it is not of the kind ${MEDIA_TYPE}`);
  const material = memberAt(bundle, 'verificationMaterial');
  if (['certificate', 'x509CertificateChain'].some((kind) => memberAt(material, kind) !== undefined))
    throw unreadable(from, 'it was made with a certificate, and only signatures by a key are verified');
  const hint = memberAt(material, 'publicKey', 'hint') || undefined;
  if (hint !== undefined && !isText(hint)) throw unreadable(from, 'the hint at its key is not a text');
  const envelope = memberAt(bundle, 'dsseEnvelope');
  if (memberAt(envelope, 'payloadType') !== PAYLOAD_TYPE) throw unreadable(from, `it does not hold ${PAYLOAD_TYPE}`);
  const signature = onlyItem(memberAt(envelope, 'signatures'));
  if (signature === undefined) throw unreadable(from, 'it must hold one signature');
  const payload = decodeBase64(memberAt(envelope, 'payload'), from);
  return {payload, signature: decodeBase64(memberAt(signature, 'sig'), from), hint};
}

/** What is signed: the pre-authentication encoding of DSSE. */
function signedBytes(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}

function decodeBase64(value: unknown, from: string): Buffer {
  if (!isText(value) || !BASE64.test(value)) throw unreadable(from, 'what it holds is not in Base64');
  return Buffer.from(value, 'base64');
}

function otherKey(message: string): RiceError {
  return new RiceError('SIGNATURE_OTHER_KEY', message);
}
