import type {SingleBar} from 'cli-progress';
import {formatCount, formatDuration, formatPercent, formatRate} from './format.ts';
import {isUtf8} from './style.ts';

export interface ProgressOptions {
  /** What is being done: `evaluating`. */
  label: string;
  /** Left out where nobody knows. */
  total?: number | undefined;
  /** What is counted: `images`. */
  unit: string;
  quiet?: boolean;
  /** Whether to write a line now and then where there is no terminal; true unless set. */
  plainLines?: boolean;
  stream?: NodeJS.WritableStream & {isTTY?: boolean};
  /** Milliseconds; work that is over sooner shows nothing. */
  delay?: number;
  /** Milliseconds between plain lines. */
  period?: number;
  /** The clock, in milliseconds. */
  now?: () => number;
}

export interface Progress {
  /** @param note something to show beside it, such as the loss */
  update(done: number, note?: string): void;
  /** Prints something else without leaving pieces of the bar on the screen. */
  around(print: () => void): void;
  /** Removes the bar; call it before printing results and when the work fails. */
  stop(): void;
}

/** A bar on a terminal, a plain line every now and then elsewhere, nothing under `quiet`. */
export function createProgress(options: ProgressOptions): Progress {
  const {stream = process.stderr, quiet = false, plainLines = true} = options;
  if (quiet || (!stream.isTTY && !plainLines)) return {update() {}, around: (print) => print(), stop() {}};
  return stream.isTTY ? barProgress(options, stream) : lineProgress(options, stream);
}

function barProgress(options: ProgressOptions, stream: NodeJS.WritableStream): Progress {
  const {label, total, unit, delay = 600, now = Date.now} = options;
  const begin = now();
  let bar: SingleBar | undefined;
  let loading = false;
  let stopped = false;
  let latest = {done: 0, note: ''};
  const show = async () => {
    const {default: cliProgress} = await import('cli-progress');
    if (stopped) return;
    const counted = `${label} {bar} {percentage}%  {value}/{total} ${unit}  {left} left  {note}`;
    bar = new cliProgress.SingleBar({
      stream,
      format: total === undefined ? `${label}  {value} ${unit}  {rate} a second  {note}` : counted,
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
  /** Also when the process is stopped: the bar has switched off the terminal's line wrapping. */
  const stop = () => {
    stopped = true;
    process.off('exit', stop);
    bar?.stop();
    bar = undefined;
  };
  const payload = () => ({
    note: latest.note,
    left: formatDuration(secondsLeft(latest.done, total ?? latest.done, now() - begin)),
    rate: formatRate((latest.done * 1000) / Math.max(1, now() - begin)),
  });
  return {
    update(done, note = '') {
      latest = {done, note};
      if (bar) bar.update(done, payload());
      else if (!loading && now() - begin >= delay) {
        loading = true;
        void show();
      }
    },
    around(print) {
      // Stopping puts the cursor back to where it was at the start: what is printed must come before another start.
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
  let last = begin;
  return {
    update(done, note) {
      if (now() - last < period) return;
      last = now();
      const parts =
        total === undefined
          ? [`${formatCount(done)} ${unit}`, `${formatRate((done * 1000) / (last - begin))} a second`]
          : [
              `${formatCount(done)} of ${formatCount(total)} ${unit} (${formatPercent(done / total, 0)})`,
              `${formatDuration(secondsLeft(done, total, last - begin))} left`,
            ];
      stream.write(`${label}: ${[...parts, ...(note ? [note] : [])].join(', ')}\n`);
    },
    around: (print) => print(),
    stop() {},
  };
}

/** Assumes that the rest goes as fast as what is done. */
function secondsLeft(done: number, total: number, milliseconds: number): number {
  return done > 0 ? (Math.max(0, total - done) / done) * (milliseconds / 1000) : 0;
}
