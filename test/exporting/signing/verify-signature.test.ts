import {appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {sealStatement} from '../../../src/exporting/signing/bundle.ts';
import {readSigningKey, readVerifyingKey, type VerifyingKey} from '../../../src/exporting/signing/keys.ts';
import {signModel} from '../../../src/exporting/signing/sign-model.ts';
import {verifySignature} from '../../../src/exporting/signing/verify-signature.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {FILE_SIGNATURE, FOLDER_SIGNATURE, PUBLIC_KEY} from './golden.ts';
import {write, writeKeyPair} from './key-files.ts';
import {CONTENT, SIGNED_NAMES, writeFolder} from './signed-folder.ts';

describe('verifying a model', () => {
  const root = temporaryFolder();
  let golden: VerifyingKey;
  let next = 0;
  let folder: string;
  let signature: string;
  before(() => {
    golden = readVerifyingKey(write(root(), 'golden.pem', PUBLIC_KEY));
  });
  beforeEach(() => {
    folder = writeFolder(join(root(), `model${next++}`));
    signature = write(folder, 'model.sig', FOLDER_SIGNATURE);
  });
  const failure = (model = folder, key = golden, path = signature) => {
    try {
      verifySignature(model, path, key);
    } catch (error) {
      expect(error, String(error)).to.be.instanceOf(RiceError);
      return `${(error as RiceError).code} ${(error as RiceError).message.replaceAll(folder, 'F')}`;
    }
    return 'nothing';
  };

  it('accepts what the reference implementation signed', () => {
    const {name, files, unsigned} = verifySignature(folder, signature, golden);
    expect([name, files.map((file) => file.name)]).to.deep.equal(['golden', SIGNED_NAMES]);
    expect(unsigned).to.deep.equal(['.gitignore']);
    const file = verifySignature(join(folder, 'model.onnx'), write(root(), 'file.sig', FILE_SIGNATURE), golden);
    expect([file.name, file.files[0].name, file.unsigned]).to.deep.equal(['model.onnx', '.', []]);
  });

  it('takes the signature where it is, and does not ask for the name of the folder', () => {
    const other = join(folder, 'sub', 'other.sig');
    renameSync(signature, other);
    expect(verifySignature(folder, other, golden).files).to.have.length(SIGNED_NAMES.length);
  });

  it('names what was changed, is missing and was added', () => {
    appendFileSync(join(folder, 'model.onnx'), 'x');
    expect(failure()).to.equal('SIGNATURE_INVALID F is not what was signed: changed model.onnx');
    rmSync(join(folder, 'labels.txt'));
    rmSync(join(folder, 'sub'), {recursive: true});
    mkdirSync(join(folder, 'more'));
    for (let i = 0; i < 8; i++) writeFileSync(join(folder, 'more', `${i}`), '');
    expect(failure()).to.equal(
      'SIGNATURE_INVALID F is not what was signed: changed model.onnx; missing labels.txt, sub/weights.bin; added more/0, more/1, more/2, more/3, more/4 and 3 more',
    );
  });

  it('notices every changed byte of every file', () => {
    for (const name of SIGNED_NAMES.filter((each) => CONTENT[each].length > 0)) {
      const bytes = Buffer.from(CONTENT[name]);
      for (let i = 0; i < bytes.length; i++) {
        bytes[i] ^= 1 << (i % 8);
        writeFileSync(join(folder, name), bytes);
        expect(failure(), `${name}, byte ${i}`).to.match(new RegExp(`^SIGNATURE_INVALID .* changed ${name}$`));
        bytes[i] ^= 1 << (i % 8);
      }
      writeFileSync(join(folder, name), bytes);
    }
    expect(failure()).to.equal('nothing');
  });

  it('says that a file was changed, and does not take a folder for a file', () => {
    const model = join(folder, 'model.onnx');
    const path = write(root(), 'file.sig', FILE_SIGNATURE);
    expect(failure(folder, golden, path)).to.match(/^SIGNATURE_INVALID F is a folder, and .* of a file$/);
    expect(failure(model, golden, signature)).to.match(/^SIGNATURE_INVALID .* is a file, and .* of a folder$/);
    appendFileSync(model, 'x');
    expect(failure(model, golden, path)).to.match(/^SIGNATURE_INVALID .*: its SHA-256 is \w{64}, .* \w{64}$/);
  });

  it('does not follow a link to the same content', () => {
    rmSync(join(folder, 'labels.txt'));
    symlinkSync(write(root(), 'outside.txt', CONTENT['labels.txt']), join(folder, 'labels.txt'));
    expect(failure()).to.match(/^NOT_SIGNABLE .*labels.txt is a link/);
  });

  it('rejects another key, whatever the signature says of its own', () => {
    const other = readVerifyingKey(writeKeyPair(root(), 'other').public);
    expect(failure(folder, other)).to.match(/^SIGNATURE_OTHER_KEY .*model.sig was made with another key/);
    const bundle = JSON.parse(FOLDER_SIGNATURE);
    bundle.verificationMaterial.publicKey.hint = other.fingerprint;
    writeFileSync(signature, JSON.stringify(bundle));
    expect(failure(folder, other)).to.equal('SIGNATURE_INVALID F/model.sig itself was changed since it was made');
    delete bundle.verificationMaterial.publicKey.hint;
    writeFileSync(signature, JSON.stringify(bundle));
    expect(failure(folder, other)).to.match(/^SIGNATURE_OTHER_KEY .* or was changed$/);
    expect(failure(folder, golden)).to.equal('nothing');
  });

  it('rejects a signature over another statement', () => {
    const bundle = JSON.parse(FOLDER_SIGNATURE);
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
    appendFileSync(join(folder, 'labels.txt'), 'x');
    bundle.dsseEnvelope.payload = Buffer.from(statement.replace('labels.txt', 'nothing.txt')).toString('base64');
    writeFileSync(signature, JSON.stringify(bundle));
    expect(failure()).to.match(/^SIGNATURE_INVALID .* itself was changed/);
  });

  it('rejects statements that are signed and cannot be meant', () => {
    const pair = writeKeyPair(root(), 'hostile');
    const key = readSigningKey(pair.private);
    const signed = JSON.parse(
      Buffer.from(JSON.parse(signModel(folder, key).signature).dsseEnvelope.payload, 'base64').toString(),
    );
    const attempt = (change: (statement: typeof signed) => void) => {
      const statement = structuredClone(signed);
      change(statement);
      writeFileSync(signature, sealStatement(JSON.stringify(statement), key));
      return failure(folder, key.public);
    };
    expect(attempt(() => {})).to.equal('nothing');
    const changes: [(statement: typeof signed) => void, RegExp][] = [
      [(it) => (it._type = 'other'), /does not hold https/],
      [(it) => (it.predicateType = 'https://slsa.dev/provenance/v1'), /is not of https/],
      [(it) => it.subject.push(it.subject[0]), /one subject/],
      [(it) => (it.subject[0].digest.sha256 = 'A'.repeat(64)), /one subject/],
      [(it) => (it.subject[0].digest.sha256 = '0'.repeat(64)), /SHA-256 of all files/],
      [(it) => it.predicate.resources.pop(), /SHA-256 of all files/],
      [(it) => (it.predicate.resources = []), /covers no file/],
      [(it) => it.predicate.resources.push(it.predicate.resources[0]), /twice/],
      [(it) => (it.predicate.resources[0].algorithm = 'blake3'), /name and a SHA-256/],
      [(it) => (it.predicate.serialization.method = 'shards'), /whole files/],
      [(it) => (it.predicate.serialization.ignore_paths = [1]), /list of names/],
      [(it) => (it.predicate = null), /whole files/],
    ];
    for (const [change, message] of changes)
      expect(attempt(change), String(change))
        .to.match(/^SIGNATURE_UNREADABLE/)
        .and.to.match(message);
    // Names are only compared with those that are found: none leads out of the folder.
    const outside = attempt((it) => (it.predicate.resources[0].name = '../../etc/passwd'));
    expect(outside).to.equal('SIGNATURE_INVALID F is not what was signed: missing ../../etc/passwd; added .hidden');
  });

  it('rejects other files than signatures', () => {
    const texts: [string, RegExp][] = [
      ['', /not JSON/],
      ['{', /not JSON/],
      ['null', /not of the kind/],
      ['[]', /not of the kind/],
      [`${'['.repeat(1e6)}${']'.repeat(1e6)}`, /not of the kind|not JSON/],
      ['{"__proto__": {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}}', /not of the kind/],
      [FOLDER_SIGNATURE.replace('.v0.3', '.v0.2'), /not of the kind/],
      [FOLDER_SIGNATURE.replace('"publicKey"', '"certificate"'), /certificate/],
      [FOLDER_SIGNATURE.replace('in-toto', 'other'), /does not hold application/],
      [FOLDER_SIGNATURE.replace('"signatures":[', '"signatures":[{},'), /one signature/],
      [FOLDER_SIGNATURE.replace('"sig":"', '"sig":"?'), /Base64/],
      [FOLDER_SIGNATURE.replace('"payload":"', '"payload":"%'), /Base64/],
    ];
    for (const [text, message] of texts) {
      writeFileSync(signature, text);
      expect(failure(), text.slice(0, 80))
        .to.match(/^SIGNATURE_UNREADABLE/)
        .and.to.match(message);
    }
    expect(failure(folder, golden, folder)).to.match(/^PATH_NOT_READABLE/);
    expect(failure(folder, golden, join(folder, 'none'))).to.match(/^PATH_NOT_FOUND/);
  });
});
