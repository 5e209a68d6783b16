import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {openPreparedCache} from '../../../src/dataset/cache/prepared-cache.ts';
import {partOf} from '../../../src/dataset/split.ts';
import {windowFromPatch} from '../../../src/image/window/window.ts';
import {readModelFile} from '../../../src/model/model-file.ts';
import {readManifest} from '../../../src/training/artifact/manifest.ts';
import {augmentInto} from '../../../src/training/batches/augmentation.ts';
import {DEFAULT_CONFIGURATION, type TrainingConfiguration} from '../../../src/training/configuration.ts';
import type {NetworkName} from '../../../src/training/networks/index.ts';
import {Random} from '../../../src/training/random.ts';
import {startTraining, type TrainingEvents} from '../../../src/training/train.ts';
import {writeTree} from '../../dataset/fixtures.ts';
import {relativeError} from '../../helpers/run-graph.ts';
import {grainDataset, LABELS} from '../grain-dataset.ts';

const INPUT = {width: 48, height: 32};
const BYTES = INPUT.width * INPUT.height * 3;
/** A third for validation, so that shares are meaningful. */
const CONFIGURATION: TrainingConfiguration = {
  ...DEFAULT_CONFIGURATION,
  input: INPUT,
  batchSize: 8,
  device: 'cpu',
  threads: 1,
  schedule: {...DEFAULT_CONFIGURATION.schedule, epochs: 2, averageDecay: 0.9},
  split: {seed: 0, fractions: {train: 0.66, validation: 0.34, test: 0}},
};
const SILENT: TrainingEvents = {
  onPhase: () => {},
  onDataset: () => {},
  onMessage: () => {},
  onWarning: () => {},
};
const OUTPUTS: Partial<Record<NetworkName, string[]>> = {
  conv4: ['probabilities', 'features', 'novelty'],
  grain4: ['probabilities', 'features', 'novelty', 'capture', 'strangeness', 'sizeNovelty'],
};
/** Upper bound of a score that is 1 before rounding to float32. */
const ROUNDING = 1e-5;

type Scores = Record<string, Float32Array>;

