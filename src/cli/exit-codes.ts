/** What the process answers with; the same with and without `--json`. */
export const EXIT = {
  /** Everything went well. */
  success: 0,
  /** It ran, but the answer is partial: some files were unreadable; or it is not good enough (`--min-accuracy`), or not proved. */
  partial: 1,
  /** Usage, configuration or internal error, or a training that failed. */
  failure: 2,
  /** Stopped by SIGINT (Ctrl-C). */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What asks a process to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

export function exitCodeOf(signal: StopSignal): ExitCode {
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
}
