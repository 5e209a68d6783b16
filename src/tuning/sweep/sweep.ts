import type {Distribution} from '../space/distribution.ts';

/** A search as a sweep file describes it. */
export interface Sweep {
  name?: string;
  method: 'grid' | 'random' | 'bayes';
  metric: SweepMetric;
  /** Most trials; missing if the file does not say. */
  runCap?: number;
  hyperband?: Hyperband;
  parameters: SweepParameter[];
  /** What of the file has no effect here, in a sentence each. */
  notes: string[];
}

export interface SweepMetric {
  name: MetricName;
  goal: 'minimize' | 'maximize';
  /** The search ends when a trial reaches it. */
  target?: number;
  /** What a failed trial counts as. */
  impute: 'worst' | 'best' | 'latest';
}

export type MetricName = 'val/loss' | 'val/accuracy' | 'train/loss' | 'train/accuracy';

export interface SweepParameter {
  /** As in the file; nested ones with their parents, as in `optimizer.lr`. */
  name: string;
  /** The flag of rice train that it sets. */
  flag: string;
  distribution: Distribution;
}

/** When trials are stopped early: after so many epochs, only the best 1/eta of all that came so far go on. */
export interface Hyperband {
  /** Epochs at which trials are compared, rising. */
  rungs: number[];
  eta: number;
  /** Whether no more than the best 1/eta pass; otherwise one more. */
  strict: boolean;
}
