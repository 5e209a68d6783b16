import type {SingleBar} from 'cli-progress';
import {formatBytes, formatCount, formatDuration, formatPercent, formatRate} from './format.ts';
import {isUtf8} from './style.ts';

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
  stream?: NodeJS.WritableStream & {isTTY?: boolean};
  /** Milliseconds before the bar appears, so that short work shows none. */
  delay?: number;
  /** Milliseconds between plain lines. */
  period?: number;
  /** The clock, in milliseconds. */
  now?: () => number;
}

export interface Progress {
  /** @param note text to show beside the bar, such as the loss */
  update(done: number, note?: string): void;
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

function barProgress(options: ProgressOptions, stream: NodeJS.WritableStream): Progress {
  const {label, total, unit, delay = 600, now = Date.now} = options;
  const begin = now();
  const pace = new Pace();
  const bytes = unit === 'bytes';
  const amount = bytes ? formatBytes : String;
  const paceShown = bytes ? '{rate}/s' : '{rate} a second';
  let bar: SingleBar | undefined;
  let loading = false;
  let stopped = false;
  let latest = {done: 0, note: ''};
  const show = async () => {
    const {default: cliProgress} = await import('cli-progress');
    if (stopped) return;
    const counted = bytes
      ? `${label} {bar} {percentage}%  {amount} of {whole}  ${paceShown}  {left} left  {note}`
      : `${label} {bar} {percentage}%  {amount}/{whole} ${unit}  {left} left  {note}`;
    const uncounted = bytes
      ? `${label}  {amount}  ${paceShown}  {note}`
      : `${label}  {amount} ${unit}  ${paceShown}  {note}`;
    bar = new cliProgress.SingleBar({
      stream,
      format: total === undefined ? uncounted : counted,
      barCompleteChar: isUtf8() ? '█' : '#',
      barIncompleteChar: isUtf8() ? '░' : '.',
      barsize: 30,
      clearOnComplete: true,
      // Ctrl-C must not leave a terminal without a cursor.
      hideCursor: false,
      gracefulExit: false,
    });
    bar.start(total ?? 0, latest.done, payload());
    process.once('exit', stop);
  };
  /** Also runs when the process exits: the bar has turned off the terminal's line wrapping. */
  const stop = () => {
    stopped = true;
    process.off('exit', stop);
    bar?.stop();
    bar = undefined;
  };
  const payload = () => ({
    note: latest.note,
    amount: amount(latest.done),
    whole: amount(total ?? 0),
    left: formatDuration(pace.secondsLeft(latest.done, total ?? latest.done, now())),
    rate: bytes ? formatBytes(pace.rate(latest.done, now())) : formatRate(pace.rate(latest.done, now())),
  });
  return {
    update(done, note = '') {
      latest = {done, note};
      pace.begin(bytes ? done : 0, begin);
      if (bar) bar.update(done, payload());
      else if (!loading && now() - begin >= delay) {
        loading = true;
        void show();
      }
    },
    around(print) {
      // Stopping moves the cursor back to where the bar was: print there before the bar starts again.
      bar?.stop();
      print();
      bar?.start(total ?? 0, latest.done, payload());
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
    update(done, note) {
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
      stream.write(`${label}: ${[...parts, ...(note ? [note] : [])].join(', ')}\n`);
    },
    around: (print) => print(),
    stop() {},
  };
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