for (const [network, names] of Object.entries(OUTPUTS) as [NetworkName, string[]][]) {
  describe(`training: the scores of a ${network} model`, () => {
    let folder = '';
    let session: InferenceSession;
    let model = '';
    let windows: Uint8Array[];
    let changed: Uint8Array[];

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
      writeTree(join(folder, 'data'), mislabeled(grainDataset()));
      const options = {
        dataset: join(folder, 'data'),
        run: join(folder, 'run'),
        cacheDir: join(folder, 'cache'),
        name: 'tiny',
        version: '1.0.0',
        settings: [],
        configuration: {...CONFIGURATION, network},
      };
      ({model} = await startTraining(options, SILENT, new AbortController().signal));
      session = await InferenceSession.create(model);
      ({windows, changed} = validationWindows(join(folder, 'run', 'artifact')));
    });

    after(async () => {
      await session?.release();
      rmSync(folder, {recursive: true, force: true});
    });

    it('are outputs of its graph, one number per image, the same for any batch size', async () => {
      expect(session.outputNames).to.deep.equal(names);
      const {unknown} = readModelFile(model).metadata!;
      expect(unknown).to.deep.equal({
        confidence: unknown.confidence,
        novelty: 1,
        ...(names.includes('capture')
          ? {
              capture: 1,
              sizeNovelty: 1,
              // Too few pictures to choose it by.
              sure: 0.995,
              captureLimit: unknown.captureLimit,
              unlike: {strangeness: 1.4, sizeNovelty: 0.8},
              sameCamera: {
                confidence: unknown.confidence,
                novelty: 1,
                capture: 1.5,
                strangeness: 0.93,
                sizeNovelty: 0.9,
              },
            }
          : {}),
      });
      const five = await scores(session, windows.slice(0, 5), 5);
      const one = await scores(session, windows.slice(0, 5), 1);
      for (const name of names.slice(0, 2)) expect(relativeError(one[name], five[name]), name).to.be.below(1e-5);
      // Moments are differences of large numbers: their last digits depend on the order of summation.
      for (const name of names.slice(2)) expect(relativeError(one[name], five[name]), name).to.be.below(1e-3);
      expect(five.probabilities).to.have.length(5 * LABELS.length);
      for (const name of names.slice(2)) expect(five[name], name).to.have.length(5);
    });

    it('accept the intended shares of the validation images', async () => {
      expect(windows.length).to.be.at.least(30);
      const usual = await scores(session, windows);
      const {unknown} = readModelFile(model).metadata!;
      expect(share(usual.novelty, (value) => value <= 1)).to.be.at.least(0.99);
      const unusual = await scores(session, changed);
      expect(share(unusual.novelty, (value) => value <= 1)).to.be.at.least(0.85);
      // One of the shares is decisive: with a smaller unit it would not be reached.
      const largest = Math.max(...usual.novelty, ...unusual.novelty);
      expect(largest).to.be.above(1 - ROUNDING);
      const confidences = windows.map((_, n) =>
        Math.max(...usual.probabilities.subarray(n * LABELS.length, (n + 1) * LABELS.length)),
      );
      expect(share(confidences, (value) => value >= unknown.confidence!)).to.be.at.least(0.996);
      expect(Math.max(0.5, Math.min(0.97, ...confidences))).to.be.closeTo(unknown.confidence!, 1e-4);
      if (!names.includes('capture')) return;
      for (const name of ['capture', 'strangeness', 'sizeNovelty']) {
        expect(
          share(usual[name], (value) => value <= 1),
          name,
        ).to.be.at.least(0.99);
        expect(Math.max(...usual[name]), name).to.be.closeTo(1, 2e-3);
      }
      expect(share(unusual.capture, (value) => value > 1)).to.be.above(0.1);
      // Size and color at face value say more than what is fitted to changed images as well.
      expect(share(unusual.strangeness, (value) => value > 1)).to.be.above(0.3);
      expect(unknown.captureLimit).to.be.at.least(1.5);
      expect(share(unusual.capture, (value) => value <= unknown.captureLimit!)).to.be.at.least(0.9);
    });

    it('are larger for objects that are not grains than for most grains', async () => {
      const strange = [
        new Uint8Array(BYTES).map((_, i) => (i * 7919) % 251),
        new Uint8Array(BYTES).map((_, i) => ((Math.floor(i / 12) + Math.floor(i / 3 / INPUT.width / 4)) % 2) * 230),
      ];
      const {novelty} = await scores(session, strange);
      const usual = await scores(session, windows);
      for (const value of novelty) expect(share(usual.novelty, (other) => other < value)).to.be.above(0.9);
    });

    it('are finite for an empty picture', async () => {
      const empty = await scores(session, [new Uint8Array(BYTES), new Uint8Array(BYTES).fill(255)]);
      for (const name of names) expect([...empty[name]].every(Number.isFinite), name).to.equal(true);
    });
  });
}

/** Moves a twelfth of the files to the folder of another label, so that no answer is certain. */
function mislabeled(files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  const entries = Object.entries(files).map(([path, bytes], i) => {
    const [label, name] = path.split('/');
    const other = LABELS[(LABELS.indexOf(label) + 1) % LABELS.length];
    return [i % 12 === 0 ? `${other}/wrong-${name}` : path, bytes] as const;
  });
  return Object.fromEntries(entries);
}

/** The validation images unchanged and as another camera would show them, drawn like in the calibration. */
function validationWindows(artifact: string): {windows: Uint8Array[]; changed: Uint8Array[]} {
  const {split, augmentation, seed} = readManifest(artifact);
  const cache = openPreparedCache(join(artifact, 'images'));
  try {
    const all = Array.from({length: cache.count}, (_, i) => i);
    const validation = all.filter((i) => partOf(cache.sha256(i), split, cache.labels[cache.label(i)]) === 'validation');
    const changes = {...augmentation, untouched: 0, outliers: 0};
    return {
      windows: validation.map((i) => windowFromPatch(cache.readPatch(i), INPUT)),
      changed: validation.map((i) => {
        const window = new Uint8Array(BYTES);
        augmentInto(cache.readPatch(i), INPUT, changes, new Random(seed, 'calibration', i), window, 0);
        return window;
      }),
    };
  } finally {
    cache.close();
  }
}

async function scores(session: InferenceSession, windows: Uint8Array[], batch = windows.length): Promise<Scores> {
  const rows: Record<string, number[]> = Object.fromEntries(session.outputNames.map((name) => [name, []]));
  for (let start = 0; start < windows.length; start += batch) {
    const part = windows.slice(start, start + batch);
    const image = new Tensor('uint8', Buffer.concat(part), [part.length, INPUT.height, INPUT.width, 3]);
    const results = await session.run({image});
    for (const name of session.outputNames) rows[name].push(...(results[name].data as Float32Array));
  }
  return Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, Float32Array.from(values)]));
}

function share(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  return Array.from(values).filter(holds).length / values.length;
}
