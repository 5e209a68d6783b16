import {formatAmount} from '../../cli/format.ts';
import type {NoticeKind} from '../../cli/print-error.ts';
import type {Progress} from '../../cli/progress.ts';
import {Remedies} from '../../cli/remedies.ts';
import type {ResultOutput} from '../../cli/result-output.ts';
import {RiceError} from '../../common/errors.ts';
import {round} from '../../common/round.ts';
import type {ErrorEntry} from '../../prediction/entry.ts';
import {pictureEntry} from '../../scanning/output/picture-entry.ts';
import type {ScannedPicture, ScanSummary} from '../../scanning/types.ts';
import type {Closing, ScanFormat} from './formats/scan-format.ts';

export interface ScanWriterOptions {
  output: ResultOutput;
  format: ScanFormat;
  progress: Progress;
  /** Prints a line on stderr. */
  notice: (message: string, kind: NoticeKind) => void;
  /** Which notices of the pictures to print there: none if the results contain them, only errors with `--quiet`. */
  notices: 'none' | 'errors' | 'all';
  summarize: (pictures: readonly ScannedPicture[]) => ScanSummary;
  /** What to do next, after all pictures; undefined for several. */
  next: (picture: ScannedPicture | undefined) => string[];
}

type RunInfo = Pick<Closing, 'trust' | 'warnings'> & {interrupted: boolean};

/** Writes pictures as they are scanned: results to the output, errors, warnings and progress to stderr. */
export class ScanWriter {
  readonly #options: ScanWriterOptions;
  readonly #remedies = new Remedies();
  readonly #started = performance.now();
  /** Without their outlines, which take most of the memory. */
  readonly #pictures: ScannedPicture[] = [];
  readonly #warnings: [string, NoticeKind][] = [];
  errors = 0;
  #head = '';
  #begun = false;

  constructor(options: ScanWriterOptions) {
    this.#options = options;
  }

  /** The text before the pictures is written together with the first one, so that an earlier error has no partial output. */
  start(...header: Parameters<ScanFormat['start']>): void {
    this.#head = this.#options.format.start(...header);
  }

  get done(): number {
    return this.#pictures.length + this.errors;
  }

  async picture(picture: ScannedPicture): Promise<void> {
    const {output, format, progress, notices} = this.#options;
    this.#pictures.push({...picture, grains: picture.grains.map((grain) => ({...grain, outline: []}))});
    if (notices === 'all')
      for (const warning of picture.warnings) this.#warnings.push([`${picture.path}: ${warning}`, 'Warning']);
    progress.around(() => this.#write(format.picture(pictureEntry(picture))));
    progress.update(this.done);
    await output.drained();
  }

  failure(error: ErrorEntry): void {
    const {format, progress, notice, notices} = this.#options;
    this.errors++;
    progress.around(() => {
      if (notices !== 'none') notice(`${error.code}: ${withPath(error)}`, 'Error');
      const remedy = notices === 'all' ? this.#remedies.next(error.code) : undefined;
      if (remedy) notice(remedy, 'Try');
      this.#write(format.failure(error));
    });
    progress.update(this.done);
  }

  /** What the pictures are together; undefined if there is none. */
  summary(): ScanSummary | undefined {
    return this.#pictures.length === 0 ? undefined : this.#options.summarize(this.#pictures);
  }

  /** Ends the output. If the user stopped the command, a file is kept under another name. */
  end(summary: ScanSummary | undefined, info: RunInfo): void {
    const {output, format, progress, notice} = this.#options;
    progress.stop();
    this.#write(format.end(this.#closing(summary, info)));
    this.#printWarnings(summary);
    if (!info.interrupted) {
      output.commit();
      return;
    }
    const partial = output.keepPartial();
    const soFar = `${formatAmount(this.#pictures.length, 'picture')} scanned so far`;
    notice(partial === undefined ? `stopped: ${soFar}` : `stopped: the results so far are in ${partial}`, 'Warning');
  }

  /**
   * Ends the output after an error: a document on stdout stays valid and contains the error; a file is kept under another
   * name.
   *
   * @returns false if the caller must still report the error
   */
  fail(error: unknown, info: RunInfo): boolean {
    const {output, format, progress, notice} = this.#options;
    progress.stop();
    const failure = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
    const end = format.end({...this.#closing(undefined, info), error: failure});
    if (output.isFile && this.done > 0) {
      this.#write(end);
      const partial = output.keepPartial();
      if (partial !== undefined) notice(`the results so far are in ${partial}`, 'Warning');
    }
    if (!this.#begun || output.isFile || !end.includes(failure.code)) return false;
    this.#write(end);
    return true;
  }

  #closing(summary: ScanSummary | undefined, {trust, warnings, interrupted}: RunInfo): Closing {
    const seconds = round((performance.now() - this.#started) / 1000, 3);
    return {trust, summary, seconds, warnings, ...(interrupted ? {interrupted} : {})};
  }

  /** After the results, where they are read, and what to do next last. */
  #printWarnings(summary: ScanSummary | undefined): void {
    const {notice, notices} = this.#options;
    for (const [message, kind] of this.#warnings) notice(message, kind);
    if (notices !== 'all' || summary === undefined) return;
    for (const warning of summary.warnings) notice(warning, 'Warning');
    const [only, ...others] = this.#pictures;
    for (const step of this.#options.next(others.length > 0 ? undefined : only)) notice(step, 'Try');
  }

  #write(text: string): void {
    const output = this.#head + text;
    if (output === '') return;
    this.#begun = true;
    this.#head = '';
    this.#options.output.write(output);
  }
}

/** Adds the path unless the message contains it already. */
function withPath({path, message}: ErrorEntry): string {
  return message.includes(path) ? message : `${path}: ${message}`;
}
