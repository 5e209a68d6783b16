import {anyThreadBusy, restThreads} from '../common/worker-pool.ts';
import type {ExitCode, StopSignal} from './exit-codes.ts';

/** Milliseconds that threads get to come out of native code. */
const GRACE = 1000;

let quitting = false;

/** Whether the process is about to end: whatever fails from now on is nobody's concern. */
export function isQuitting(): boolean {
  return quitting;
}

/**
 * Ends the process now, as far as that can be done: threads in native code would abort it, with a message and code of
 * their own. Those that do not come out of it in time end with the process, by the signal that was received.
 *
 * @param code left as it is where undefined
 */
export function quit(code: ExitCode | undefined, signal?: StopSignal): void {
  const end = () => process.exit(code);
  if (!anyThreadBusy()) end();
  quitting = true;
  process.on('uncaughtException', () => {});
  setTimeout(() => {
    if (signal) endBy(signal, code);
    end();
  }, GRACE);
  void restThreads().then(end);
}

function endBy(signal: StopSignal, code: ExitCode | undefined): void {
  // What puts the terminal right listens to this, and is not called when a signal ends the process.
  process.emit('exit', code ?? 0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
