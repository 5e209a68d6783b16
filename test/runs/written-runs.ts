/** Runs that were never trained: the files that a training leaves, with figures as wanted. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {wilsonInterval} from '../../src/common/wilson-interval.ts';
import {calibration} from '../../src/evaluation/calibration.ts';
import {confusionMatrix} from '../../src/evaluation/confusion.ts';
import {accuracy, perClassMetrics} from '../../src/evaluation/metrics.ts';
import {writeStatus} from '../../src/runs/status.ts';
import {writeTestAnswers} from '../../src/runs/test-answers.ts';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../src/training/configuration.ts';
import type {RunRecord} from '../../src/training/run/run-folder.ts';

export interface WrittenRun {
  configuration?: Partial<TrainingConfiguration>;
  date?: string;
  digest?: string;
  /** Best accuracy in validation. */
  validation?: number;
  validationLoss?: number;
  /** For each test picture, by its number, whether it is answered rightly; none for a run that is not at its end. */
  right?: Record<number, boolean>;
  /** Whether the answers are recorded, which earlier versions did not do. */
  recorded?: boolean;
  root?: string;
}

const LABELS = ['long', 'round'];

/** Writes the folder of a run; test picture N is `long/N.jpg` or `round/N.jpg`. */
export function writeRun(folder: string, run: WrittenRun = {}): string {
  const {validation = 0.9, validationLoss = 0.3, right, recorded = true, digest = `${'a'.repeat(32)}.dir`} = run;
  const configuration = {...DEFAULT_CONFIGURATION, ...run.configuration};
  const epochs = [1, 2].map((epoch) => ({
    epoch,
    loss: 1 / epoch,
    accuracy: 0.5,
    validationLoss: epoch === 2 ? validationLoss : 1,
    validationAccuracy: epoch === 2 ? validation : 0.1,
    learningRate: 1e-3,
  }));
  const record: RunRecord = {
    format: 1,
    name: 'tiny',
    date: run.date ?? '2026-01-02T03:04:05.000Z',
    configuration,
    settings: [],
    dataset: {
      root: run.root ?? '/nowhere/rice',
      digest,
      images: 1000,
      labels: {long: 500, round: 500},
      split: {...configuration.split, images: {train: 800, validation: 100, test: 100}},
      duplicates: 0,
      record: null,
      errors: [],
    },
    versions: {rice: '2.0.0', node: 'v20.19.0', onnxruntime: '1.22.0'},
    machine: {cpu: 'a processor', cores: 2, memory: 8e9, platform: 'linux-x64'},
  };
  mkdirSync(folder, {recursive: true});
  const write = (file: string, content: unknown) => writeFileSync(join(folder, file), JSON.stringify(content));
  write('run.json', record);
  write('metrics.json', {epochs, ...(right ? {test: testOf(right)} : {})});
  if (!right) return folder;
  writeFileSync(join(folder, 'model.onnx'), 'a model');
  if (!recorded) return folder;
  writeTestAnswers(folder, answersOf(right));
  writeStatus(folder, {format: 1, state: 'finished', seconds: 60, sessions: 1, updated: record.date, device: 'cpu'});
  return folder;
}

function answersOf(right: Record<number, boolean>) {
  return Object.entries(right).map(([number, hit]) => {
    const label = LABELS[Number(number) % 2];
    const predicted = hit ? label : LABELS[1 - (Number(number) % 2)];
    const sha256 = Number(number).toString(16).padStart(64, '0').split('').reverse().join('');
    return {path: `${label}/${number}.jpg`, sha256, label, predicted, confidence: 0.9, known: true};
  });
}

function testOf(right: Record<number, boolean>) {
  const answers = answersOf(right);
  const index = (label: string) => LABELS.indexOf(label);
  const matrix = confusionMatrix(
    answers.map(({label}) => index(label)),
    answers.map(({predicted}) => index(predicted)),
    2,
  );
  const hits = answers.map(({label, predicted}) => label === predicted);
  const metrics = perClassMetrics(matrix);
  return {
    images: answers.length,
    accuracy: accuracy(matrix),
    interval: wilsonInterval(hits.filter(Boolean).length, answers.length),
    unknown: 0,
    reasons: {},
    selective: {coverage: 0.99, accuracy: accuracy(matrix), images: answers.length},
    perClass: Object.fromEntries(LABELS.map((label, i) => [label, metrics[i]])),
    confusion: {labels: LABELS, matrix},
    calibration: calibration(
      answers.map(({confidence}) => confidence),
      hits,
    ),
    mistakes: answers
      .filter(({label, predicted}) => label !== predicted)
      .map(({path, label, predicted, confidence}) => ({path, label, predicted, confidence})),
    unknowns: [],
    errors: [],
    seconds: 1,
    imagesPerSecond: 100,
  };
}

/** Pictures from `from` on, of which those in `wrong` are answered wrongly. */
export function answers(count: number, wrong: readonly number[], from = 0): Record<number, boolean> {
  const numbers = Array.from({length: count}, (_, i) => from + i);
  return Object.fromEntries(numbers.map((number) => [number, !wrong.includes(number)]));
}
