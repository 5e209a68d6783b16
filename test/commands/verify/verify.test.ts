import {appendFileSync, cpSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {readSigningKey} from '../../../src/exporting/signing/keys.ts';
import {signModel} from '../../../src/exporting/signing/sign-model.ts';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {FOLDER_SIGNATURE, PUBLIC_KEY} from '../../exporting/signing/golden.ts';
import {write, writeKeyPair} from '../../exporting/signing/key-files.ts';
import {SIGNED_NAMES, writeFolder} from '../../exporting/signing/signed-folder.ts';

interface Verified {
  key: {sha256: string};
  signed: {name: string; sha256: string};
  files: {path: string; sha256: string}[];
  unsigned: string[];
  warnings: string[];
}

describe('rice verify', () => {
  const root = temporaryFolder();
  let key: string;
  let folder: string;
  before(() => {
    key = write(root(), 'public.pem', PUBLIC_KEY);
    folder = writeFolder(join(root(), 'web'));
    write(folder, 'model.sig', FOLDER_SIGNATURE);
  });
  const verify = (...args: string[]) => rice(['verify', ...args], {cwd: root()});

  it('says of a folder that it is what was signed, and what of it was not', async () => {
    const {code, stdout, stderr} = await verify('web', '--key', key);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^web is what was signed: 6 files\nSHA-256 \w{64} over all files\nby the key .* \w{64}\n$/);
    expect(stderr).to.equal('Warning: the signature does not cover .gitignore\n');
    const json = parseAs<Verified>('verify', (await verify('web', '--key', key, '--json')).stdout);
    expect(json.files.map(({path}) => path)).to.deep.equal(SIGNED_NAMES);
    expect([json.signed.name, json.unsigned, json.warnings]).to.deep.equal([
      'golden',
      ['.gitignore'],
      ['the signature does not cover .gitignore'],
    ]);
  });

  it('fails where a byte was changed, in text and in JSON', async () => {
    const copy = join(root(), 'copy');
    cpSync(folder, copy, {recursive: true});
    appendFileSync(join(copy, 'model.onnx'), 'x');
    const {code, stdout, stderr} = await verify('copy', '--key', key);
    expect([code, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.match(
      /^Error SIGNATURE_INVALID: copy is not what was signed: changed model.onnx\nTry: Do not use/,
    );
    const json = await verify('copy', '--key', key, '--json');
    expect(json.code).to.equal(2);
    expect(parseAs<{error: {code: string}}>('error', json.stdout).error.code).to.equal('SIGNATURE_INVALID');
  });

  it('names the key, and the signature that is missing', async () => {
    const pair = writeKeyPair(root(), 'other');
    expect((await verify('web', '--key', pair.public)).stderr).to.match(/^Error SIGNATURE_OTHER_KEY: /);
    expect((await verify('web', '--key', pair.private)).stderr).to.match(/^Error KEY_INVALID: .* is a private key/);
    expect((await verify('web/model.onnx', '--key', key)).stderr).to.match(
      /^Error PATH_NOT_FOUND: .*model.onnx.sig does/,
    );
    expect((await verify('none', '--key', key)).stderr).to.match(/^Error PATH_NOT_FOUND: none does not exist/);
    expect((await verify('web')).stderr).to.match(/^Error USAGE: .*key/);
  });

  it('verifies the model that comes with rice', async function () {
    if (!HAS_MODEL) this.skip();
    const pair = writeKeyPair(root(), 'owner', 'secret');
    const model = join(ROOT, 'models', 'rice.onnx');
    const signature = join(root(), 'rice.sig');
    const {files} = signModel(model, readSigningKey(pair.private, {RICE_SIGN_PASSPHRASE: 'secret'}), signature);
    const {code, stdout} = await verify(model, '--signature', signature, '--key', pair.public);
    expect([code, stdout.split('\n')[1]]).to.deep.equal([0, `SHA-256 ${files[0].sha256}`]);
  });
});
