import {RiceError} from '../../errors.ts';
import type {Progress} from '../progress.ts';
import type {ResultOutput} from '../result-output.ts';
import type {AnswerFormat, Closing} from './answer-format.ts';
import {type Entry, isError} from './entry.ts';
import {Tally} from './tally.ts';

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
  #begun = false;

  constructor(options: AnswerWriterOptions) {
    this.#options = options;
  }

  start(model: Parameters<AnswerFormat['start']>[0]): void {
    this.#write(this.#options.format.start(model));
  }

  async write(entries: Entry[]): Promise<void> {
    const {output, format, progress} = this.#options;
    for (const entry of entries) this.tally.add(entry);
    progress.around(() => {
      for (const entry of entries) this.#tell(entry);
      this.#write(format.entries(entries));
    });
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
   * Ends a document on standard output that was begun before an error: it stays readable, and says what happened.
   *
   * @returns false where nothing was written yet, or not for a program to read: the error is then to be told as any other
   */
  fail(error: unknown, about: About): boolean {
    const {output, format, progress} = this.#options;
    progress.stop();
    const failure = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
    const end = format.end({...this.#closing(about), error: failure});
    if (!this.#begun || output.isFile || !end.includes(failure.code)) return false;
    this.#write(end);
    return true;
  }

  close(): void {
    this.#options.progress.stop();
  }

  #closing({warnings, shard, interrupted}: About): Closing {
    const summary = this.tally.summary();
    return {summary, warnings, ...(shard ? {shard} : {}), ...(interrupted ? {interrupted} : {})};
  }

  #tell(entry: Entry): void {
    const {notice, tell} = this.#options;
    if (tell === 'nothing') return;
    if (isError(entry)) notice(`${entry.code}: ${entry.path}: ${entry.message}`, 'Error');
    else if (tell === 'all') for (const warning of entry.warnings ?? []) notice(`${entry.path}: ${warning}`, 'Warning');
  }

  #write(text: string): void {
    if (text === '') return;
    this.#begun = true;
    this.#options.output.write(text);
  }
}
