import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {Xoshiro128} from '../../../src/common/xoshiro128.ts';
import {sealStatement} from '../../../src/exporting/signing/bundle.ts';
import {readSigningKey, readVerifyingKey, type VerifyingKey} from '../../../src/exporting/signing/keys.ts';
import {verifySignature} from '../../../src/exporting/signing/verify-signature.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {FOLDER_SIGNATURE, PUBLIC_KEY} from './golden.ts';
import {write, writeKeyPair} from './key-files.ts';
import {writeFolder} from './signed-folder.ts';

const SEED = 1;
const CASES = 1000;

/** What a value of a document is replaced by. */
const ODD: readonly unknown[] = [null, true, 0, -1, 1e308, '', 'x', '.', '/', [], [[]], {}, {length: 1}, [null], ['']];

type Path = (string | number)[];

/** The places of all values of a document. */
function placesIn(value: unknown, path: Path = []): Path[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) =>
          placesIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [path, ...inner];
}

/** A copy of a document with another value at a place, or none. */
function withValue(document: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const copy = structuredClone(document);
  const holder = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (inner, key) => inner[key] as Record<string | number, unknown>,
      copy as Record<string | number, unknown>,
    );
  if (value === undefined) delete holder[path.at(-1)!];
  else holder[path.at(-1)!] = value;
  return copy;
}

describe('hostile signatures', () => {
  const root = temporaryFolder();
  let model: string;
  let signature: string;
  let golden: VerifyingKey;
  before(() => {
    golden = readVerifyingKey(write(root(), 'golden.pem', PUBLIC_KEY));
    model = writeFolder(join(root(), 'model'));
    signature = join(root(), 'model.sig');
  });
  /** The codes of errors of rice; anything else fails the test. */
  const outcome = (text: string | Uint8Array, key = golden) => {
    writeFileSync(signature, text);
    try {
      verifySignature(model, signature, key);
      return 'accepted';
    } catch (error) {
      if (error instanceof RiceError) return error.code;
      throw new Error(`${text}`, {cause: error});
    }
  };
  const bundle = JSON.parse(FOLDER_SIGNATURE);
  const {payload} = bundle.dsseEnvelope;

  it('with another value at any place are rejected, unless it says nothing', () => {
    const accepted = new Set<string>();
    for (const path of placesIn(bundle))
      for (const value of [undefined, ...ODD])
        if (outcome(JSON.stringify(withValue(bundle, path, value)) ?? '') === 'accepted') accepted.add(path.join('.'));
    // Without a hint the key alone decides.
    const free = ['publicKey', 'publicKey.hint', 'tlogEntries'].map((key) => `verificationMaterial.${key}`);
    expect([...accepted]).to.have.members([...free, 'verificationMaterial', 'dsseEnvelope.signatures.0.keyid']);
  });

  it('with another value at any place of a signed statement are rejected, unless it says nothing', () => {
    const key = readSigningKey(writeKeyPair(root(), 'signer').private);
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString());
    expect(outcome(sealStatement(JSON.stringify(statement), key), key.public)).to.equal('accepted');
    const accepted = new Set<string>();
    for (const path of placesIn(statement))
      for (const value of [undefined, ...ODD]) {
        const text = JSON.stringify(withValue(statement, path, value)) ?? '';
        if (outcome(sealStatement(text, key), key.public) === 'accepted') accepted.add(path.join('.'));
      }
    const ignored = [...accepted].filter((path) => !path.startsWith('predicate.serialization.ignore_paths'));
    expect(ignored).to.have.members(['subject.0.name', 'predicate.serialization.allow_symlinks']);
  });

  it('with damaged bytes are rejected, unless they still hold the same statement', () => {
    const random = new Xoshiro128([SEED, 0, 0, 0]);
    const below = (limit: number) => random.integer() % limit;
    const codes = new Map<string, number>();
    for (let i = 0; i < CASES; i++) {
      const bytes = Buffer.from(FOLDER_SIGNATURE);
      const [from, to] = [below(bytes.length), below(bytes.length)];
      const damaged = [
        () => bytes.subarray(0, from),
        () => Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]),
        () => bytes.fill(below(256), from, from + 1 + below(4)),
        () => bytes.copyWithin(from, to, to + below(64)),
      ][below(4)]();
      const code = outcome(damaged);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code === 'accepted')
        expect(JSON.parse(damaged.toString()).dsseEnvelope.payload, `case ${i}`).to.equal(payload);
    }
    expect([...codes.keys()]).to.include.members(['SIGNATURE_INVALID', 'SIGNATURE_UNREADABLE', 'SIGNATURE_OTHER_KEY']);
  });
});
