import {anyThreadOpen, drainThreads} from '../common/worker-pool.ts';
import type {ExitCode, StopSignal} from './exit-codes.ts';

/** Milliseconds that threads get to return from native code. */
const GRACE_PERIOD = 1000;

let quitting = false;

/** Whether the process is about to end: errors from now on are not printed. */
export function isQuitting(): boolean {
  return quitting;
}

/**
 * Ends the process as soon as possible. `process.exit` while a thread is in native code would abort the process, with
 * another message and exit code, so this waits for the threads. If they take too long, the signal ends the process.
 *
 * @param code undefined leaves `process.exitCode` unchanged
 */
export function quit(code: ExitCode | undefined, signal?: StopSignal): void {
  const end = () => process.exit(code);
  if (!anyThreadOpen()) end();
  quitting = true;
  process.on('uncaughtException', () => {});
  setTimeout(() => {
    if (signal) endBy(signal, code);
    end();
  }, GRACE_PERIOD);
  void drainThreads().then(end);
}

function endBy(signal: StopSignal, code: ExitCode | undefined): void {
  // Listeners restore the terminal, but Node does not emit this event if a signal ends the process.
  process.emit('exit', code ?? 0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
