import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {RiceError} from '../../src/common/errors.ts';
import {decodeImage} from '../../src/image/decode.ts';
import {prepareImage} from '../../src/image/prepare.ts';
import {Classifier, type Prediction} from '../../src/model/classifier.ts';
import {isFarFromAll} from '../../src/model/rejection.ts';
import {decodeModel, encodeModel} from '../../src/onnx/model.ts';
import {drawFrame, drawGrain, encodeJpeg, encodePng} from '../helpers/images.ts';
import {modelFile, modelMetadata} from './models.ts';

describe('model: classifier', () => {
  let folder = '';
  let classifier: Classifier;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    classifier = await Classifier.load({model: write('plain.onnx', modelFile()), device: 'cpu', threads: 1});
  });
  after(async () => {
    await classifier.release();
    rmSync(folder, {recursive: true, force: true});
  });

  function write(name: string, bytes: Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** Grains of different shapes; the same n gives the same grain. */
  const grain = (n: number) =>
    encodeJpeg(
      drawGrain({size: 125, length: 40 + (n % 7) * 5, width: 14 + (n % 4) * 5, angle: n * 37, noise: 3, seed: n}),
    );

  async function predict(bytes: Uint8Array, by = classifier): Promise<Prediction> {
    const [result] = await by.classify([bytes]);
    if (result instanceof RiceError) throw result;
    return result;
  }

  it('reports its model', () => {
    const sha256 = createHash('sha256').update(modelFile()).digest('hex');
    expect(classifier.model).to.deep.equal({
      name: 'tiny',
      version: '0.1.0',
      labels: ['long', 'round', 'slim'],
      sha256,
    });
    expect(classifier.metadata).to.deep.equal(modelMetadata());
    expect(classifier.device).to.equal('cpu');
  });

  it('says what it expects if the argument is not an array of bytes', async () => {
    const refusal = (images: unknown) =>
      classifier.classify(images as Uint8Array[]).then(
        () => 'accepted',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(await refusal(grain(1))).to.match(/^TypeError: classify expects an array of Uint8Array.*got Buffer$/);
    expect(await refusal([grain(1), 'a.jpg'])).to.match(/^TypeError: .*item 1 is string$/);
    expect(await refusal(undefined)).to.match(/got undefined$/);
  });

  it('can be released twice', async () => {
    const other = await Classifier.load({model: write('other.onnx', modelFile()), device: 'cpu', threads: 1});
    await other.release();
    await other.release();
  });

  it('returns what onnxruntime computes from the prepared window', async () => {
    const bytes = grain(3);
    const {window, grain: measured} = await prepareImage(bytes, {width: 60, height: 28});
    const session = await InferenceSession.create(modelFile());
    const {probabilities} = await session.run({image: new Tensor('uint8', window, [1, 28, 60, 3])});
    await session.release();
    const expected = [...(probabilities.data as Float32Array)];
    const answer = await predict(bytes);
    expect(Object.values(answer.probabilities)).to.deep.equal(expected);
    expect(Object.keys(answer.probabilities)).to.deep.equal(['long', 'round', 'slim']);
    expect(answer.confidence).to.equal(Math.max(...expected));
    expect(answer.label).to.equal(['long', 'round', 'slim'][expected.indexOf(Math.max(...expected))]);
    expect(answer.grain).to.deep.equal(measured);
    expect(answer.known).to.equal(true);
    expect(answer).not.to.have.any.keys('reason', 'notes');
  });

  it('gives the same answers for a list as for each picture alone, in order, also over several batches', async () => {
    const images = Array.from({length: 70}, (_, n) => grain(n));
    const together = (await classifier.classify(images)) as Prediction[];
    expect(together).to.have.length(70);
    expect(new Set(together.map(({confidence}) => confidence)).size).to.be.above(30);
    for (const n of [0, 1, 31, 63, 64, 69]) {
      const alone = await predict(images[n]);
      expect(together[n].label).to.equal(alone.label);
      expect(together[n].grain).to.deep.equal(alone.grain);
      expect(together[n].confidence).to.be.closeTo(alone.confidence, 1e-6);
    }
  });

  it('returns an error in place of an unusable picture, and classifies the others', async () => {
    const sound = grain(1);
    const images = [sound, Buffer.from('no image'), grain(2), new Uint8Array(0), sound.subarray(0, 400), grain(5)];
    const results = await classifier.classify(images);
    const codes = results.map((result) => (result instanceof RiceError ? result.code : 'answer'));
    expect(codes).to.deep.equal(['answer', 'IMAGE_UNSUPPORTED', 'answer', 'IMAGE_EMPTY', 'IMAGE_TRUNCATED', 'answer']);
    expect((results[2] as Prediction).confidence).to.be.closeTo((await predict(grain(2))).confidence, 1e-6);
    expect(await classifier.classify([])).to.deep.equal([]);
    const [only] = await classifier.classify([Buffer.from('no image')]);
    expect(only).to.be.instanceOf(RiceError);
  });

  it('rejects pictures above the limit', async () => {
    const strict = await Classifier.load({
      model: write('strict.onnx', modelFile()),
      device: 'cpu',
      maxPixels: 125 * 124,
    });
    const [result] = await strict.classify([grain(1)]);
    expect(result).to.include({code: 'IMAGE_TOO_LARGE'});
    await strict.release();
  });

  it('answers unknown for a picture without a grain', async () => {
    const answer = await predict(encodePng(drawFrame(80, 80, () => [90, 120, 150])));
    expect(answer).to.include({known: false, reason: 'no grain'});
    expect(answer).not.to.have.property('grain');
    expect(answer.notes).to.deep.equal(['no grain was found: the whole picture was used']);
    expect(answer.label).to.be.oneOf(['long', 'round', 'slim']);
  });

  it('asks for no scale if it learnt from pictures that are cut closely around their grains', async () => {
    const frame = drawGrain({size: 100, length: 96, width: 94, angle: 0});
    const trained = modelMetadata();
    const none = {mean: 0, deviation: 0, deciles: []};
    const inputs = {images: 9, brightness: none, area: none, closelyCut: 0.9};
    const model = write('crops.onnx', modelFile({...trained, training: {...trained.training, inputs}}));
    const learnt = await Classifier.load({model, device: 'cpu', threads: 1});
    try {
      expect(await predict(encodePng(frame))).to.include({reason: 'capture too different to be sure'});
      expect(await predict(encodePng(frame), learnt)).to.include({known: true});
    } finally {
      await learnt.release();
    }
  });

  it('answers no picture with a flaw, unless it learnt from such pictures', async () => {
    const cut = encodePng(drawGrain({size: 200, length: 90, width: 40, x: 10}));
    const small = encodePng(drawGrain({size: 200, length: 20, width: 10}));
    const trained = modelMetadata();
    const none = {mean: 0, deviation: 0, deciles: []};
    const inputs = {images: 9, brightness: none, area: none, flaws: {'out of frame': 0.2, 'too small': 0.02}};
    const model = write('cut.onnx', modelFile({...trained, training: {...trained.training, inputs}}));
    const learnt = await Classifier.load({model, device: 'cpu', threads: 1});
    try {
      expect(await predict(cut)).to.include({known: false, reason: 'out of frame'});
      expect(await predict(cut, learnt)).to.include({known: true});
      expect(await predict(small)).to.include({known: false, reason: 'too small'});
      expect(await predict(small, learnt)).to.include({known: false, reason: 'too small'});
    } finally {
      await learnt.release();
    }
  });

  it('knows that a grain cut out of a picture may reach the border of what is left', async () => {
    const frame = drawGrain({size: 200, length: 90, width: 40, x: 10});
    const frames = async function* () {
      yield frame;
    };
    expect((await classifier.classifyFrames(frames()))[0]).to.include({reason: 'out of frame'});
    expect((await classifier.classifyFrames(frames(), {cutOut: true}))[0]).to.include({known: true});
  });

  it('explains low confidence by a flaw, but not a grain that is far from all varieties', async () => {
    const white = encodePng(drawGrain({size: 200, length: 90, width: 40, color: [255, 255, 255]}));
    const strict = await Classifier.load({model: write('plain.onnx', modelFile()), minConfidence: 1});
    try {
      expect(await predict(white, strict)).to.include({known: false, reason: 'overexposed'});
      expect(await predict(grain(3), strict)).to.include({known: false, reason: 'low confidence'});
    } finally {
      await strict.release();
    }
    expect(isFarFromAll({confidence: 1, novelty: 2.1}, {confidence: 0, novelty: 1})).to.equal(true);
    expect(isFarFromAll({confidence: 1, novelty: 1.9}, {confidence: 0, novelty: 1})).to.equal(false);
    expect(isFarFromAll({confidence: 1}, {confidence: 0, novelty: 1})).to.equal(false);
  });

  it('answers unknown for a picture with several grains', async () => {
    const left = drawGrain({size: 200, length: 70, width: 30, x: 55, y: 60});
    const right = drawGrain({size: 200, length: 70, width: 30, x: 140, y: 140, angle: 40});
    const both = {...left, data: left.data.map((level, i) => Math.max(level, right.data[i]))};
    const answer = await predict(encodePng(both));
    expect(answer).to.include({known: false, reason: 'several grains'});
    expect(answer.grain?.objects).to.equal(2);
  });

  it("answers unknown if the confidence is below the model's threshold", async () => {
    const {confidence} = await predict(grain(3));
    for (const [threshold, known] of [
      [confidence, true],
      [confidence + 1e-4, false],
    ] as [number, boolean][]) {
      const bytes = modelFile({...modelMetadata(), unknown: {confidence: threshold}});
      const strict = await Classifier.load({model: write('strict.onnx', bytes), device: 'cpu'});
      const answer = await predict(grain(3), strict);
      expect(answer.known).to.equal(known);
      expect(answer.reason).to.equal(known ? undefined : 'low confidence');
      await strict.release();
    }
  });

  it('gives the same answer after warming up', async () => {
    const {confidence} = await predict(grain(4));
    await classifier.warmUp();
    expect((await predict(grain(4))).confidence).to.equal(confidence);
  });

  it('runs the network on prepared windows', async () => {
    const {window} = await prepareImage(grain(6), {width: 60, height: 28});
    const rows = await classifier.probabilities([window, window, new Uint8Array(60 * 28 * 3)]);
    expect(rows).to.have.length(3);
    expect([...rows[0]]).to.deep.equal([...rows[1]]);
    expect([...rows[0]]).not.to.deep.equal([...rows[2]]);
    for (const row of rows) expect(row.reduce((sum, value) => sum + value)).to.be.closeTo(1, 1e-6);
  });

  it('classifies windows like their pictures, and rejects them only for their scores', async () => {
    const pictures = Array.from({length: 70}, (_, i) => grain(i));
    const {input} = classifier.metadata;
    const windows = await Promise.all(pictures.map(async (bytes) => (await prepareImage(bytes, input)).window));
    const answers = await classifier.classifyWindows(windows);
    const whole = (await classifier.classify(pictures)) as Prediction[];
    expect(answers.map(({probabilities}) => probabilities)).to.deep.equal(
      whole.map(({probabilities}) => probabilities),
    );
    const [black] = await classifier.classifyWindows([new Uint8Array(windows[0].length)]);
    expect(black.reason).to.be.oneOf([undefined, 'low confidence']);
    expect(await classifier.classifyWindows([])).to.deep.equal([]);
  });

  it('measures windows on request', async () => {
    const measuring = await Classifier.load({model: write('plain.onnx', modelFile()), measureWindows: true});
    const {window} = await prepareImage(grain(1), classifier.metadata.input);
    const {window: measured} = await predict(grain(1), measuring);
    const levels = Array.from({length: window.length / 3}, (_, i) => [...window.subarray(3 * i, 3 * i + 3)]);
    const lit = levels.filter((pixel) => Math.max(...pixel) > 0).flat();
    expect(measured!.brightness).to.be.closeTo(lit.reduce((sum, level) => sum + level) / lit.length, 1e-9);
    expect(measured!.area).to.equal(lit.length / window.length);
    expect(await predict(grain(1))).not.to.have.property('window');
    await measuring.release();
  });

  it('classifies a stream of decoded pictures like their files', async () => {
    const files = [grain(1), grain(2), encodePng(drawFrame(30, 20, () => [0, 0, 0]))];
    async function* frames() {
      for (const file of files) yield (await decodeImage(file)).frame;
    }
    expect(await classifier.classifyFrames(frames())).to.deep.equal(await classifier.classify(files));
    files.length = 0;
    expect(await classifier.classifyFrames(frames())).to.deep.equal([]);
  });

  it('classifies more of them than a batch holds, in their order', async () => {
    const pictures = await Promise.all(
      [grain(1), grain(2), grain(3)].map(async (file) => (await decodeImage(file)).frame),
    );
    async function* frames(count: number) {
      for (let i = 0; i < count; i++) yield pictures[i % 3];
    }
    const few = await classifier.classifyFrames(frames(3));
    const many = await classifier.classifyFrames(frames(130));
    expect(many.map(({label}) => label)).to.deep.equal(Array.from({length: 130}, (_, i) => few[i % 3].label));
    many.forEach(({confidence}, i) => {
      expect(confidence).to.be.closeTo(few[i % 3].confidence, 1e-5);
    });
  });

  it('keeps a small model on the CPU under auto, without a warning', async () => {
    const warnings: string[] = [];
    const automatic = await Classifier.load({
      model: write('automatic.onnx', modelFile()),
      onWarning: (message) => warnings.push(message),
    });
    expect(automatic.device).to.equal('cpu');
    expect(warnings).to.deep.equal([]);
    await automatic.release();
  });

  it('cannot be used after its release', async () => {
    const released = await Classifier.load({model: write('released.onnx', modelFile()), device: 'cpu'});
    await released.release();
    const failed = await released.classify([grain(1)]).then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
  });

  it('rejects a file with valid metadata whose graph onnxruntime cannot load', async () => {
    const {graph} = decodeModel(modelFile());
    graph.node[0].opType = 'NoSuchOperator';
    const bytes = encodeModel(graph, {rice: JSON.stringify(modelMetadata())});
    const path = write('broken.onnx', bytes);
    const error = await Classifier.load({model: path, device: 'cpu'}).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RiceError);
    expect(error).to.include({code: 'MODEL_INVALID'});
    expect((error as RiceError).message).to.include(path);
  });

  it('has no answer where the weights give none', async () => {
    const {graph} = decodeModel(modelFile());
    for (const {rawData} of graph.initializer) if (rawData.length > 40) rawData.fill(0xff);
    const path = write('nan.onnx', encodeModel(graph, {rice: JSON.stringify(modelMetadata())}));
    const broken = await Classifier.load({model: path, device: 'cpu', threads: 1});
    const error = await broken.classify([grain(1)]).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RiceError).and.include({code: 'MODEL_INVALID'});
    expect((error as RiceError).message).to.equal(`${path} gave probabilities that are no numbers`);
    await broken.release();
  });
});
