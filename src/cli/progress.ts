import type {SingleBar} from 'cli-progress';
import {columnsOf} from './fit.ts';
import {formatBytes, formatCount, formatDuration, formatPercent, formatRate} from './format.ts';
import {isUtf8} from './style.ts';
import {displayWidth} from './table.ts';

type Terminal = NodeJS.WritableStream & {isTTY?: boolean; columns?: number};

export interface ProgressOptions {
  /** What the command is doing: `evaluating`. */
  label: string;
  /** Undefined if unknown. */
  total?: number | undefined;
  /** What is counted: `pictures`. `bytes` are shown as MB, with their rate. */
  unit: string;
  quiet?: boolean;
  /** Whether to write a line every `period` without a terminal; true by default. */
  plainLines?: boolean;
  stream?: Terminal;
  /** Milliseconds before the bar appears, so that short work shows none. */
  delay?: number;
  /** Milliseconds between plain lines. */
  period?: number;
  /** The clock, in milliseconds. */
  now?: () => number;
}

export interface Progress {
  /** @param notes texts to show beside the bar, such as the loss, the most important one first */
  update(done: number, notes?: readonly string[]): void;
  /** Clears the bar, prints something else, and draws the bar again. */
  around(print: () => void): void;
  /** Removes the bar. Call it before printing results and if the work fails. */
  stop(): void;
}

/** A bar on a terminal, a plain line every `period` elsewhere, nothing with `quiet`. */
export function createProgress(options: ProgressOptions): Progress {
  const {stream = process.stderr, quiet = false, plainLines = true} = options;
  if (quiet || (!stream.isTTY && !plainLines)) return {update() {}, around: (print) => print(), stop() {}};
  return stream.isTTY ? barProgress(options, stream) : lineProgress(options, stream);
}

function barProgress(options: ProgressOptions, stream: Terminal): Progress {
  const {label, total, unit, delay = 600, now = Date.now} = options;
  const begin = now();
  const pace = new Pace();
  const bytes = unit === 'bytes';
  const amount = bytes ? formatBytes : String;
  let bar: SingleBar | undefined;
  let loading = false;
  let stopped = false;
  let latest: {done: number; notes: readonly string[]} = {done: 0, notes: []};
  const show = async () => {
    const {default: cliProgress} = await import('cli-progress');
    if (stopped) return;
    bar = new cliProgress.SingleBar({
      stream,
      format: line,
      clearOnComplete: true,
      // Ctrl-C must not leave a terminal without a cursor.
      hideCursor: false,
      gracefulExit: false,
    });
    bar.start(total ?? 0, latest.done);
    process.once('exit', stop);
  };
  /** Also runs when the process exits: the bar has turned off the terminal's line wrapping. */
  const stop = () => {
    stopped = true;
    process.off('exit', stop);
    bar?.stop();
    bar = undefined;
  };
  const line = () => {
    const {done, notes} = latest;
    const rate = pace.rate(done, now());
    const paceShown = bytes ? `${formatBytes(rate)}/s` : `${formatRate(rate)} a second`;
    const columns = columnsOf(stream);
    if (total === undefined)
      return fitParts(label, [bytes ? amount(done) : `${amount(done)} ${unit}`, paceShown, ...notes], columns).join(
        '  ',
      );
    const counted = bytes ? `${amount(done)} of ${amount(total)}` : `${amount(done)}/${amount(total)} ${unit}`;
    const left = `${formatDuration(pace.secondsLeft(done, total, now()))} left`;
    const measures = bytes ? [counted, paceShown, left] : [counted, left];
    const percent = `${Math.floor((total > 0 ? Math.min(1, done / total) : 1) * 100)}%`;
    return barLine({label, fraction: done / total, percent, measures, notes, columns});
  };
  return {
    update(done, notes = []) {
      latest = {done, notes};
      pace.begin(bytes ? done : 0, begin);
      if (bar) bar.update(done);
      else if (!loading && now() - begin >= delay) {
        loading = true;
        void show();
      }
    },
    around(print) {
      // Stopping moves the cursor back to where the bar was: print there before the bar starts again.
      bar?.stop();
      print();
      bar?.start(total ?? 0, latest.done);
    },
    stop,
  };
}

