import type {ChalkInstance} from 'chalk';

export interface ViewOptions {
  style: ChalkInstance;
  utf8: boolean;
  /** Of the terminal; infinitely many elsewhere. */
  columns: number;
  /** The share of a whole grain below which one is broken, as `--broken` says it. */
  broken: string;
}
