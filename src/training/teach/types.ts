import type {Dataset} from '../../dataset/dataset.ts';
import type {Thresholds} from '../../model/rejection.ts';
import type {NewModel} from './base/new-model.ts';
import type {HeldAccuracy} from './fit/held-accuracy.ts';
import type {LinearHead} from './fit/linear-head.ts';

export interface TeachOptions {
  dataset: Dataset;
  /** What the model is made of: see `readBaseModel`. */
  from: string;
  /** The folder of the run, which must not hold anything yet. */
  run: string;
  name: string;
  version: string;
  /** Set where the model keeps its labels and learns another camera: how that is called. */
  camera?: string | undefined;
  /** Whether the pictures are shown whole, with no grain searched for in them. */
  wholeFrame?: boolean;
  folds: number;
  seed: number;
  settings: unknown[];
  cacheDir?: string;
}

/** What was fitted, before it is written. */
export interface Made {
  model: NewModel;
  held: HeldAccuracy;
  temperature: number;
  thresholds: Thresholds;
  head: LinearHead;
  fitted: Record<string, unknown>;
}
