import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {readSigningKey} from '../../../src/exporting/signing/keys.ts';
import {signModel} from '../../../src/exporting/signing/sign-model.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {FILE_SIGNATURE, FOLDER_SIGNATURE} from './golden.ts';
import {write, writeKeyPair} from './key-files.ts';
import {CONTENT, SIGNED_NAMES, writeFolder} from './signed-folder.ts';

interface Payload {
  subject: [{name: string; digest: {sha256: string}}];
  predicate: {
    serialization: {ignore_paths: string[]};
    resources: {name: string; digest: string}[];
  };
}

const payloadOf = (signature: string): Payload =>
  JSON.parse(Buffer.from(JSON.parse(signature).dsseEnvelope.payload, 'base64').toString());

/** The order of keys, and of what is ignored, is free. */
function sorted(payload: Payload): Payload {
  payload.predicate.serialization.ignore_paths.sort();
  return payload;
}

describe('signing a model', () => {
  const root = temporaryFolder();
  let key: ReturnType<typeof readSigningKey>;
  let publicKey: string;
  before(() => {
    const pair = writeKeyPair(root(), 'signer');
    key = readSigningKey(pair.private);
    publicKey = pair.public;
    writeFolder(join(root(), 'golden'));
  });

  it('says of a folder and of a file what the reference implementation says', () => {
    const folder = signModel(join(root(), 'golden'), key);
    expect(folder.path).to.equal(join(root(), 'golden', 'model.sig'));
    expect(readFileSync(folder.path, 'utf8')).to.equal(folder.signature);
    expect(sorted(payloadOf(folder.signature))).to.deep.equal(sorted(payloadOf(FOLDER_SIGNATURE)));
    expect(folder.files.map(({name}) => name)).to.deep.equal(SIGNED_NAMES);
    const model = join(root(), 'golden', 'model.onnx');
    const file = signModel(model, key, join(root(), 'elsewhere.sig'));
    expect(sorted(payloadOf(file.signature))).to.deep.equal(sorted(payloadOf(FILE_SIGNATURE)));
    expect(signModel(model, key).path).to.equal(`${model}.sig`);
  });

  it('covers its earlier signature under another name, but not itself, however it is reached', () => {
    const folder = writeFolder(join(root(), 'twice'));
    signModel(folder, key);
    const names = signModel(folder, key, join(folder, 'second.sig')).files.map(({name}) => name);
    expect(names).to.include('model.sig').and.not.to.include('second.sig');
    symlinkSync(folder, join(root(), 'linked'));
    const linked = signModel(join(root(), 'linked'), key, join(folder, 'second.sig'));
    expect(linked.files.map(({name}) => name)).to.deep.equal(names);
  });

  it('is done by ECDSA over what DSSE says, as OpenSSL finds', function () {
    if (spawnSync('openssl', ['version']).status !== 0) this.skip();
    const {signature} = signModel(join(root(), 'golden'), key);
    const {payload, payloadType, signatures} = JSON.parse(signature).dsseEnvelope;
    const bytes = Buffer.from(payload, 'base64');
    const signed = `DSSEv1 28 application/vnd.in-toto+json ${bytes.length} ${bytes}`;
    expect(payloadType).to.have.length(28);
    const verify = (name: string, content: string) =>
      spawnSync('openssl', [
        ...['dgst', '-sha256', '-verify', publicKey],
        ...['-signature', write(root(), 'raw.sig', Buffer.from(signatures[0].sig, 'base64'))],
        write(root(), name, content),
      ]).stdout.toString();
    expect(verify('signed', signed)).to.equal('Verified OK\n');
    expect(verify('other', signed.replace('model.onnx', 'model.onny'))).to.equal('Verification failure\n');
    const {hint} = JSON.parse(signature).verificationMaterial.publicKey;
    expect(hint).to.equal(createHash('sha256').update(readFileSync(publicKey)).digest('hex'));
  });

  it('does not sign a folder with the private key in it', () => {
    const folder = writeFolder(join(root(), 'careless'));
    const inside = readSigningKey(writeKeyPair(join(folder, 'sub'), 'key').private);
    expect(() => signModel(folder, inside)).to.throw(
      /private key .*key.pem lies in .*careless, and would be published/,
    );
    expect(() => signModel(join(folder, 'model.onnx'), inside)).not.to.throw();
  });

  it('refuses what cannot be covered, and leaves nothing behind', () => {
    const folder = writeFolder(join(root(), 'links'));
    const before = readdirSync(folder);
    symlinkSync('labels.txt', join(folder, 'link.txt'));
    expect(() => signModel(folder, key))
      .to.throw(/link.txt is a link/)
      .with.property('code', 'NOT_SIGNABLE');
    expect(readdirSync(folder)).to.have.members([...before, 'link.txt']);
    const model = join(folder, 'model.onnx');
    expect(() => signModel(model, key, model)).to.throw(/to .*model.onnx itself/);
    expect(readFileSync(model)).to.deep.equal(Buffer.from(CONTENT['model.onnx']));
    expect(() => signModel(join(root(), 'none'), key)).to.throw(/does not exist/);
    const empty = join(root(), 'empty');
    mkdirSync(empty);
    expect(() => signModel(empty, key)).to.throw(/holds no file/);
    expect(readdirSync(empty)).to.deep.equal([]);
  });
});
