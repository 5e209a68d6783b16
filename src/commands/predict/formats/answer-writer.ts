import {formatAmount} from '../../../cli/format.ts';
import type {NoticeKind} from '../../../cli/print-error.ts';
import type {Progress} from '../../../cli/progress.ts';
import {Remedies} from '../../../cli/remedies.ts';
import type {ResultOutput} from '../../../cli/result-output.ts';
import {RiceError} from '../../../common/errors.ts';
import {type Entry, isError} from '../../../prediction/entry.ts';
import {Tally} from '../../../prediction/tally.ts';
import type {AnswerFormat, Closing} from './answer-format.ts';

export interface AnswerWriterOptions {
  output: ResultOutput;
  format: AnswerFormat;
  progress: Progress;
  /** Prints a line on stderr. */
  notice: (message: string, kind: NoticeKind) => void;
  /** Which notices of the entries to print there: none if the results contain them, only errors with `--quiet`. */
  notices: 'none' | 'errors' | 'all';
}

type RunInfo = Pick<Closing, 'trust' | 'warnings'> & {shard: Closing['shard'] | undefined; interrupted: boolean};

/** Writes answers as they come: results to the output, errors and progress to stderr. */
export class AnswerWriter {
  readonly tally = new Tally();
  readonly #remedies = new Remedies();
  readonly #options: AnswerWriterOptions;
  #head = '';
  #begun = false;

  constructor(options: AnswerWriterOptions) {
    this.#options = options;
  }

  /** The text before the answers is written together with the first one, so that an earlier error has no partial output. */
  start(...header: Parameters<AnswerFormat['start']>): void {
    this.#head = this.#options.format.start(...header);
  }

  async write(entries: Entry[]): Promise<void> {
    const {output, format, progress, notice} = this.#options;
    for (const entry of entries) this.tally.add(entry);
    const notices = entries.flatMap((entry) => this.#noticesOf(entry));
    if (notices.length > 0)
      progress.around(() => {
        for (const [message, kind] of notices) notice(message, kind);
      });
    if (entries.length > 0) this.#write(format.entries(entries));
    progress.update(this.tally.done);
    await output.drained();
  }

  /** Ends the output. If the user stopped the command, a file is kept under another name. */
  end(info: RunInfo): void {
    const {output, format, progress, notice} = this.#options;
    progress.stop();
    this.#write(format.end(this.#closing(info)));
    if (!info.interrupted) {
      output.commit();
      return;
    }
    const partial = output.keepPartial();
    // On a terminal the answers themselves show it; elsewhere they are out of sight.
    if (!output.isFile && output.stream.isTTY !== true) notice(`stopped: ${this.#soFar()}`, 'Warning');
    if (partial !== undefined) notice(`stopped: the results so far are in ${partial}`, 'Warning');
  }

  /**
   * Ends the output after an error: a document on stdout stays valid and contains the error; a file is kept under another
   * name.
   *
   * @returns false if the caller must still report the error
   */
  fail(error: unknown, info: RunInfo): boolean {
    const {output, format, progress} = this.#options;
    progress.stop();
    const failure = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
    const end = format.end({...this.#closing(info), error: failure});
    if (output.isFile) this.#keepPartialResults(end);
    if (!this.#begun || output.isFile || !end.includes(failure.code)) return false;
    this.#write(end);
    return true;
  }

  #keepPartialResults(end: string): void {
    const {output, notice} = this.#options;
    if (this.tally.done === 0) return;
    try {
      this.#write(end);
      const partial = output.keepPartial();
      if (partial !== undefined) notice(`the results so far are in ${partial}`, 'Warning');
    } catch {
      // This fails too if, for example, the disk is full.
    }
  }

  close(): void {
    this.#options.progress.stop();
  }

  #soFar(): string {
    const {images, errors} = this.tally.summary();
    const unreadable = errors > 0 ? `, and ${formatAmount(errors, 'file')} unreadable` : '';
    return `${formatAmount(images, 'picture')} answered so far${unreadable}`;
  }

  #closing({trust, warnings, shard, interrupted}: RunInfo): Closing {
    const summary = this.tally.summary();
    return {trust, summary, warnings, ...(shard ? {shard} : {}), ...(interrupted ? {interrupted} : {})};
  }

  #noticesOf(entry: Entry): [message: string, kind: NoticeKind][] {
    const {notices} = this.#options;
    if (notices === 'none') return [];
    if (isError(entry)) {
      const remedy = notices === 'all' ? this.#remedies.next(entry.code) : undefined;
      return [
        [`${entry.code}: ${withPath(entry)}`, 'Error'],
        ...(remedy ? [[remedy, 'Try'] as [string, NoticeKind]] : []),
      ];
    }
    return notices === 'all' ? (entry.warnings ?? []).map((warning) => [`${entry.path}: ${warning}`, 'Warning']) : [];
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
function withPath({path, message}: {path: string; message: string}): string {
  return message.includes(path) ? message : `${path}: ${message}`;
}
