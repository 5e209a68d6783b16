import {generateKeyPairSync, type KeyPairKeyObjectResult} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** A new pair of keys as two files. */
export function writeKeyPair(folder: string, name: string, passphrase?: string): {private: string; public: string} {
  const pair = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const cipher = passphrase === undefined ? {} : {cipher: 'aes-256-cbc', passphrase};
  return {
    private: write(folder, `${name}.pem`, pair.privateKey.export({type: 'pkcs8', format: 'pem', ...cipher})),
    public: write(folder, `${name}-public.pem`, spki(pair)),
  };
}

export function spki({publicKey}: Pick<KeyPairKeyObjectResult, 'publicKey'>): string {
  return publicKey.export({type: 'spki', format: 'pem'}).toString();
}

export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
