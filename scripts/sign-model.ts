/**
 * Signs a file or a folder, as `rice export --sign` does what it writes.
 * Run: `npx tsx scripts/sign-model.ts MODEL KEY.pem [SIGNATURE]`; RICE_SIGN_PASSPHRASE has the passphrase of an encrypted key.
 */
import {readSigningKey} from '../src/exporting/signing/keys.ts';
import {signModel} from '../src/exporting/signing/sign-model.ts';

const [model, key, signature] = process.argv.slice(2);
const {path, files} = signModel(model, readSigningKey(key), signature);
console.log(`${path}: ${files.length} files`);
