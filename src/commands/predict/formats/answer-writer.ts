import type {Progress} from '../../../cli/progress.ts';
import type {ResultOutput} from '../../../cli/result-output.ts';
import {RiceError} from '../../../common/errors.ts';
import {type Entry, isError} from '../../../prediction/entry.ts';
import {Tally} from '../../../prediction/tally.ts';
import type {AnswerFormat, Closing} from './answer-format.ts';

export interface AnswerWriterOptions {
  output: ResultOutput;
  format: AnswerFormat;
  progress: Progress;
  /** Tells people something on standard error. */
  notice: (message: string, kind: 'Error' | 'Warning') => void;
  /** What of each entry is told there: nothing where the results say it all, errors alone under `--quiet`. */
  tell: 'nothing' | 'errors' | 'all';
}

type About = Pick<Closing, 'warnings'> & {shard: Closing['shard'] | undefined; interrupted: boolean};

/** Writes answers as they come: results to the output, what went wrong and how far it is to standard error. */
export class AnswerWriter {
  readonly tally = new Tally();
  readonly #options: AnswerWriterOptions;
  #head = '';
  #begun = false;

  constructor(options: AnswerWriterOptions) {
    this.#options = options;
  }

  /** What stands before the answers is written with the first: what fails before is told as any other error. */
  start(...about: Parameters<AnswerFormat['start']>): void {
    this.#head = this.#options.format.start(...about);
  }

  async write(entries: Entry[]): Promise<void> {
    const {output, format, progress, notice} = this.#options;
    for (const entry of entries) this.tally.add(entry);
    const notices = entries.flatMap((entry) => this.#noticesOf(entry));
    // There is a bar only where the results go elsewhere.
    if (notices.length > 0)
      progress.around(() => {
        for (const [message, kind] of notices) notice(message, kind);
      });
    if (entries.length > 0) this.#write(format.entries(entries));
    progress.update(this.tally.done);
    await output.drained();
  }

  /** Ends well, or as well as it can where the user stopped it: a file is then kept under another name. */
  end(about: About): void {
    const {output, format, progress, notice} = this.#options;
    progress.stop();
    this.#write(format.end(this.#closing(about)));
    if (!about.interrupted) {
      output.commit();
      return;
    }
    const partial = output.keepPartial();
    if (partial !== undefined) notice(`stopped: what was done until then is in ${partial}`, 'Warning');
  }

  /**
   * Ends what was begun before an error: a document on standard output stays readable, and says what happened; a file is
   * kept under another name.
   *
   * @returns false where the error is still to be told as any other
   */
  fail(error: unknown, about: About): boolean {
    const {output, format, progress} = this.#options;
    progress.stop();
    const failure = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
    const end = format.end({...this.#closing(about), error: failure});
    if (output.isFile) this.#keepWhatThereIs(end);
    if (!this.#begun || output.isFile || !end.includes(failure.code)) return false;
    this.#write(end);
    return true;
  }

  #keepWhatThereIs(end: string): void {
    const {output, notice} = this.#options;
    if (this.tally.done === 0) return;
    try {
      this.#write(end);
      const partial = output.keepPartial();
      if (partial !== undefined) notice(`what was done until then is in ${partial}`, 'Warning');
    } catch {
      // The disk itself may be what failed.
    }
  }

  close(): void {
    this.#options.progress.stop();
  }

  #closing({warnings, shard, interrupted}: About): Closing {
    const summary = this.tally.summary();
    return {summary, warnings, ...(shard ? {shard} : {}), ...(interrupted ? {interrupted} : {})};
  }

  #noticesOf(entry: Entry): [message: string, kind: 'Error' | 'Warning'][] {
    const {tell} = this.#options;
    if (tell === 'nothing') return [];
    if (isError(entry)) return [[`${entry.code}: ${withPath(entry)}`, 'Error']];
    return tell === 'all' ? (entry.warnings ?? []).map((warning) => [`${entry.path}: ${warning}`, 'Warning']) : [];
  }

  #write(text: string): void {
    const whole = this.#head + text;
    if (whole === '') return;
    this.#begun = true;
    this.#head = '';
    this.#options.output.write(whole);
  }
}

/** Many a message names the file itself. */
function withPath({path, message}: {path: string; message: string}): string {
  return message.includes(path) ? message : `${path}: ${message}`;
}
