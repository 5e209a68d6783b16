import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {encodePng} from '../../src/image/formats/png/encode.ts';
import type {EventBody, RunDescription, TrackedEvent, TrackerName} from '../../src/tracking/event.ts';
import {histogramOf} from '../../src/tracking/histogram.ts';
import {TRACKING_FOLDER} from '../../src/tracking/journal.ts';

export const START = Date.UTC(2026, 10, 30, 12);

export const CONFIG = {network: 'grain4', schedule: {epochs: 2, learningRate: 1e-7}, threads: null, wholeFrame: false};

export function describedRun(folder: string, others: Partial<RunDescription> = {}): RunDescription {
  return {
    id: 'abcd1234',
    name: 'grain4-1',
    folder: join(folder, 'runs', 'grain4-1'),
    cwd: folder,
    config: CONFIG,
    dataset: {
      name: 'data',
      digest: '0123456789abcdef0123456789abcdef.dir',
      source: '/data',
      images: 6,
      labels: {A: 3, B: 3},
    },
    command: 'rice train data --track wandb',
    commit: 'f00d',
    host: 'here',
    versions: {rice: '2.0.0', node: 'v22.0.0'},
    machine: {cpu: 'CPU', cores: 2, memory: 2 ** 34, platform: 'linux-x64'},
    ...others,
  };
}

/** What a short training tells, with its files: two epochs, a picture, a model. */
export function trainingEvents(
  folder: string,
  trackers: TrackerName[],
  others: Partial<RunDescription> = {},
): TrackedEvent[] {
  const run = describedRun(folder, others);
  mkdirSync(join(run.folder, TRACKING_FOLDER, 'media'), {recursive: true});
  const frame = {width: 4, height: 2, data: new Uint8Array(24).fill(100)};
  writeFileSync(join(run.folder, TRACKING_FOLDER, 'media', 'mistake_01.png'), encodePng(frame));
  writeFileSync(join(run.folder, 'model.onnx'), 'a model');
  writeFileSync(join(run.folder, 'run.json'), '{}');
  const epoch = (step: number): EventBody[] => [
    {type: 'log', stream: 'stdout', text: `epoch ${step}`},
    {type: 'histogram', step, name: 'weights/a', histogram: histogramOf(Float32Array.of(-1, 0, 1, step), 4)},
    {
      type: 'metrics',
      step,
      values: {epoch: step, 'train/loss': 1 / step, 'val/loss': 0.5 / step, 'val/accuracy': step / 4, lr: 1e-3},
    },
    {type: 'system', values: {cpu: 50, memory_percent: 25}},
  ];
  const bodies: EventBody[] = [
    {type: 'start', trackers, metricNames: 'rice', run},
    {type: 'log', stream: 'stdout', text: 'training 139,922 parameters'},
    ...epoch(1),
    ...epoch(2),
    {
      type: 'confusion',
      step: 2,
      labels: ['A', 'B'],
      matrix: [
        [2, 1],
        [0, 3],
      ],
    },
    {
      type: 'picture',
      step: 2,
      key: 'mistakes',
      file: 'media/mistake_01.png',
      width: 4,
      height: 2,
      caption: 'A taken for B',
    },
    {type: 'summary', step: 2, values: {'test/accuracy': 0.75}},
    {type: 'model', model: modelOf(run.folder)},
    {type: 'finish', state: 'finished'},
  ];
  return bodies.map((body, i) => ({...body, time: START + i * 1000}) as TrackedEvent);
}

function modelOf(folder: string) {
  return {
    path: join(folder, 'model.onnx'),
    beside: [join(folder, 'run.json')],
    name: 'grain4-1',
    version: '1.0.0',
    bytes: 7,
    sha256: 'ab'.repeat(32),
    labels: ['A', 'B'],
    input: {width: 120, height: 56},
    accuracy: 0.75,
  };
}