function lineProgress(options: ProgressOptions, stream: NodeJS.WritableStream): Progress {
  const {label, total, unit, period = 10_000, now = Date.now} = options;
  const begin = now();
  const pace = new Pace();
  const bytes = unit === 'bytes';
  const amount = (value: number) => (bytes ? formatBytes(value) : formatCount(value));
  const counted = bytes ? '' : ` ${unit}`;
  let last = begin;
  return {
    update(done, notes = []) {
      pace.begin(bytes ? done : 0, begin);
      if (now() - last < period) return;
      last = now();
      const rate = pace.rate(done, last);
      const parts =
        total === undefined
          ? [`${amount(done)}${counted}`, `${bytes ? formatBytes(rate) : formatRate(rate)} a second`]
          : [
              `${amount(done)} of ${amount(total)}${counted} (${formatPercent(done / total, 0)})`,
              ...(bytes ? [`${formatBytes(rate)} a second`] : []),
              `${formatDuration(pace.secondsLeft(done, total, last))} left`,
            ];
      stream.write(`${label}: ${[...parts, ...(notes.length > 0 ? [notes.join('  ')] : [])].join(', ')}\n`);
    },
    around: (print) => print(),
    stop() {},
  };
}

interface BarLine {
  label: string;
  fraction: number;
  percent: string;
  /** How much is done, how fast, how long it still takes. */
  measures: readonly string[];
  notes: readonly string[];
  columns: number;
}

const SHORTEST_BAR = 10;
const LONGEST_BAR = 30;
/** As many notes matter more than the measures: of a training the loss, the accuracy and the time to its end. */
const MAIN_NOTES = 3;

/** A bar that fits into a line of the terminal, with as much beside it as there is room for. */
function barLine({label, fraction, percent, measures, notes, columns}: BarLine): string {
  const ranked = [...notes.slice(0, MAIN_NOTES), ...measures, ...notes.slice(MAIN_NOTES)];
  const head = displayWidth(label) + SHORTEST_BAR + ' '.length + percent.length;
  const shown = new Set(fitParts(' '.repeat(head + 1), ranked, columns).slice(1));
  const beside = [...measures, ...notes].filter((part) => shown.has(part)).map((part) => `  ${part}`);
  const rest = displayWidth(`${label} ${percent}${beside.join('')}`) + ' '.length;
  const size = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, columns - rest - 1));
  const full = Math.floor(Math.min(1, Math.max(0, fraction || 0)) * size);
  const [done, open] = isUtf8() ? ['█', '░'] : ['#', '.'];
  return `${label} ${done.repeat(full)}${open.repeat(size - full)} ${percent}${beside.join('')}`;
}

/** The first text, and those of the others that fit behind it, two columns apart; the last column stays empty. */
function fitParts(first: string, others: readonly string[], columns: number): string[] {
  let used = displayWidth(first);
  const fitting = others.filter((part) => {
    const width = displayWidth(part) + 2;
    if (used + width >= columns) return false;
    used += width;
    return true;
  });
  return [first, ...fitting];
}

/** The speed of the work, not counting what an earlier run had already done. */
class Pace {
  #start: {done: number; time: number} | undefined;

  /** Only the first call has an effect. @param done the amount already done at `time`, in milliseconds */
  begin(done: number, time: number): void {
    this.#start ??= {done, time};
  }

  /** The amount done per second. */
  rate(done: number, time: number): number {
    const {done: before, time: begin} = this.#start ?? {done, time};
    return ((done - before) * 1000) / Math.max(1, time - begin);
  }

  /** Assumes that the rest goes at the same rate. */
  secondsLeft(done: number, total: number, time: number): number {
    const rate = this.rate(done, time);
    return rate > 0 ? Math.max(0, total - done) / rate : 0;
  }
}
