import {printable} from '../../cli/printable.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import type {FetchEvents, FetchPhase} from '../../fetching/request.ts';
import type {Source} from '../../fetching/sources/source.ts';

interface ViewOptions {
  quiet: boolean;
  warn: (text: string) => void;
}

/** Shows what `rice fetch-data` is doing: the source, a bar for what is under way, what went wrong on the way. */
export class FetchView implements FetchEvents {
  #bar: {phase: FetchPhase; total: number | undefined; progress: Progress} | undefined;

  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  onSource({title, access}: Source): void {
    this.#tell(`fetching from ${printable(title)} (${printable(access)})`);
  }

  onProgress(phase: FetchPhase, done: number, total: number | undefined): void {
    this.#show(phase, total).update(done);
  }

  /** What is worth knowing stays on the screen, above the bar. */
  onNotice(message: string): void {
    this.close();
    this.#options.warn(message);
  }

  /** Says that the wish to stop was heard. */
  stopping(): void {
    this.#tell('stopping; press Ctrl-C again to quit at once');
  }

  close(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }

  #tell(text: string): void {
    this.close();
    if (!this.#options.quiet) process.stderr.write(`${text}\n`);
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
