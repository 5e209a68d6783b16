import {statSync} from 'node:fs';
import {Args} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {checkOutput} from '../../cli/check-output.ts';
import {EXIT, exitCodeOf} from '../../cli/exit-codes.ts';
import {columnsOf} from '../../cli/fit.ts';
import {classifierOptions} from '../../cli/flags.ts';
import {printNotice} from '../../cli/print-error.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {onStop, stopSignal} from '../../cli/signals.ts';
import {isUtf8} from '../../cli/style.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {packageVersion} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import {SUPPORTED_FORMATS} from '../../image/formats/formats.ts';
import type {PictureSource} from '../../prediction/picture.ts';
import {picturesOf} from '../../prediction/sources/arguments.ts';
import {countPictures} from '../../prediction/sources/count.ts';
import {nothingMeasured} from '../../scanning/nothing-measured.ts';
import {parseScale} from '../../scanning/scale/parse.ts';
import {Scanner} from '../../scanning/scanner.ts';
import type {ScannedPicture, ScanSummary} from '../../scanning/types.ts';
import {CorrectionsFile} from './corrections-file.ts';
import {BROKEN_BELOW, scanFlags} from './flags.ts';
import {createFormat} from './formats/create-format.ts';
import type {ScanFormatName} from './formats/scan-format.ts';
import {nextSteps} from './next-steps.ts';
import {type Scanned, scanPictures} from './scan-pictures.ts';
import {ScanWriter} from './scan-writer.ts';
import {SideFiles} from './side-files.ts';

/** A picture that was begun is finished after Ctrl-C, if that does not take longer. */
const STOP_MS = 15_000;
/** Work that takes less shows no progress. */
const PROGRESS_MS = 2000;

export default class Scan extends BaseCommand<typeof Scan> {
  static override summary = 'count, measure, name and grade every grain in a photograph';
  static override description =
    `Finds every grain in a picture (${SUPPORTED_FORMATS}), tells those apart that touch, measures them, tells their varieties, and which are broken.
A path is a picture, a folder of pictures, a pattern such as "photos/**/*.jpg" (quoted, so that the shell does not expand it), - for a picture on standard input, or, with --allow-urls, a URL. All pictures together are one sample: each has a row, then comes the total.
Spread the grains on a plain ground, best dark cloth, so that few touch. Lengths are in millimeters if the scale is known: from a coin or card beside the grains, the sheet that rice target prints, or a scanner.
Shares have 95 % intervals, by number of grains and by estimated mass. They are estimates from a picture, no certificate.`;
  static override examples = [
    {description: 'What is in a photograph', command: '<%= config.bin %> scan grains.jpg'},
    {
      description: 'In millimeters, from a euro beside the grains',
      command: '<%= config.bin %> scan grains.jpg --reference coin:23.25',
    },
    {description: 'From a flatbed scanner', command: '<%= config.bin %> scan scan.png --dpi 300'},
    {
      description: 'An HTML report to look at each grain',
      command: '<%= config.bin %> scan grains.jpg --report grains.html',
    },
    {
      description: 'A picture with outlines colored by grade',
      command: '<%= config.bin %> scan grains.jpg --annotate marked.png --color-by grade',
    },
    {
      description: 'Several photographs of one sample, a CSV row for each grain',
      command: '<%= config.bin %> scan photos --format csv --output grains.csv',
    },
    {
      description: 'How pure a sample of Basmati is',
      command: '<%= config.bin %> scan grains.jpg --expect Basmati',
    },
    {
      description: 'Pictures of single grains of your own variety, to train on',
      command: '<%= config.bin %> scan sella.jpg --crops grains/Sella',
    },
    {description: 'One JSON document, for scripts', command: '<%= config.bin %> scan grains.jpg --json'},
  ];

  static override args = {
    paths: Args.string({
      description: 'pictures, folders, patterns, - for a picture on standard input',
      multiple: true,
      ignoreStdin: true,
    }),
  };

  static override flags = scanFlags;

  /** Pictures in which nothing could be measured. */
  #empty = 0;
  /** The path of each picture by its digest. */
  readonly #scanned = new Map<string, string>();

