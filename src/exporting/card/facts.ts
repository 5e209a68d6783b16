import {existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {type Interval, wilsonInterval} from '../../common/wilson-interval.ts';
import type {Measured} from '../../evaluation/evaluate.ts';
import type {MeasuredAccuracy, RiceMetadata} from '../../model/metadata.ts';
import {readModelFile} from '../../model/model-file.ts';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import {type ModelInterface, readInterface} from '../../onnx/model.ts';
import {type MadeModel, readMadeModel} from '../../runs/made-model.ts';
import {type Run, readRun} from '../../runs/read-run.ts';
import {RECORD_FILE} from '../../training/run/run-folder.ts';
import {checkRecord} from './check-record.ts';

/** How often a model was right on a part of its pictures. */
export interface PartResult extends MeasuredAccuracy {
  split: 'test' | 'validation';
  /** 95 %. */
  interval: Interval;
}

/** All that a card says, read from where it is recorded. */
export interface CardFacts {
  file: {name: string; bytes: number; sha256: string};
  metadata: RiceMetadata;
  /** How the file was made of the model of the training, where it is not that itself. */
  exported?: unknown;
  graph: ModelInterface;
  /** The test part first. */
  results: PartResult[];
  /** Of the run, where it is known. */
  record?: Run['record'] | MadeModel['record'];
  /** What the test came to in detail, where the run is known. */
  test?: Measured;
}

/**
 * @param named a model file, the folder or name of a run, `last` or `best` (see `modelPath`)
 * @param runFolder the run that the model is of; by default the folder that the model lies in, where it is one
 * @throws RiceError MODEL_METADATA where it is a model of others, USAGE where it is not of that run; those of `readModelFile`
 *   and `readRun`
 */
export function readFacts(named: string, runFolder?: string): CardFacts {
  const {path, bytes, metadata, sha256} = readModelFile(named);
  if (!metadata)
    throw new RiceError('MODEL_METADATA', `${path} holds no record of rice, and a card is made of nothing else`, {
      suggestions: ['Name a model that rice train wrote.'],
    });
  checkRecord(metadata, path);
  const folder = runFolder ?? ownRun(path);
  const made = folder === undefined ? undefined : readMadeModel(folder);
  const run = folder === undefined || made ? undefined : readRun(folder);
  const record = made?.record ?? run?.record;
  // Another model may lie in the place of the one that the run made.
  const isOfRun = record?.date === metadata.training.date;
  if (runFolder !== undefined && !isOfRun)
    throw new RiceError('USAGE', `${path} is not the model of the run ${runFolder}`);
  const results = resultsOf(metadata, isOfRun ? made : undefined);
  const test = isOfRun && results[0].split === 'test' ? run?.test : undefined;
  const exported = (metadata as {export?: unknown}).export;
  return {
    file: {name: basename(path), bytes: bytes.length, sha256},
    metadata,
    ...(exported === undefined ? {} : {exported}),
    graph: readInterface(bytes) ?? {input: [], output: []},
    results,
    ...(isOfRun ? {record: record!} : {}),
    ...(test ? {test} : {}),
  };
}

function ownRun(model: string): string | undefined {
  const folder = dirname(model);
  return basename(model) === RUN_MODEL_FILE && existsSync(join(folder, RECORD_FILE)) ? folder : undefined;
}

function resultsOf({accuracy: {test, validation}}: RiceMetadata, made: MadeModel | undefined): PartResult[] {
  const result = (split: PartResult['split'], {images, accuracy}: MeasuredAccuracy): PartResult => ({
    split,
    images,
    accuracy,
    interval: wilsonInterval(Math.round(accuracy * images), images),
  });
  // Pictures cut from one photograph count less than others, which the run knows.
  const held = made ? {interval: made.held.interval} : {};
  return [...(test ? [result('test', test)] : []), {...result('validation', validation), ...held}];
}
