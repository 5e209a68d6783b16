import {createHash} from 'node:crypto';
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {fitFrame} from '../../../src/image/resize/fit-image.ts';
import {Classifier, type Prediction} from '../../../src/model/classifier.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {drawFrame, drawGrain, encodePng} from '../../helpers/images.ts';
import {modelFile, modelMetadata} from '../models.ts';
import {
  description,
  externalModel,
  HEIGHT,
  LABELS,
  meansModel,
  modelOf,
  modelWithWeightsBeside,
  PIXELS,
  softmaxOf,
  WEIGHTS,
  WIDTH,
  writeModel,
} from './models.ts';

/** Pictures without a grain, different for each n. */
const picture = (n: number) =>
  drawFrame(20 + n, 15, (x, y) => [(x * 11 + n * 40) % 256, (y * 17 + n) % 256, (x * y + n * 9) % 256]);

/** The logits of the dense layer for a window, computed independently in float64. */
function expectedLogits(
  window: Uint8Array,
  layout: 'nchw' | 'nhwc',
  toNumber: (level: number, channel: number) => number = (level) => level / 255,
  channels = [0, 1, 2],
): number[] {
  return LABELS.map((_, label) => {
    let sum = 0;
    for (let pixel = 0; pixel < PIXELS; pixel++)
      for (let c = 0; c < 3; c++) {
        const at = layout === 'nchw' ? c * PIXELS + pixel : pixel * 3 + c;
        sum += toNumber(window[pixel * 3 + channels[c]], c) * WEIGHTS[at * 3 + label];
      }
    return sum;
  });
}

function stretched(frame: Frame): Uint8Array {
  const rest = {cropPct: 1, fill: [0, 0, 0], interpolation: 'bilinear'} as const;
  return fitFrame(frame, {width: WIDTH, height: HEIGHT, fit: 'stretch', ...rest});
}