  async run(): Promise<void> {
    const {flags} = this;
    checkOutput(flags.output, this.args.paths ?? []);
    const stopping = new AbortController();
    const release = onStop(() => stopping.abort(), {patience: STOP_MS});
    const {signal} = stopping;
    const several = this.#several();
    const {'px-per-mm': pxPerMm, 'reference-at': referenceAt, dpi, reference} = flags;
    const scale = parseScale(defined({pxPerMm, dpi, reference, referenceAt}));
    const corrections = flags.corrections === undefined ? undefined : new CorrectionsFile(flags.corrections, several);
    const source = this.#source(signal);
    const scanner = await Scanner.load({
      ...classifierOptions(flags),
      onWarning: (message: string) => this.warn(message),
    });
    try {
      this.#checkExpected(scanner.model.labels);
      const side = new SideFiles(flags, {labels: scanner.model.labels, several});
      const writer = this.#writer(scanner, several, await this.#progress(signal));
      const options = {...this.#scanOptions, scale, corrections, signal};
      await this.#write(scanPictures(scanner, source, options), {scanner, writer, side, corrections});
    } finally {
      // Also ends pending reads from a pipe, which would keep the process alive.
      stopping.abort();
      release();
      await scanner.release();
    }
  }

  async #write(
    scanned: AsyncIterable<Scanned>,
    {scanner, writer, side, corrections}: Parts & {corrections: CorrectionsFile | undefined},
  ): Promise<void> {
    const {trust} = scanner;
    const runInfo = () => ({trust, warnings: this.warningsSoFar, interrupted: stopSignal() !== undefined});
    try {
      writer.start(scanner.model);
      for await (const each of scanned) await this.#add(each, writer, side);
      if (stopSignal() === undefined)
        for (const {code, message} of corrections?.unused ?? [])
          writer.failure({path: corrections!.path, code, message});
      const summary = writer.summary();
      const told = summary === undefined ? [] : side.finish(this.#reportData(scanner, summary));
      writer.end(summary, runInfo());
      for (const line of told) if (!this.flags.quiet && !this.jsonEnabled()) process.stderr.write(`${line}\n`);
    } catch (error) {
      if (!writer.fail(error, runInfo())) throw error;
      this.exitWith(EXIT.failure);
      return;
    }
    const received = stopSignal();
    if (received) this.exitWith(exitCodeOf(received));
    else if (writer.errors + this.#empty > 0) this.exitWith(EXIT.partial);
  }

  async #add(scanned: Scanned, writer: ScanWriter, side: SideFiles): Promise<void> {
    const {path} = scanned;
    if ('failure' in scanned)
      return writer.failure({path, code: scanned.failure.code, message: scanned.failure.message});
    const {picture, bytes} = scanned;
    if (nothingMeasured(picture)) this.#empty++;
    const same = this.#scanned.get(picture.sha256);
    if (same !== undefined) picture.warnings.push(`It is the same file as ${same}, so its grains count twice.`);
    this.#scanned.set(picture.sha256, path);
    try {
      await side.add(bytes, picture);
    } finally {
      // What was found is not lost because a file beside it could not be written.
      await writer.picture(picture);
    }
  }

  #writer(scanner: Scanner, several: boolean, progress: Progress): ScanWriter {
    const {flags, output, style} = this;
    const summarize = (pictures: readonly ScannedPicture[]) => scanner.summarize(pictures, this.#scanOptions);
    const format = this.#format;
    return new ScanWriter({
      output,
      progress,
      summarize,
      format: createFormat(format, {
        ...{style, several, quiet: flags.quiet, broken: flags.broken},
        utf8: isUtf8(),
        columns: columnsOf(output.stream),
        summarize: (picture) => summarize([picture]),
      }),
      next: (picture) => nextSteps(picture, flags, this.argv),
      notice: (message, kind) => printNotice(message, {kind, noColor: flags['no-color']}),
      notices: format !== 'table' ? 'none' : flags.quiet ? 'errors' : 'all',
    });
  }

  /** `--format json` means `--json`, for errors as well. */
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || this.flags?.format === 'json';
  }

  get #format(): ScanFormatName {
    return this.jsonEnabled() ? 'json' : this.flags.format;
  }

  get #scanOptions(): {brokenBelow: number; expect?: string} {
    return {brokenBelow: BROKEN_BELOW[this.flags.broken], ...defined({expect: this.flags.expect})};
  }

  /** Whether there may be more than one picture: everything but the name of one file. */
  #several(): boolean {
    const [first, ...others] = this.args.paths ?? [];
    if (first === undefined || others.length > 0 || this.flags['files-from'] !== undefined) return true;
    if (first === '-' || /^https?:/i.test(first)) return false;
    const stats = statSync(first, {throwIfNoEntry: false});
    return stats === undefined || stats.isDirectory();
  }

  #source(signal: AbortSignal): PictureSource {
    const {recursive, 'files-from': filesFrom, 'allow-urls': allowUrls} = this.flags;
    const options = {recursive, allowUrls, signal, command: 'scan' as const, ...defined({filesFrom})};
    return picturesOf(this.args.paths ?? [], options);
  }

  #checkExpected(labels: readonly string[]): void {
    const {expect} = this.flags;
    if (expect === undefined || labels.includes(expect)) return;
    throw new RiceError('USAGE', `--expect ${expect}: the model does not know this variety`, {
      suggestions: [`It knows ${labels.join(', ')}.`],
    });
  }

  /** A bar with the total if the pictures can be counted first. */
  async #progress(signal: AbortSignal): Promise<Progress> {
    const shown = !this.flags.quiet;
    const countable = shown && process.stderr.isTTY && !this.flags['files-from'] && !this.args.paths?.includes('-');
    const total = countable ? await countPictures(this.#source(signal), signal) : undefined;
    return createProgress({label: 'scanning', unit: 'pictures', total, quiet: !shown, delay: PROGRESS_MS});
  }

  #reportData({model}: Scanner, summary: ScanSummary) {
    return {
      model,
      summary,
      broken: this.flags.broken,
      date: new Date().toISOString(),
      command: shellWords(['rice', 'scan', ...this.argv]),
      version: packageVersion(),
    };
  }
}

interface Parts {
  scanner: Scanner;
  writer: ScanWriter;
  side: SideFiles;
}
