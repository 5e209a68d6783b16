import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {workerFile} from '../../src/common/package-root.ts';
import {type DatasetRecord, removeDatasetRecord, writeDatasetRecord} from '../../src/dataset/dataset-record.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {selectFiles} from '../../src/evaluation/select-files.ts';
import {createSession} from '../../src/model/devices.ts';
import {readModelFile} from '../../src/model/model-file.ts';
import {readProgress} from '../../src/training/artifact/checkpoint.ts';
import {readManifest} from '../../src/training/artifact/manifest.ts';
import {openImages} from '../../src/training/artifact/open-images.ts';
import {positionsOf} from '../../src/training/artifact/parts.ts';
import {BatchLoader, loaderThreads} from '../../src/training/batches/loader.ts';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../src/training/configuration.ts';
import type {RunRecord} from '../../src/training/run/run-folder.ts';
import {resumeTraining, startTraining, type TrainingEvents, type TrainingResult} from '../../src/training/train.ts';
import type {WorkerMessage} from '../../src/training/worker/messages.ts';
import {writeTree} from '../dataset/fixtures.ts';
import {modelFile} from '../model/models.ts';
import {grainDataset, LABELS, PER_LABEL} from './grain-dataset.ts';

/** Small batches, so that there are many steps during which to kill the process. */
const CONFIGURATION: TrainingConfiguration = {
  ...DEFAULT_CONFIGURATION,
  input: {width: 48, height: 32},
  batchSize: 4,
  dropout: 0.1,
  device: 'cpu',
  threads: 1,
  schedule: {...DEFAULT_CONFIGURATION.schedule, epochs: 3, learningRate: 3e-3, averageDecay: 0.9},
};

const run = promisify(execFile);

