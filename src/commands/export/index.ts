import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {pathFlag, textFlag} from '../../cli/flags.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {exportModel} from '../../exporting/export-model.ts';
import {FORMAT_NAMES, FORMATS} from '../../exporting/formats.ts';
import {readSigningKey} from '../../exporting/signing/keys.ts';
import type {ExportEvents, ExportPhase} from '../../exporting/types.ts';
import {renderExport} from './report.ts';

export default class Export extends BaseCommand<typeof Export> {
  /** The result is the file of the model. */
  static override printsToOutput = false;
  static override summary = 'write a model in a format of other programs, and say how far its answers differ';
  static override description = `Formats:
${FORMAT_NAMES.map((name) => `${name}: ${FORMATS[name].summary}.`).join('\n')}
An .onnx file that was written is run, and its answers are compared with those of the model: on the pictures of --data, on those that the run of the model keeps, or on drawn grains.
onnx-int8 needs such pictures. It is only written if accuracy, calibration and the recognition of what is no rice hold: docs/export.md has the limits.
The .onnx files work as --model of rice, too. --output names what is written; by default it has the name of the model, in the current folder.`;
  static override examples = [
    {
      description: 'The newest run, with weights of 8 bits',
      command: '<%= config.bin %> export last --format onnx-int8',
    },
    {
      description: 'The model that comes with rice, in half the size',
      command: '<%= config.bin %> export rice --format onnx-fp16 --output small.onnx',
    },
    {
      description: 'Compared on pictures of your own',
      command: '<%= config.bin %> export rice --format onnx-int8 --data data/Rice_Image_Dataset',
    },
    {
      description: 'A page for phones and browsers, with its card, signed',
      command: '<%= config.bin %> export rice --format web --output web --card --sign key.pem',
    },
  ];

  static override args = {
    model: Args.string({
      description:
        'rice for the model that comes with rice, a model file, the folder of a run, the name of a run in runs/, last or best',
      required: true,
    }),
  };

  static override flags = {
    format: Flags.option({options: FORMAT_NAMES})({description: 'what to write', default: 'onnx'}),
    data: pathFlag({
      description: 'folder with one subfolder of pictures per variety [default: the pictures that the run keeps]',
      helpValue: 'DIR',
    }),
    card: Flags.boolean({
      description:
        'write a model card beside the model: README.md, for people and for Hugging Face (docs/sign-and-card.md)',
    }),
    license: textFlag({
      description: 'with --card: the license of the model, such as mit or cc-by-4.0',
      helpValue: 'ID',
      dependsOn: ['card'],
    }),
    sign: pathFlag({
      description:
        'sign what is written with this private key, ECDSA over P-256 as PEM; RICE_SIGN_PASSPHRASE has its passphrase',
      helpValue: 'KEY.pem',
    }),
    force: Flags.boolean({description: 'replace a file that is there'}),
  };

  async run() {
    const {format, data, force, output, card, license, sign} = this.flags;
    const publication = {
      ...(card ? {card: defined({license})} : {}),
      ...(sign === undefined ? {} : {key: readSigningKey(sign)}),
    };
    const view = new ExportView(this.flags.quiet, (message) => this.warn(message));
    const stopping = new AbortController();
    const release = onStop(() =>
      stopping.abort(new RiceError('EXPORT_INTERRUPTED', 'stopped before anything was written')),
    );
    try {
      const options = {model: this.args.model, format, force, ...defined({data, output}), ...publication};
      const result = await exportModel(options, view, stopping.signal);
      view.close();
      this.log(renderExport(result, this.style));
      return result;
    } finally {
      view.close();
      release();
    }
  }
}

/** A bar for the current phase. */
class ExportView implements ExportEvents {
  #bar: {phase: ExportPhase; progress: Progress} | undefined;
  readonly #quiet: boolean;
  readonly #warn: (message: string) => void;

  constructor(quiet: boolean, warn: (message: string) => void) {
    this.#quiet = quiet;
    this.#warn = warn;
  }

  onPhase(phase: ExportPhase, done: number, total: number): void {
    if (this.#bar?.phase !== phase) {
      this.close();
      this.#bar = {phase, progress: createProgress({label: phase, unit: 'pictures', total, quiet: this.#quiet})};
    }
    this.#bar.progress.update(done);
  }

  onWarning(message: string): void {
    this.#warn(message);
  }

  close(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }
}
