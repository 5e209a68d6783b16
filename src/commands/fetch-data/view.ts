import {printable} from '../../cli/printable.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import type {FetchEvents, FetchPhase} from '../../fetching/request.ts';
import type {Source} from '../../fetching/sources/source.ts';

interface ViewOptions {
  quiet: boolean;
  warn: (text: string) => void;
}

/** Shows the progress of `rice fetch-data`: the source, a bar for the current phase, and warnings. */
export class FetchView implements FetchEvents {
  #bar: {phase: FetchPhase; total: number | undefined; progress: Progress} | undefined;

  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  onSource({title, access}: Source): void {
    this.#printLine(`fetching from ${title} (${access})`);
  }

  onProgress(phase: FetchPhase, done: number, total: number | undefined): void {
    this.#show(phase, total).update(done);
  }

  /** Prints a warning, which stays on the screen above the bar. */
  onNotice(message: string): void {
    this.close();
    this.#options.warn(message);
  }

  /** Confirms that Ctrl-C was received. */
  stopping(): void {
    this.#printLine('stopping; press Ctrl-C again to quit at once');
  }

  close(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }

  #printLine(text: string): void {
    this.close();
    if (!this.#options.quiet) process.stderr.write(`${printable(text)}\n`);
  }

  #show(phase: FetchPhase, total: number | undefined): Progress {
    if (this.#bar?.phase !== phase || this.#bar.total !== total) {
      this.close();
      const unit = phase === 'downloading' || phase === 'reading' ? 'bytes' : 'files';
      this.#bar = {phase, total, progress: createProgress({label: phase, unit, total, quiet: this.#options.quiet})};
    }
    return this.#bar.progress;
  }
}
