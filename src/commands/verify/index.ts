import {Args} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {displayPath} from '../../cli/display-path.ts';
import {pathFlag} from '../../cli/flags.ts';
import {formatCount} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {readVerifyingKey} from '../../exporting/signing/keys.ts';
import {signaturePath} from '../../exporting/signing/signature-file.ts';
import {verifySignature} from '../../exporting/signing/verify-signature.ts';

export default class Verify extends BaseCommand<typeof Verify> {
  static override summary = 'check that a model is what its owner signed';
  static override description =
    `MODEL is a file, or a folder of which every file is checked. The signature is one of OpenSSF model signing 1.0 that was made with a key, by rice or by another program (docs/sign-and-card.md).
It proves that nothing was changed since the owner of the key signed it, so take the public key from a source that you trust, not from where the model is from.`;
  static override examples = [
    {
      description: 'A model with its signature beside it, model.onnx.sig',
      command: '<%= config.bin %> verify model.onnx --key public.pem',
    },
    {
      description: 'A folder, with another name of the signature',
      command: '<%= config.bin %> verify web --signature web.sig --key public.pem',
    },
  ];

  static override args = {
    model: Args.string({description: 'the file or folder to check', required: true}),
  };

  static override flags = {
    signature: pathFlag({
      description: 'the file of the signature [default: model.sig in a folder, MODEL.sig beside a file]',
      helpValue: 'FILE',
    }),
    key: pathFlag({
      description: 'the public key of whoever signed it: ECDSA over P-256, as PEM',
      helpValue: 'PUBLIC.pem',
      required: true,
    }),
  };

  async run() {
    const {model} = this.args;
    const {signature = signaturePath(model)} = this.flags;
    const key = readVerifyingKey(this.flags.key);
    const {name, sha256, files, unsigned} = verifySignature(model, signature, key);
    const shown = printable(displayPath(model));
    this.log(`${shown} is what was signed${files.length > 1 ? `: ${formatCount(files.length)} files` : ''}`);
    this.log(`SHA-256 ${files[0].name === '.' ? files[0].sha256 : `${sha256} over all files`}`);
    this.log(`by the key with the SHA-256 ${key.fingerprint}`);
    for (const each of unsigned) this.warn(`the signature does not cover ${each}`);
    const covered = files.map((file) => ({path: file.name, sha256: file.sha256}));
    return {model, signature, key: {sha256: key.fingerprint}, signed: {name, sha256}, files: covered, unsigned};
  }
}
