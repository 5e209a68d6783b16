/** `absent`: not there, and not needed. `warning`: rice works, but something could be better. */
export type CheckState = 'ok' | 'absent' | 'warning' | 'problem';

/** One line of what `rice doctor` finds. */
export interface Check {
  name: string;
  state: CheckState;
  message: string;
  /** What to do about it. */
  advice?: string;
}
