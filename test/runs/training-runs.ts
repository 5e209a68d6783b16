/** Runs that are trained in seconds, for the tests of what is kept of runs. */
import {join} from 'node:path';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../src/training/configuration.ts';
import type {TrainingObserver} from '../../src/training/observer.ts';
import {startTraining, type TrainingEvents} from '../../src/training/train.ts';
import {writeTree} from '../dataset/fixtures.ts';
import {grainDataset} from '../training/grain-dataset.ts';

export const SMALL: TrainingConfiguration = {
  ...DEFAULT_CONFIGURATION,
  input: {width: 48, height: 32},
  batchSize: 8,
  device: 'cpu',
  threads: 1,
  schedule: {...DEFAULT_CONFIGURATION.schedule, epochs: 3, averageDecay: 0.9},
};

export const SILENT: TrainingEvents = {
  onPhase() {},
  onDataset() {},
  onMessage() {},
  onWarning() {},
};

/** A folder with pictures to train on, with the cache in it as well; call it in `before`, and what it returns in `after`. */
export function trainingFolder(folder: string): () => void {
  const before = process.env.RICE_CACHE_DIR;
  process.env.RICE_CACHE_DIR = join(folder, 'cache');
  writeTree(join(folder, 'data'), grainDataset());
  return () => {
    if (before === undefined) delete process.env.RICE_CACHE_DIR;
    else process.env.RICE_CACHE_DIR = before;
  };
}

export function trainIn(
  folder: string,
  name: string,
  observers: TrainingObserver[],
  {
    changes = {},
    events = {},
    signal = new AbortController().signal,
  }: {
    changes?: Partial<TrainingConfiguration>;
    events?: Partial<TrainingEvents>;
    signal?: AbortSignal;
  } = {},
) {
  const options = {
    dataset: join(folder, 'data'),
    run: join(folder, name),
    name: 'tiny',
    version: '1.0.0',
    settings: [],
  };
  const configuration = {...SMALL, ...changes};
  return startTraining({...options, configuration}, {...SILENT, ...events}, signal, observers);
}
