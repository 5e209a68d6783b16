import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Decoder} from '../../../src/image/decode.ts';

/** Which damaged pictures to decode. A case follows from the seed and its number alone. */
export interface FuzzTask {
  seed: number;
  /** Number of the first case. */
  first: number;
  count: number;
  /** Of generated pictures, damage those whose names this regular expression matches. */
  names?: string | undefined;
  /** Damage the files in here instead of generated ones. */
  folder?: string | undefined;
  /** What decodes those. */
  decoders?: readonly Decoder[] | undefined;
  maxPixels: number;
  /** CPU time that one case may take. */
  limitMs: number;
}

export interface FuzzFailure {
  /** The case, the picture and what was done to it. */
  where: string;
  reason: string;
}

export interface FuzzReport {
  /** How many cases gave a window, and each code. */
  outcomes: Record<string, number>;
  failures: FuzzFailure[];
  slowestMs: number;
  rssGrowthMb: number;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** A case that is in work for longer hangs. Wall time: more than the limit of CPU time, for machines that do other things. */
const HANG_MS = 15_000;

/**
 * Runs the cases in a process of their own, so that a hang, a crash of native code and output of a decoder are seen, and
 * says at which case. Does not reject: whatever happens is a failure in the report.
 */
export function runFuzz(task: FuzzTask): Promise<FuzzReport> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', WORKER, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    const report: FuzzReport = {outcomes: {}, failures: [], slowestMs: 0, rssGrowthMb: 0};
    let current = 'before the first case';
    let moved = Date.now();
    child.stdio[4]?.on('data', (chunk: Buffer) => {
      current = chunk.toString().trimEnd().split('\n').at(-1) ?? current;
      moved = Date.now();
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) =>
        report.failures.push({where: `near ${current}`, reason: `printed: ${chunk.toString().slice(0, 2000)}`}),
      );
    const watchdog = setInterval(() => {
      if (Date.now() - moved < HANG_MS) return;
      report.failures.push({where: current, reason: `hangs for ${HANG_MS} ms`});
      child.kill('SIGKILL');
    }, 250);
    let received = false;
    child.on('message', (message: FuzzReport) => {
      received = true;
      Object.assign(report, message, {failures: [...report.failures, ...message.failures]});
    });
    child.on('close', (code, signal) => {
      clearInterval(watchdog);
      if (!received) report.failures.push({where: current, reason: `the process ended with ${signal ?? code}`});
      resolve(report);
    });
  });
}
