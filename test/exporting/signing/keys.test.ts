import {createHash, generateKeyPairSync} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {readSigningKey, readVerifyingKey} from '../../../src/exporting/signing/keys.ts';
import {readSignature} from '../../../src/exporting/signing/signature-file.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {spki, write, writeKeyPair} from './key-files.ts';

describe('keys of signatures', () => {
  const root = temporaryFolder();
  const ec = (namedCurve: string) => generateKeyPairSync('ec', {namedCurve});
  const put = (name: string, content: string | Buffer) => write(root(), name, content);
  const failure = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      expect(error, String(error)).to.be.instanceOf(RiceError);
      return `${(error as RiceError).code} ${(error as RiceError).message}`;
    }
    return 'nothing';
  };

  it('are read in every form that OpenSSL writes, and named by the SHA-256 of the public key', () => {
    const pair = ec('P-256');
    const fingerprint = createHash('sha256').update(spki(pair)).digest('hex');
    const cipher = {cipher: 'aes-256-cbc', passphrase: 'secret'};
    const forms = {
      pkcs8: pair.privateKey.export({type: 'pkcs8', format: 'pem'}),
      sec1: pair.privateKey.export({type: 'sec1', format: 'pem'}),
      'encrypted pkcs8': pair.privateKey.export({type: 'pkcs8', format: 'pem', ...cipher}),
      'encrypted sec1': pair.privateKey.export({type: 'sec1', format: 'pem', ...cipher}),
      // As `openssl ecparam -genkey` writes it.
      'sec1 behind its parameters': `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pair.privateKey.export({type: 'sec1', format: 'pem'})}`,
    };
    for (const [form, pem] of Object.entries(forms)) {
      const key = readSigningKey(put('key.pem', pem), {RICE_SIGN_PASSPHRASE: 'secret'});
      expect(key.public.fingerprint, form).to.equal(fingerprint);
    }
    expect(readVerifyingKey(put('public.pem', spki(pair))).fingerprint).to.equal(fingerprint);
  });

  it('that are encrypted want the right passphrase', () => {
    const path = writeKeyPair(root(), 'locked', 'secret').private;
    expect(failure(() => readSigningKey(path, {}))).to.match(/^KEY_INVALID .*locked.pem is encrypted, and there is no/);
    expect(failure(() => readSigningKey(path, {RICE_SIGN_PASSPHRASE: ''}))).to.match(/there is no passphrase/);
    const wrong = failure(() => readSigningKey(path, {RICE_SIGN_PASSPHRASE: 'guess'}));
    expect(wrong).to.match(/^KEY_INVALID .* cannot be decrypted: the passphrase is wrong/);
    expect(wrong).not.to.include('guess');
  });

  it('of other kinds are named and rejected', () => {
    const kinds = [
      [generateKeyPairSync('rsa', {modulusLength: 2048}), 'is an RSA key of 2048 bits: .* P-256'],
      [generateKeyPairSync('ed25519'), 'is a key of the kind ed25519'],
      [ec('P-384'), 'is a key over the curve secp384r1'],
      [ec('secp256k1'), 'is a key over the curve secp256k1'],
    ] as const;
    for (const [pair, message] of kinds) {
      const both = new RegExp(`^KEY_INVALID .*${message}`);
      const pem = pair.privateKey.export({type: 'pkcs8', format: 'pem'});
      expect(failure(() => readSigningKey(put('key.pem', pem)))).to.match(both);
      expect(failure(() => readVerifyingKey(put('public.pem', spki(pair))))).to.match(both);
    }
  });

  it('that are the other half, or no keys, say so', () => {
    const pair = writeKeyPair(root(), 'half');
    expect(failure(() => readSigningKey(pair.public))).to.match(/^KEY_INVALID .* is a public key: it verifies/);
    expect(failure(() => readVerifyingKey(pair.private))).to.match(/^KEY_INVALID .* is a private key/);
    const cut = readFileSync(pair.private, 'utf8').replace(/\n(.{20}).*/, '\n$1');
    expect(failure(() => readSigningKey(put('cut.pem', cut)))).to.match(/^KEY_INVALID .* is damaged/);
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(failure(() => readVerifyingKey(put('certificate.pem', certificate)))).to.match(/is a certificate/);
    for (const content of ['', 'ssh-ed25519 AAAA', Buffer.alloc(1000)]) {
      const path = put('none.pem', content);
      expect(failure(() => readSigningKey(path))).to.match(/^KEY_INVALID .* holds no key in PEM/);
      expect(failure(() => readVerifyingKey(path))).to.match(/^KEY_INVALID .* holds no key in PEM/);
    }
    expect(failure(() => readSigningKey(root()))).to.match(/^PATH_NOT_READABLE/);
    expect(failure(() => readVerifyingKey(`${root()}/none`))).to.match(/^PATH_NOT_FOUND/);
  });

  it('are read no further than a key can be long, also from a device without an end', function () {
    if (process.platform === 'win32') this.skip();
    expect(failure(() => readVerifyingKey('/dev/zero'))).to.equal('KEY_INVALID /dev/zero is too large for a key');
    expect(failure(() => readSigningKey('/dev/zero'))).to.equal('KEY_INVALID /dev/zero is too large for a key');
    expect(failure(() => readSignature('/dev/zero'))).to.match(/^SIGNATURE_UNREADABLE .*too large/);
  });
});
