import {existsSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import type {Dataset} from '../../src/dataset/dataset.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {type EvaluatedClassifier, type EvaluateOptions, evaluate} from '../../src/evaluation/evaluate.ts';
import type {Reason} from '../../src/model/rejection.ts';
import type {PictureSource} from '../../src/prediction/picture.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';

const MODEL = {name: 'rice', version: '1.0.0', sha256: 'ab', labels: ['Arborio', 'Basmati', 'Ipsala']};

/** A classifier that reads its answer (`label confidence reason`) from the file; `!` stands for a damaged image. */
class Reader implements EvaluatedClassifier {
  readonly model = MODEL;

  constructor(private readonly batchSize = 4) {}

  async *classify(source: PictureSource): ReturnType<EvaluatedClassifier['classify']> {
    for await (const portion of source)
      for (let start = 0; start < portion.length; start += this.batchSize)
        yield portion.slice(start, start + this.batchSize).map(({path}) => ({answer: answerIn(path)}));
  }
}

function answerIn(path: string) {
  if (!existsSync(path)) return new RiceError('PATH_NOT_FOUND', 'gone');
  const [label, confidence, ...words] = readFileSync(path, 'utf8').split(' ');
  const reason = words.join(' ') as Reason;
  if (label === '!') return new RiceError('IMAGE_CORRUPT', 'damaged');
  return {label, confidence: Number(confidence), known: !reason, ...(reason ? {reason} : {})};
}

describe('evaluate', () => {
  const temporary = useTemporaryFolder();

  beforeEach(() => {
    writeTree(temporary(), {
      'arborio/1.jpg': 'Arborio 0.9',
      'arborio/2.jpg': 'Basmati 0.95 no grain',
      'arborio/3.jpg': '!',
      'Basmati/1.jpg': 'Basmati 0.8',
      'Basmati/2.jpg': 'Arborio 0.6',
      'Basmati/3.jpg': 'Ipsala 0.6',
    });
  });

  function run(options: Partial<EvaluateOptions> = {}): ReturnType<typeof evaluate> {
    return evaluate({classifier: new Reader(), dataset: scanDataset(temporary()), ...options});
  }

  it('counts answers, matching folders to labels in any letter case', async () => {
    const {seconds, imagesPerSecond, ...result} = await run();
    expect(result.model).to.deep.equal(MODEL);
    expect(result.images).to.equal(5);
    expect(result.accuracy).to.be.closeTo(2 / 5, 1e-15);
    expect(result.interval.low).to.be.lessThan(0.4).and.greaterThan(0.1);
    expect(result.unknown).to.equal(1);
    expect(result.reasons).to.deep.equal({'no grain': 1});
    expect(result.selective).to.deep.equal({coverage: 0.99, accuracy: 2 / 5, images: 5});
    expect(result.confusion).to.deep.equal({
      labels: MODEL.labels,
      matrix: [
        [1, 1, 0],
        [1, 1, 1],
        [0, 0, 0],
      ],
    });
    expect(result.perClass).to.deep.equal({
      Arborio: {precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2},
      Basmati: {precision: 1 / 2, recall: 1 / 3, f1: 2 / 5, support: 3},
      Ipsala: {precision: 0, recall: null, f1: 0, support: 0},
    });
    expect(result.calibration.bins).to.have.length(15);
    // 15 bins: 0.9 in (13/15, 14/15] right, 0.95 in the last wrong, 0.8 in (11/15, 12/15] right, 0.6 twice wrong.
    expect(result.calibration.ece).to.be.closeTo((0.1 + 0.95 + 0.2 + 1.2) / 5, 1e-12);
    expect(seconds).to.be.greaterThan(0);
    expect(imagesPerSecond).to.be.closeTo(5 / seconds, 1e-6);
  });

  it('lists mistakes, the most confident first, then by path', async () => {
    expect((await run()).mistakes).to.deep.equal([
      {path: 'arborio/2.jpg', label: 'Arborio', predicted: 'Basmati', confidence: 0.95},
      {path: 'Basmati/2.jpg', label: 'Basmati', predicted: 'Arborio', confidence: 0.6},
      {path: 'Basmati/3.jpg', label: 'Basmati', predicted: 'Ipsala', confidence: 0.6},
    ]);
  });

  it('continues after a file that cannot be read or decoded', async () => {
    const dataset = scanDataset(temporary());
    rmSync(join(temporary(), 'Basmati', '1.jpg'));
    const {errors, images} = await run({dataset});
    expect(images).to.equal(4);
    expect(errors).to.deep.equal([
      {path: 'Basmati/1.jpg', code: 'PATH_NOT_FOUND', message: 'gone'},
      {path: 'arborio/3.jpg', code: 'IMAGE_CORRUPT', message: 'damaged'},
    ]);
  });

  it('gives the same result with any batch size, and reports its progress', async () => {
    const {seconds: _, imagesPerSecond: __, ...whole} = await run();
    for (const batchSize of [1, 2, 4, 6]) {
      const done: number[] = [];
      const {seconds, imagesPerSecond, ...result} = await run({
        classifier: new Reader(batchSize),
        onProgress: (progress) => done.push(progress.done),
      });
      expect(result).to.deep.equal(whole);
      expect(done).to.have.length(Math.ceil(6 / batchSize));
      expect(done.at(-1)).to.equal(6);
    }
  });

  it('evaluates only the given files', async () => {
    const {images, mistakes} = await run({files: [0, 3]});
    expect(images).to.equal(2);
    expect(mistakes).to.deep.equal([]);
  });

  it('rejects folders that are not labels, naming both sets', async () => {
    writeTree(temporary(), {'Rosematta/1.jpg': ''});
    const error = (await run().catch((reason: Error) => reason)) as RiceError;
    expect(error.code).to.equal('DATASET_LABELS');
    expect(error.message).to.equal(
      '"Rosematta" is not a label of the model; the folders are "Basmati", "Rosematta", "arborio", ' +
        'the labels "Arborio", "Basmati", "Ipsala"',
    );
  });

  it('fails if no image could be classified', async () => {
    const dataset: Dataset = scanDataset(temporary());
    const only = dataset.files.findIndex(({path}) => path === 'arborio/3.jpg');
    const error = await run({dataset, files: [only]}).catch((reason: Error) => reason);
    expect(error).to.have.property('code', 'NO_IMAGES');
    expect(error).to.have.property('message').that.includes('damaged');
  });

  it('stops on an abort, and passes on errors of the classifier', async () => {
    const stop = new AbortController();
    const stopped = run({
      classifier: new Reader(1),
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    expect(await stopped.catch((error: Error) => error.message)).to.equal('enough');
    const classifier: EvaluatedClassifier = {
      model: MODEL,
      // biome-ignore lint/correctness/useYield: it fails before it can yield
      async *classify() {
        throw new Error('no session');
      },
    };
    expect(await run({classifier}).catch((error: Error) => error.message)).to.equal('no session');
  });
});