describe('training: a whole run', () => {
  let folder = '';
  let cacheBefore: string | undefined;
  let reference: TrainingResult;
  const messages: WorkerMessage[] = [];
  const records: RunRecord['dataset'][] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    cacheBefore = process.env.RICE_CACHE_DIR;
    process.env.RICE_CACHE_DIR = at('cache');
    writeTree(at('data'), grainDataset());
    const events = {...SILENT, onMessage: (message: WorkerMessage) => messages.push(message)};
    reference = await start('reference', {}, {...events, onDataset: (record) => records.push(record)});
  });

  after(() => {
    if (cacheBefore === undefined) delete process.env.RICE_CACHE_DIR;
    else process.env.RICE_CACHE_DIR = cacheBefore;
    rmSync(folder, {recursive: true, force: true});
  });

  const at = (...names: string[]) => join(folder, ...names);

  function start(
    name: string,
    changes: Partial<TrainingConfiguration> = {},
    events: TrainingEvents = SILENT,
    signal = new AbortController().signal,
  ): Promise<TrainingResult> {
    return startOn(at('data'), name, changes, events, signal);
  }

  function startOn(
    dataset: string,
    name: string,
    {labelsFrom, ...changes}: Partial<TrainingConfiguration> & {labelsFrom?: string} = {},
    events: TrainingEvents = SILENT,
    signal = new AbortController().signal,
  ): Promise<TrainingResult> {
    const configuration = {...CONFIGURATION, ...changes};
    const options = {dataset, labelsFrom, run: at(name), name: 'tiny', version: '1.2.3', settings: [{name: 'lr'}]};
    return startTraining({...options, configuration}, events, signal);
  }

  const resume = (name: string, events: TrainingEvents = SILENT) =>
    resumeTraining(at(name), '1.2.3', events, new AbortController().signal);

  it('learns to distinguish shapes', () => {
    expect(reference.best.accuracy).to.be.at.least(0.9);
    expect(reference.test!.accuracy).to.be.at.least(0.9);
    expect(reference).to.include({run: at('reference'), device: 'cpu', epochs: 3});
  });

  it('reports each epoch and the end, with falling losses', () => {
    const epochs = messages.filter((message) => message.type === 'epoch');
    expect(epochs.map(({epoch}) => epoch)).to.deep.equal([1, 2, 3]);
    expect(epochs[2].loss).to.be.below(epochs[0].loss);
    const started = messages.find((message) => message.type === 'started')!;
    const {train, validation} = started.images;
    expect(started).to.include({device: 'cpu', step: 0, stepsPerEpoch: Math.floor(train / 4)});
    expect(started.steps).to.equal(3 * started.stepsPerEpoch);
    expect(train + validation + reference.test!.images).to.equal(LABELS.length * PER_LABEL);
    expect(messages.at(-1)).to.deep.include({type: 'finished', best: reference.best});
  });

  it('writes the record and the metrics of the run', () => {
    const record = JSON.parse(readFileSync(at('reference', 'run.json'), 'utf8'));
    expect(record).to.deep.include({format: 1, name: 'tiny', configuration: CONFIGURATION, settings: [{name: 'lr'}]});
    expect(record.dataset).to.deep.equal(records[0]);
    expect(record.dataset.labels).to.deep.equal({long: PER_LABEL, round: PER_LABEL, slim: PER_LABEL});
    expect(record.dataset.digest).to.equal(reference.dataset);
    expect(record.dataset.record).to.equal(null);
    expect(record.versions.onnxruntime).to.match(/^\d+\.\d+/);
    const {epochs, test} = JSON.parse(readFileSync(at('reference', 'metrics.json'), 'utf8'));
    expect(epochs).to.have.length(3);
    expect(epochs[reference.best.epoch - 1].validationAccuracy).to.equal(reference.best.accuracy);
    expect(test.accuracy).to.equal(reference.test!.accuracy);
  });

  it("copies the dataset's origin, unless the folder has changed since", async () => {
    const schedule = {...CONFIGURATION.schedule, epochs: 1};
    const origin: DatasetRecord = {
      source: 'folder',
      address: null,
      date: '2025-11-25T10:00:00.000Z',
      digest: reference.dataset,
      files: 120,
      bytes: 1,
      labels: {long: 40, round: 40, slim: 40},
      verified: false,
      subset: null,
      only: null,
      of: null,
      duplicates: 0,
      citation: '',
      licence: '',
      rice: '1.2.3',
    };
    const recorded = async (name: string) => {
      await start(name, {schedule});
      return JSON.parse(readFileSync(at(name, 'run.json'), 'utf8')).dataset.record;
    };
    try {
      await writeDatasetRecord(at('data'), origin);
      expect(await recorded('known')).to.deep.equal(origin);
      await writeDatasetRecord(at('data'), {...origin, digest: `${'0'.repeat(32)}.dir`});
      expect(await recorded('changed')).to.equal(null);
    } finally {
      await removeDatasetRecord(at('data'));
    }
  });

  it('writes a model whose metadata describe its training', async () => {
    const metadata = readModelFile(reference.model).metadata!;
    expect(metadata).to.deep.include({name: 'tiny', version: '1.2.3', labels: LABELS});
    expect(metadata.input).to.include(CONFIGURATION.input);
    const {images, accuracy} = reference.test!;
    expect(metadata.accuracy.test).to.deep.equal({images, accuracy});
    expect(metadata.accuracy.validation.accuracy).to.equal(reference.best.accuracy);
    expect(metadata.training).to.include({seed: 1, epochs: 3, weights: reference.weights, device: 'cpu'});
    const {images: recorded, brightness, area} = metadata.training.inputs!;
    expect(recorded).to.equal(records[0].split.images.train);
    expect(brightness.mean).to.be.within(1, 255);
    expect(area.deciles).to.have.length(9);
    expect(metadata.temperature).to.be.within(0.01, 100);
    expect(metadata.unknown.confidence).to.be.within(0, 1);
    expect(messages.find((message) => message.type === 'started')).to.include({parameters: reference.parameters});
  });

  it('reports the SHA-256 of the weights in the checkpoint', () => {
    const {best} = readProgress(at('reference', 'artifact'))!;
    const bytes = readFileSync(at('reference', 'artifact', best!.file));
    expect(createHash('sha256').update(bytes).digest('hex')).to.equal(reference.weights);
  });

  it('gives the same weights for the same seed with any number of threads, and other weights for another seed', async () => {
    expect((await start('again', {threads: 2})).weights).to.equal(reference.weights);
    const schedule = {...CONFIGURATION.schedule, epochs: 1};
    const one = await start('one', {schedule});
    expect((await start('other', {schedule, seed: 2})).weights).not.to.equal(one.weights);
  });

  it('makes the same batches on any number of threads, in order, and gives them up on the way', async () => {
    const artifact = at('reference', 'artifact');
    const manifest = readManifest(artifact);
    const cache = openImages(artifact);
    const [train, validation] = (['train', 'validation'] as const).map((part) =>
      Uint32Array.from(positionsOf(cache, manifest, part)),
    );
    cache.close();
    const {input: size, seed, batchSize, augmentation, schedule} = manifest;
    const data = {artifact, size, seed, batchSize, augmentation, epochs: schedule.epochs, train, validation};
    const digests: string[] = [];
    for (const threads of [1, 3]) {
      const loader = new BatchLoader({...data, noiseLengths: [7]}, threads);
      try {
        for await (const _ of loader.training(0, 0, 12)) break;
        const hash = createHash('sha256');
        for await (const {input: image, labels, noise} of loader.training(1, 2, 12))
          hash.update(image).update(labels).update(Buffer.from(noise[0].slice().buffer));
        for await (const {input: image, labels, count} of loader.validation())
          hash.update(image.subarray(0, count * size.width * size.height * 3)).update(labels.subarray(0, count));
        digests.push(hash.digest('hex'));
      } finally {
        await loader.close();
      }
    }
    expect(digests[1]).to.equal(digests[0]);
    expect([1, 2, 3, 8, 64].map(loaderThreads)).to.deep.equal([1, 2, 2, 4, 8]);
  });

  it('ends with the same weights after being killed in the middle of an epoch and resumed', async () => {
    let reached = 0;
    const kill = (message: WorkerMessage) => {
      if (message.type !== 'step' || message.epoch !== 2 || reached > 0) return;
      reached = message.step;
      process.kill(JSON.parse(readFileSync(at('killed', 'artifact', 'lock.json'), 'utf8')).pid, 'SIGKILL');
    };
    const error = await failure(start('killed', {}, {...SILENT, onMessage: kill}));
    expect(error).to.include({code: 'TRAINING_FAILED'});
    expect(error.message).to.include('SIGKILL');
    expect(error.suggestions[0]).to.include(`--resume ${at('killed')}`);
    const {step, finished, history} = readProgress(at('killed', 'artifact'))!;
    expect(history).to.have.length(1);
    expect(finished).to.equal(false);
    expect(step).to.be.below(reached);
    const resumed: WorkerMessage[] = [];
    const result = await resume('killed', {...SILENT, onMessage: (message) => resumed.push(message)});
    expect(resumed.find((message) => message.type === 'started')).to.include({step});
    expect(result.weights).to.equal(reference.weights);
    expect(result.best).to.deep.equal(reference.best);
    expect(metrics('killed')).to.deep.equal(metrics('reference'));
  });

  it('stops with a checkpoint on request, and ends with the same weights when resumed', async () => {
    const stopping = new AbortController();
    const stop = (message: WorkerMessage) => message.type === 'step' && message.epoch === 1 && stopping.abort();
    const error = await failure(start('stopped', {}, {...SILENT, onMessage: stop}, stopping.signal));
    expect(error).to.include({code: 'TRAINING_INTERRUPTED'});
    expect(error.message).to.include(at('stopped'));
    expect(readProgress(at('stopped', 'artifact'))).to.include({finished: false});
    const result = await resume('stopped');
    expect(result.weights).to.equal(reference.weights);
    expect(result.test).to.deep.equal(reference.test);
    expect(metrics('stopped')).to.deep.equal(metrics('reference'));
    expect((await resume('stopped')).weights).to.equal(reference.weights);
  });

  it('trains by hand from a copy of the artifact alone, with JSON lines as output', async () => {
    const stopping = new AbortController();
    const stop = (message: WorkerMessage) => message.type === 'started' && stopping.abort();
    await failure(start('early', {}, {...SILENT, onMessage: stop}, stopping.signal));
    cpSync(at('early', 'artifact'), at('copy'), {recursive: true});
    rmSync(at('early'), {recursive: true});
    const {file, execArgv} = workerFile('training/worker');
    const {stdout} = await run(process.execPath, [...execArgv, file, at('copy')]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): WorkerMessage => JSON.parse(line));
    expect(lines[0]).to.include({type: 'started'});
    expect(lines.filter(({type}) => type === 'epoch')).to.have.length(3);
    expect(lines.at(-1)).to.deep.include({type: 'finished', best: reference.best});
    expect(readProgress(at('copy'))!.best!.sha256).to.equal(readProgress(at('reference', 'artifact'))!.best!.sha256);
    expect(readdirSync(at('copy'))).not.to.include('lock.json');
  });

  it('prints its usage without a folder, and an error in JSON for a missing folder, when started by hand', async () => {
    const {file, execArgv} = workerFile('training/worker');
    const {stderr} = await run(process.execPath, [...execArgv, file, '--help']);
    expect(stderr).to.include('usage: node worker.js ARTIFACT');
    const failed = await run(process.execPath, [...execArgv, file, at('nowhere')]).catch((error) => error);
    expect(failed.code).to.equal(2);
    expect(JSON.parse(failed.stdout)).to.deep.include({type: 'failed'});
    expect(JSON.parse(failed.stdout).error).to.include({code: 'RUN_NOT_FOUND'});
  });

  it('rejects a folder that is not empty, and does not change it', async () => {
    writeTree(at('taken'), {'note.txt': 'mine'});
    expect(await failure(start('taken'))).to.include({code: 'RUN_EXISTS'});
    expect(readdirSync(at('taken'))).to.deep.equal(['note.txt']);
  });

  it('refuses to resume a folder that is not a run, or a damaged run', async () => {
    expect(await failure(resume('nowhere'))).to.include({code: 'RUN_NOT_FOUND'});
    expect(await failure(resume('data'))).to.include({code: 'RUN_NOT_FOUND'});
    cpSync(at('reference'), at('damaged'), {recursive: true});
    writeTree(at('damaged'), {'run.json': '{'});
    expect(await failure(resume('damaged'))).to.include({code: 'RUN_DAMAGED'});
    cpSync(at('reference', 'run.json'), at('damaged', 'run.json'));
    writeTree(at('damaged'), {[`artifact/${readProgress(at('damaged', 'artifact'))!.best!.file}`]: 'other weights'});
    expect(await failure(resume('damaged'))).to.include({code: 'RUN_DAMAGED'});
  });

  it('refuses to resume with bits flipped in the prepared pictures, in a graph or in what it knows of them', async () => {
    const stopping = new AbortController();
    const stop = (message: WorkerMessage) => message.type === 'started' && stopping.abort();
    await failure(start('begun', {}, {...SILENT, onMessage: stop}, stopping.signal));
    for (const [name, place] of [
      ['images/patches.bin', 1000],
      ['images/index.json', 30],
      ['step.onnx', 5000],
      ['evaluate.onnx', 5000],
      ['manifest.json', 100],
      ['progress.json', 12],
    ] as const) {
      const folder = `flipped-${name.replaceAll(/\W/g, '-')}`;
      cpSync(at('begun'), at(folder), {recursive: true});
      const path = at(folder, 'artifact', name);
      const bytes = readFileSync(path);
      // Pictures of the test part are not read: one bit in each stretch, so that others are hit as well.
      for (let i = place; i < bytes.length; i += 5000) bytes[i] ^= 1;
      // Not in place: the pictures are a hard link to those of the cache.
      rmSync(path);
      writeFileSync(path, bytes);
      expect(await failure(resume(folder)), name).to.include({code: 'RUN_DAMAGED'});
    }
  });

  it('stops if the loss is no longer finite', async () => {
    const schedule = {...CONFIGURATION.schedule, learningRate: 1e30, warmupEpochs: 0};
    const error = await failure(start('diverged', {schedule, clipNorm: 0, optimizer: 'sgd'}));
    expect(error).to.include({code: 'TRAINING_DIVERGED'});
    expect(error.message).to.match(/the loss became (NaN|Infinity) at step \d+ \(epoch 1\)/);
  });

  it('rejects settings and datasets that cannot work before it writes anything', async () => {
    const schedule = {...CONFIGURATION.schedule, warmupEpochs: 3};
    expect(await failure(start('never', {schedule}))).to.include({code: 'OUT_OF_RANGE'});
    expect(await failure(start('never', {batchSize: 1}))).to.include({code: 'OUT_OF_RANGE'});
    const split = {seed: 0, fractions: {train: 1, validation: 0, test: 0}};
    expect(await failure(start('never', {split}))).to.include({code: 'OUT_OF_RANGE'});
    const one = Object.entries(grainDataset()).filter(([path]) => path.includes('/0.'));
    writeTree(at('single'), Object.fromEntries(one));
    expect(await failure(startOn(at('single'), 'never'))).to.include({code: 'DATASET_TOO_SMALL'});
    expect(existsSync(at('never'))).to.equal(false);
  });

  describe('on a dataset that brings its own split', () => {
    const partOfNumber = (number: number) => (number < 28 ? 'train' : number < 34 ? 'val' : 'test');
    const numberOf = (path: string) => Number(/(\d+)\.\w+$/.exec(path)![1]);
    const schedule = {...CONFIGURATION.schedule, epochs: 1};
    const counts = {train: 3 * 28, validation: 3 * 6, test: 3 * 6};

    it('keeps it: folders train, val and test', async () => {
      const divided = Object.entries(grainDataset()).map(([path, bytes]) => {
        return [`${partOfNumber(numberOf(path))}/${path}`, bytes] as const;
      });
      writeTree(at('divided'), Object.fromEntries(divided));
      const seen: RunRecord['dataset'][] = [];
      const {test, model} = await startOn(
        at('divided'),
        'on-divided',
        {schedule},
        {...SILENT, onDataset: (each) => seen.push(each)},
      );
      expect(seen[0].split).to.deep.equal({...CONFIGURATION.split, given: true, images: counts});
      expect(test!.images).to.equal(counts.test);
      const {metadata} = readModelFile(model);
      const options = {part: 'test', cacheDir: at('cache')} as const;
      const {dataset, files} = await selectFiles(scanDataset(at('divided')), metadata!, options);
      expect(files.map((i) => dataset.files[i].path.split('/')[0])).to.deep.equal(Array(counts.test).fill('test'));
      const elsewhere = await failure(selectFiles(scanDataset(at('data')), metadata!, options));
      expect(elsewhere).to.include({code: 'MODEL_METADATA'});
    });

    it('keeps it: a column of the list that the labels come from', async () => {
      const rows = Object.keys(grainDataset()).map((path) => [path, `${path[0]}!`, partOfNumber(numberOf(path))]);
      writeFileSync(at('labels.csv'), ['file;class;split', ...rows.map((row) => row.join(';'))].join('\n'));
      const {test, model} = await startOn(at('data'), 'on-list', {schedule, labelsFrom: at('labels.csv')});
      expect(test!.images).to.equal(counts.test);
      expect(readModelFile(model).metadata!.labels).to.deep.equal(['l!', 'r!', 's!']);
    });
  });

  it('says before that it is short, and afterwards that it has learnt next to nothing', async () => {
    const warnings: string[] = [];
    const schedule = {...CONFIGURATION.schedule, epochs: 1, warmupEpochs: 0, learningRate: 1e-9, averageDecay: 0};
    await start('nothing', {schedule}, {...SILENT, onWarning: (message) => warnings.push(message)});
    expect(warnings.join('\n')).to.match(/training steps in all are few: --epochs \d+ makes/);
    expect(warnings.join('\n')).to.match(/has learnt next to nothing: \d+ % right where .* is right in 33 %/);
  });

  it('gives a model that may be named by the folder of its run, or as the last', () => {
    const file = join(at('reference'), 'model.onnx');
    expect(readModelFile(at('reference')).path).to.equal(file);
    mkdirSync(at('runs', 'b-2'), {recursive: true});
    expect(() => readModelFile(at('last')))
      .to.throw('there is no finished run')
      .with.property('code', 'MODEL_NOT_FOUND');
    cpSync(at('reference'), at('runs', 'a-1'), {recursive: true});
    cpSync(at('reference'), at('runs', 'c-3'), {recursive: true});
    utimesSync(at('runs', 'c-3', 'model.onnx'), 1, 1);
    expect(readModelFile(at('last')).path).to.equal(join(at('runs', 'a-1'), 'model.onnx'));
    writeFileSync(at('runs', 'b-2', 'run.json'), '{}');
    expect(() => readModelFile(at('runs', 'b-2'))).to.throw('a run that has not been finished');
    expect(() => readModelFile(at('data'))).to.throw('data is a folder: it holds no model.onnx');
  });

  it('trains without test images, and measures nothing then', async () => {
    const split = {seed: 0, fractions: {train: 0.9, validation: 0.1, test: 0}};
    const schedule = {...CONFIGURATION.schedule, epochs: 1};
    const result = await start('untested', {split, schedule});
    expect(result).not.to.have.property('test');
    expect(readModelFile(result.model).metadata!.accuracy).not.to.have.property('test');
  });

  describe('on a missing device (skipped if there is CUDA)', () => {
    before(async function () {
      const session = await createSession(modelFile(), 'cuda').catch(() => undefined);
      if (!session) return;
      await session.release();
      this.skip();
    });

    it('reports it', async () => {
      const error = await failure(start('cuda', {device: 'cuda'}));
      expect(error).to.include({code: 'DEVICE_UNAVAILABLE'});
      expect(error.message).to.include('cuda');
    });
  });

  function metrics(name: string): unknown {
    const {epochs, test} = JSON.parse(readFileSync(at(name, 'metrics.json'), 'utf8'));
    return {epochs, accuracy: test.accuracy};
  }
});

const SILENT: TrainingEvents = {
  onPhase: () => {},
  onDataset: () => {},
  onMessage: () => {},
  onWarning: () => {},
};

async function failure(promise: Promise<unknown>): Promise<RiceError> {
  const outcome = await promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  if (outcome instanceof RiceError) return outcome;
  throw outcome;
}
