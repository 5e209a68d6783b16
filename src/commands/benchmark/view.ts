import type {BenchmarkObserver} from '../../benchmarking/benchmark.ts';
import {shortenPath} from '../../cli/fit.ts';
import {printable} from '../../cli/printable.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {isUtf8} from '../../cli/style.ts';

/** What each phase counts. */
const UNITS = {trying: 'starts', evaluating: 'pictures', measuring: 'measurements'} as const;
/** Columns of what is measured at the moment. */
const LONGEST_NOTE = 40;

/** A progress bar for each phase of a benchmark. */
export class BenchmarkView implements BenchmarkObserver {
  #progress: Progress | undefined;
  readonly #quiet: boolean;
  readonly #warn: (message: string) => void;

  constructor(quiet: boolean, warn: (message: string) => void) {
    this.#quiet = quiet;
    this.#warn = warn;
  }

  onPhase(phase: keyof typeof UNITS, total: number): void {
    this.close();
    this.#progress = createProgress({label: phase, unit: UNITS[phase], total, quiet: this.#quiet});
  }

  onProgress(done: number, note?: string): void {
    const notes = note === undefined ? [] : [shortenPath(printable(note), LONGEST_NOTE, isUtf8())];
    this.#progress?.update(done, notes);
  }

  onWarning(message: string): void {
    if (this.#progress) this.#progress.around(() => this.#warn(message));
    else this.#warn(message);
  }

  close(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }
}