describe('model: external', () => {
  const folder = useTemporaryFolder();
  let made = 0;

  /** Writes and loads a model; it is released after the test. */
  const loaded: Classifier[] = [];
  afterEach(async () => {
    for (const classifier of loaded.splice(0)) await classifier.release();
  });
  async function load(bytes: Uint8Array, document: object, onWarning?: (message: string) => void) {
    const model = writeModel(folder(), `m${made++}`, bytes, document);
    const classifier = await Classifier.load({model, device: 'cpu', threads: 1, ...(onWarning ? {onWarning} : {})});
    loaded.push(classifier);
    return classifier;
  }

  async function answers(classifier: Classifier, frames: Frame[]): Promise<Prediction[]> {
    const results = await classifier.classify(frames.map((frame) => encodePng(frame)));
    return results.map((result) => {
      if (result instanceof RiceError) throw result;
      return result;
    });
  }

  function expectClose(answer: Prediction, expected: number[]): void {
    Object.values(answer.probabilities).forEach((probability, i) => {
      expect(probability).to.be.closeTo(expected[i], 1e-5);
    });
  }

  async function refusal(bytes: Uint8Array, document?: object | string, name = `r${made++}`): Promise<RiceError> {
    const model = writeModel(folder(), name, bytes, document);
    const error = await Classifier.load({model, device: 'cpu'}).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(RiceError);
    return error as RiceError;
  }

  for (const layout of ['nchw', 'nhwc'] as const)
    for (const output of ['logits', 'probabilities'] as const)
      for (const batch of ['batch', 1, 4])
        it(`answers what the graph computes: ${layout}, ${output}, batch ${batch}`, async () => {
          const classifier = await load(externalModel({layout, output, batch}), description({output}));
          const frames = Array.from({length: 6}, (_, n) => picture(n));
          const predictions = await answers(classifier, frames);
          predictions.forEach((answer, i) => {
            expectClose(answer, softmaxOf(expectedLogits(stretched(frames[i]), layout)));
            expect(answer).to.include({known: true}).and.not.to.have.any.keys('reason', 'grain', 'notes');
            expect(Object.keys(answer.probabilities)).to.deep.equal(LABELS);
          });
          expect(new Set(predictions.map(({confidence}) => confidence)).size).to.equal(6);
        });

  it('applies range, mean, std and channel order', async () => {
    const document = {
      ...description({mean: [100, 50, 20], std: [10, 20, 30]}),
      input: {width: WIDTH, height: HEIGHT, channels: 'bgr', range: 255},
    };
    const classifier = await load(externalModel(), document);
    const [answer] = await answers(classifier, [picture(2)]);
    const toNumber = (level: number, c: number) => (level - [100, 50, 20][c]) / [10, 20, 30][c];
    expectClose(answer, softmaxOf(expectedLogits(stretched(picture(2)), 'nchw', toNumber, [2, 1, 0])));
  });

  it('crops and pads as described', async () => {
    for (const [fit, more] of [
      ['crop', {cropPct: 0.8}],
      ['letterbox', {fill: [9, 90, 200]}],
    ] as const) {
      const classifier = await load(externalModel(), description({resize: fit, interpolation: 'bicubic', ...more}));
      const options = {cropPct: 1, fill: [0, 0, 0] as [number, number, number], interpolation: 'bicubic' as const};
      const window = fitFrame(picture(3), {width: WIDTH, height: HEIGHT, fit, ...options, ...(more as object)});
      expectClose((await answers(classifier, [picture(3)]))[0], softmaxOf(expectedLogits(window, 'nchw')));
    }
  });

  it("cuts the grain out if described so, and rejects for the same reasons as rice's own models", async () => {
    const classifier = await load(externalModel(), description({resize: 'aligned-grain'}));
    const frame = drawGrain({size: 125, length: 60, width: 20, angle: 30});
    const [grain, none] = await answers(classifier, [frame, drawFrame(40, 40, () => [9, 9, 9])]);
    const {window} = prepareFrame(frame, {width: WIDTH, height: HEIGHT});
    expectClose(grain, softmaxOf(expectedLogits(window, 'nchw')));
    expect(grain).to.include({known: true});
    expect(grain.grain?.objects).to.equal(1);
    expect(none).to.include({known: false, reason: 'no grain'});
    expect(none.notes).to.have.length(1);
  });

  it('applies temperature and threshold to logits and probabilities alike', async () => {
    for (const output of ['logits', 'probabilities'] as const) {
      const document = description({output, temperature: 2.5, unknown: {confidence: 0.9}});
      const [answer] = await answers(await load(externalModel({output}), document), [picture(1)]);
      const logits = expectedLogits(stretched(picture(1)), 'nchw');
      expectClose(answer, softmaxOf(logits.map((logit) => logit / 2.5)));
      expect(answer).to.include({known: false, reason: 'low confidence'});
    }
  });

  it('reports name, version and labels, and no training record', async () => {
    const bytes = externalModel();
    const named = await load(bytes, description({name: 'n', version: '1.2.3'}));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(named.model).to.deep.equal({name: 'n', version: '1.2.3', labels: LABELS, sha256});
    expect(named.metadata).to.deep.equal({
      name: 'n',
      version: '1.2.3',
      labels: LABELS,
      input: {width: WIDTH, height: HEIGHT, resize: 'stretch'},
      temperature: 1,
      unknown: {confidence: 0},
    });
    await named.warmUp();
    const unnamed = await load(bytes, description());
    expect(unnamed.model).to.include({name: `m${made - 1}`, version: '0.0.0'});
  });

  it('reads weights from a file beside it', async () => {
    const {model, weights} = modelWithWeightsBeside('weights.bin');
    writeFileSync(join(folder(), 'weights.bin'), weights);
    const [answer] = await answers(await load(model, description()), [picture(2)]);
    expectClose(answer, softmaxOf(expectedLogits(stretched(picture(2)), 'nchw')));
    const error = await refusal(modelWithWeightsBeside('none.bin').model, description());
    expect(error.code).to.equal('MODEL_INVALID');
    expect(error.message).to.include('none.bin');
  });

  it('returns an error in place of a picture that cannot be read', async () => {
    const classifier = await load(externalModel({batch: 1}), description());
    const results = await classifier.classify([Buffer.from('x'), encodePng(picture(1))]);
    expect(results[0]).to.include({code: 'IMAGE_UNSUPPORTED'});
    expect(results[1]).not.to.be.instanceOf(RiceError);
  });

  it('finds the description as X.json, then as X.onnx.json', async () => {
    const model = writeModel(folder(), 'both', externalModel(), description({name: 'short'}));
    writeFileSync(`${model}.json`, JSON.stringify(description({name: 'long'})));
    const nameOf = async () => {
      const classifier = await Classifier.load({model, device: 'cpu'});
      await classifier.release();
      return classifier.model.name;
    };
    expect(await nameOf()).to.equal('short');
    renameSync(join(folder(), 'both.json'), join(folder(), 'gone.json'));
    expect(await nameOf()).to.equal('long');
  });

  it('ignores a JSON file beside a model with metadata', async () => {
    const classifier = await load(modelFile(), {nonsense: true});
    expect(classifier.metadata).to.deep.equal(modelMetadata());
  });

  it('warns once if probabilities are described as logits', async () => {
    const warnings: string[] = [];
    const classifier = await load(externalModel({output: 'probabilities'}), description(), (message) =>
      warnings.push(message),
    );
    for (const n of [1, 2]) await answers(classifier, [picture(n)]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include('says that the output is logits, but it looks like probabilities');
    const sound = await load(externalModel(), description(), (message) => warnings.push(message));
    await answers(sound, [picture(1)]);
    expect(warnings).to.have.length(1);
  });

  describe('is refused', () => {
    it('without a description, naming all that is needed to write one', async () => {
      const {code, message, suggestions} = await refusal(externalModel(), undefined, 'lonely');
      const at = (name: string) => join(folder(), name);
      expect(code).to.equal('MODEL_METADATA');
      expect(message).to.equal(
        `${at('lonely.onnx')} was not written by rice, and there is no ${at('lonely.json')} or ${at('lonely.onnx.json')} ` +
          'to say how it is used. It has input "pixels" float32 [batch, 3, 6, 8], output "scores" float32 [batch, 3]',
      );
      expect(suggestions[0]).to.include('docs/external-models.md');
      writeFileSync(at('plain'), externalModel());
      const plain = await Classifier.load({model: at('plain')}).catch((reason: Error) => reason.message);
      expect(plain).to.include(`there is no ${at('plain.json')} to say`);
    });

    it('with a description that is a folder, too large or not JSON', async () => {
      mkdirSync(join(folder(), 'dir.json'));
      expect(await refusal(externalModel(), undefined, 'dir')).to.include({code: 'MODEL_DESCRIPTION'});
      const large = await refusal(externalModel(), ' '.repeat(4_000_001));
      expect(large.message).to.include('has more than 4 MB');
      expect(await refusal(externalModel(), '{labels: []}')).to.include({code: 'MODEL_DESCRIPTION'});
    });

    it('if description and graph contradict each other', async () => {
      const labels = await refusal(externalModel(), description({labels: ['a', 'b']}));
      expect(labels.message).to.match(/has 2 labels, but .* has 3 outputs$/);
      const size = await refusal(externalModel(), description({input: {width: 6, height: 8}}));
      expect(size.message).to.match(/is \[batch, 3, 6, 8\]$/);
      expect([labels.code, size.code]).to.deep.equal(['MODEL_DESCRIPTION', 'MODEL_DESCRIPTION']);
    });

    it('if it is not an image classifier', async () => {
      const detector = modelOf((graph) => {
        const images = graph.input('images', 'float32', [1, 3, HEIGHT, WIDTH]);
        graph.output('output0', graph.node('Reshape', [images, graph.integers(1, 3, PIXELS)]));
      });
      expect((await refusal(detector, description())).message).to.include('"output0" must be float32 [N, labels]');
      const two = modelOf((graph) => {
        const images = graph.input('images', 'float32', ['N', 3, HEIGHT, WIDTH]);
        const scale = graph.input('scale', 'float32', [1]);
        graph.output('y', graph.node('Mul', [graph.node('ReduceMean', [images], {axes: [2, 3], keepdims: 0}), scale]));
      });
      expect((await refusal(two, description())).message).to.include('it must have one input, not 2');
    });
  });

  describe('fails on its first picture', () => {
    const failure = async (bytes: Uint8Array, document: object) => {
      const classifier = await load(bytes, document);
      const error = await classifier.classify([encodePng(picture(0))]).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RiceError);
      return error as RiceError;
    };

    it('if its probabilities do not sum to 1', async () => {
      const {code, message, suggestions} = await failure(externalModel(), description({output: 'probabilities'}));
      expect(code).to.equal('MODEL_DESCRIPTION');
      expect(message).to.match(
        /is described as giving probabilities, but its outputs sum to -?[\d.]+ \(lowest -?[\d.]+\)$/,
      );
      expect(suggestions[0]).to.include('"logits"');
    });

    it('if its scores are not finite numbers', async () => {
      const broken = meansModel((graph, means) => graph.node('Log', [graph.node('Neg', [means])]));
      expect((await failure(broken, description())).message).to.include('gave scores that are not finite numbers');
    });

    it('if the number of scores differs from the number of labels', async () => {
      const open = modelOf((graph) => {
        const pixels = graph.input('pixels', 'float32', ['N', 3, HEIGHT, 'W']);
        const rows = graph.node('ReduceMean', [pixels], {axes: [1, 2], keepdims: 0});
        graph.output('scores', rows);
      });
      expect((await failure(open, description())).message).to.match(/has 3 labels, but .* has 8 outputs/);
    });

    it('if the graph cannot be run', async () => {
      // The declared height is dynamic, but the graph needs another height than the description's.
      const rigid = modelOf(
        (graph) => {
          const pixels = graph.input('pixels', 'float32', ['N', 3, 7, WIDTH]);
          const flat = graph.node('Reshape', [pixels, graph.integers(-1, 3 * 7 * WIDTH)]);
          const weights = graph.constant(new Float32Array(3 * 7 * WIDTH * 3), [3 * 7 * WIDTH, 3]);
          graph.output('scores', graph.node('MatMul', [flat, weights]));
        },
        ({input}) => {
          input[0].type.tensorType.shape.dim![2] = {dimParam: 'H'};
        },
      );
      expect((await failure(rigid, description())).message).to.include('onnxruntime cannot run');
    });
  });
});
