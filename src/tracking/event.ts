/** What happens in a training, as it is kept in the journal of a run and told to every tracker. */

import type {Json} from '../common/json-value.ts';
import type {MetricNames} from './metric-names.ts';

export const TRACKERS = ['wandb', 'mlflow', 'tensorboard', 'dvclive'] as const;
export type TrackerName = (typeof TRACKERS)[number];

/** How a training ended. `crashed` is one of which nobody said how it ended. */
export type RunState = 'finished' | 'failed' | 'killed' | 'crashed';

/** What a tracker is told of a run at its start. */
export interface RunDescription {
  /** Eight of [a-z0-9]: names the run in services. */
  id: string;
  name: string;
  /** The folder of the run. */
  folder: string;
  /** The current folder, below which some trackers write. */
  cwd: string;
  /** The project or experiment that it belongs to; undefined for the tracker's own setting. */
  project?: string | undefined;
  /** Name under which the model is registered, and an alias for it. */
  register?: {name: string; alias?: string | undefined} | undefined;
  /** All settings, nested. */
  config: {[key: string]: Json};
  dataset: {
    name: string;
    /** 32 or more hexadecimal digits that name the content. */
    digest: string;
    source: string;
    images: number;
    labels: Record<string, number>;
  };
  command: string;
  commit?: string | undefined;
  host: string;
  versions: {rice: string; node: string};
  machine: {cpu: string; cores: number; memory: number; platform: string};
}

export interface HistogramData {
  min: number;
  max: number;
  count: number;
  sum: number;
  sumSquares: number;
  /** Upper limits of the bins, in rising order, and how many values are in each. */
  limits: number[];
  counts: number[];
}

export type EventBody =
  | {type: 'start'; trackers: TrackerName[]; metricNames: MetricNames; run: RunDescription}
  /** Training goes on after an interruption. */
  | {type: 'resume'}
  | {type: 'metrics'; step: number; values: Record<string, number>}
  | {type: 'log'; stream: 'stdout' | 'stderr'; text: string}
  /** Load of the machine, by the names that W&B uses for it, without their `system.`. */
  | {type: 'system'; values: Record<string, number>}
  /** A PNG in the folder of the journal. */
  | {type: 'picture'; step: number; key: string; file: string; width: number; height: number; caption: string}
  | {type: 'histogram'; step: number; name: string; histogram: HistogramData}
  | {type: 'confusion'; step: number; labels: string[]; matrix: number[][]}
  | {type: 'model'; model: ModelDescription}
  /** Values of the whole run, such as the accuracy on the test part. */
  | {type: 'summary'; step: number; values: Record<string, number>}
  | {type: 'finish'; state: RunState};

export interface ModelDescription {
  /** Absolute path of the model file. */
  path: string;
  /** Files that go with it, such as the record of the run: absolute paths. */
  beside: string[];
  name: string;
  version: string;
  bytes: number;
  sha256: string;
  labels: string[];
  input: {width: number; height: number};
  accuracy: number;
}

/** @property time milliseconds since 1970 */
export type TrackedEvent = EventBody & {time: number};

/** Milliseconds since 1970 at which the run began. */
export function startOf(events: readonly TrackedEvent[]): Extract<TrackedEvent, {type: 'start'}> {
  const [first] = events;
  if (first?.type !== 'start') throw new RangeError('the journal does not begin with the start of a run');
  return first;
}
