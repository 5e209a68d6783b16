/** The exit codes of the process; the same with and without `--json`. */
export const EXIT = {
  success: 0,
  /** Some files were unreadable, the accuracy is below `--min-accuracy`, or the dataset failed verification. */
  partial: 1,
  /** Usage, configuration or internal error, or failed training. */
  failure: 2,
  /** Stopped by SIGINT (Ctrl-C). */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Signals that stop the process. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

export function exitCodeOf(signal: StopSignal): ExitCode {
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
}
