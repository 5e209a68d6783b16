import {readFileSync} from 'node:fs';
import {availableParallelism, cpus, loadavg, platform} from 'node:os';
import {setTimeout} from 'node:timers/promises';

/** How busy others keep the machine. */
export interface Load {
  /** The share of the time of all cores that other processes and other virtual machines took while this one waited, 0 to 1. */
  others: number;
  /** Processes that ran or waited to run, on average over the last minute, per core; null on Windows, which keeps no such figure. */
  perCore: number | null;
}

/** What a load is read from: the system, or a test. */
export interface LoadSource {
  /** Milliseconds that all cores were busy since the system started. */
  busy(): number;
  /** Milliseconds of processor time that this process took. */
  own(): number;
  now(): number;
  wait(milliseconds: number): Promise<unknown>;
  cores: number;
  loadAverage(): number | null;
}

/** Milliseconds of waiting: the system counts processor time in ticks of 10 to 16 ms. */
const WINDOW_MS = 500;

/** Measures the load while this process waits. No process of the measurement may run meanwhile. */
export async function measureLoad(source: LoadSource = SYSTEM): Promise<Load> {
  const [busy, own, begin] = [source.busy(), source.own(), source.now()];
  await source.wait(WINDOW_MS);
  const taken = source.busy() - busy - (source.own() - own);
  const average = source.loadAverage();
  return {
    others: Math.min(1, Math.max(0, taken / (source.cores * (source.now() - begin)))),
    perCore: average === null ? null : average / source.cores,
  };
}

/** From this share on, others take what a measurement would have taken. */
const BUSY = 0.1;
/** This share is a pause of a machine that was busy for the last minute, by its load. */
const PAUSING = 0.03;
const BUSY_PER_CORE = 0.5;

/**
 * Whether figures that are taken now would be those of something else as well. The load average alone does not say so: it still
 * tells of what ended a minute ago, which may be the last measurement.
 */
export function isBusy({others, perCore}: Load): boolean {
  return others > BUSY || (others > PAUSING && perCore !== null && perCore > BUSY_PER_CORE);
}

/** Milliseconds of a tick of `/proc/stat`, the same on all processors that Node runs on. */
const TICK_MS = 10;

/** Milliseconds that other virtual machines took of the cores of this one, which only Linux tells: the eighth number of its line. */
function stolen(): number {
  if (platform() !== 'linux') return 0;
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    return (Number(line.split(/ +/)[8]) || 0) * TICK_MS;
  } catch {
    return 0;
  }
}

const SYSTEM: LoadSource = {
  busy: () => cpus().reduce((sum, {times}) => sum + times.user + times.nice + times.sys + times.irq, stolen()),
  own: () => {
    const {user, system} = process.cpuUsage();
    return (user + system) / 1000;
  },
  now: () => performance.now(),
  wait: setTimeout,
  cores: Math.max(cpus().length, availableParallelism()),
  loadAverage: () => (platform() === 'win32' ? null : loadavg()[0]),
};
