import {expect} from 'chai';
import {InferenceSession, type Tensor} from 'onnxruntime-node';
import {encodeModel} from '../../../src/onnx/model.ts';
import {buildEvaluationGraph} from '../../../src/training/graphs/evaluation-graph.ts';
import {buildModelGraph} from '../../../src/training/graphs/model-graph.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../../src/training/networks/index.ts';
import {initialParameters, initialStatistics} from '../../../src/training/parameters.ts';
import {float32, floats, loadGraph, randomValues, relativeError, runGraph} from '../../helpers/run-graph.ts';
import {channelMoments, convolution, zeros} from '../operators/references.ts';
import {randomBatch, type Step, type StepShape, stepOf} from '../step.ts';

const SIZE = {height: 32, width: 40};
const CLASSES = 4;
const BATCH = 8;
/** Of conv4. */
const FEATURES = 88;

for (const name of Object.keys(NETWORKS) as NetworkName[]) {
  describe(`training: network ${name}`, () => {
    const network = NETWORKS[name];
    const layout = layoutOf(network, SIZE, CLASSES);

    it('gives the same probabilities with weights as inputs and as constants with folded normalization', async () => {
      const parameters = initialParameters(layout, 1);
      // Scale not 1, bias not 0, and running statistics as after some training.
      parameters.forEach((value, i) => {
        if (value === 0 || value === 1) parameters[i] += 0.1 * Math.sin(i);
      });
      const noise = randomValues(layout.statisticCount, 2, 0.5, 1.5);
      const statistics = initialStatistics(layout).map((value, i) => value * noise[i] + (noise[i] - 1) / 5);
      const {image} = randomBatch(3, SIZE, CLASSES, 5);
      const evaluation = await runGraph(buildEvaluationGraph(network, layout, SIZE, CLASSES), {
        image,
        parameters: float32(parameters),
        statistics: float32(statistics),
      });
      expect([...evaluation.logits.dims]).to.deep.equal([3, CLASSES]);
      // Random weights, so no answer is certain.
      const temperature = Math.max(...floats(evaluation.logits).map(Math.abs)) / 2;
      const {graph} = buildModelGraph({network, layout, parameters, statistics}, SIZE, CLASSES, {temperature});
      const {probabilities, features} = await runGraph(graph, {image});
      const expected = softmax(floats(evaluation.logits), temperature);
      expect(Math.max(...expected)).to.be.below(0.999);
      expect([...probabilities.dims]).to.deep.equal([3, CLASSES]);
      expect(largestDifference(floats(probabilities), expected)).to.be.below(1e-4);
      expect(features.dims).to.have.length(2);
      expect(features.dims[0]).to.equal(3);
    });

    it('lowers the loss of a batch; every weight, statistic and average is updated', async () => {
      const step = stepOf(name, {batchSize: BATCH, ...SIZE, classes: CLASSES});
      const session = await loadGraph(step.graph);
      const batch = randomBatch(BATCH, SIZE, CLASSES, 7);
      const losses: number[] = [];
      let state = step.state;
      for (let i = 0; i < 3; i++) {
        const results = await session.run({...batch, ...state, ...step.scalars(i + 1, {learningRate: 2e-3})});
        losses.push(floats(results.loss as Tensor)[0]);
        expect([...results.logits.dims]).to.deep.equal([BATCH, CLASSES]);
        const next = Object.fromEntries(Object.keys(state).map((of) => [of, results[`next.${of}`] as Tensor]));
        if (i === 0) {
          checkAverages(step, next);
          checkGradients(step, next);
        }
        state = next;
      }
      await session.release();
      expect(losses[0]).to.be.within(0.5, 4);
      expect(losses.at(-1)).to.be.below(0.8 * losses[0]);
    });
  });
}

describe('training: step graph', () => {
  const SMALL = {batchSize: 8, height: 32, width: 40, classes: 3};

  it('computes the gradient of the loss: a small step against it lowers the loss by its squared norm', async () => {
    const step = stepOf('conv4', {...SMALL, optimizer: 'sgd'});
    const batch = randomBatch(SMALL.batchSize, SMALL, SMALL.classes, 3);
    const session = await loadGraph(step.graph);
    const lossAt = async (parameters: Float32Array) => {
      const feeds = {...batch, ...step.state, parameters: float32(parameters), ...step.scalars(1)};
      const {loss, ...results} = await session.run(feeds);
      return {loss: floats(loss as Tensor)[0], gradient: floats(results['next.momentum'] as Tensor)};
    };
    const start = floats(step.state.parameters);
    const {gradient} = await lossAt(start);
    const squared = gradient.reduce((sum, value) => sum + value ** 2, 0);
    const by = 2e-3 / Math.sqrt(squared);
    const moved = async (sign: number) => (await lossAt(start.map((value, i) => value + sign * by * gradient[i]))).loss;
    const slope = ((await moved(1)) - (await moved(-1))) / (2 * by);
    await session.release();
    expect(slope / squared).to.be.closeTo(1, 0.02);
  });

  it('moves running statistics towards the mean and the unbiased variance of the batch', async () => {
    const step = stepOf('mobilenet', SMALL);
    const {image, target} = randomBatch(SMALL.batchSize, SMALL, SMALL.classes, 3);
    const feeds = {image, target, ...step.state, ...step.scalars(1, {statisticsMomentum: 0.25})};
    const statistics = floats((await runGraph(step.graph, feeds))['next.statistics']);
    const pieceOf = (values: Float32Array, placed: {name: string; offset: number; length: number}[], name: string) => {
      const {offset, length} = placed.find((each) => each.name === name)!;
      return values.subarray(offset, offset + length);
    };
    const weight = pieceOf(floats(step.state.parameters), step.layout.parameters, 'stem.weight');
    const [batch, height, width] = image.dims;
    const bytes = image.data as Uint8Array;
    const pixels = zeros([batch, 3, height, width]);
    for (let i = 0; i < bytes.length; i++) {
      const [n, place] = [Math.floor(i / 3 / height / width), Math.floor(i / 3) % (height * width)];
      pixels.data[(n * 3 + (i % 3)) * height * width + place] = bytes[i];
    }
    const kernels = {shape: [16, 3, 3, 3], data: Float64Array.from(weight)};
    const {mean, variance, count} = channelMoments(convolution(pixels, kernels, {stride: 2, padding: 1}));
    const means = pieceOf(statistics, step.layout.statistics, 'stem.mean');
    const variances = pieceOf(statistics, step.layout.statistics, 'stem.variance');
    expect(
      relativeError(
        means,
        mean.map((value) => 0.25 * value),
      ),
    ).to.be.below(1e-5);
    const unbiased = variance.map((value) => 0.75 + (0.25 * value * count) / (count - 1));
    expect(relativeError(variances, unbiased)).to.be.below(2e-5);
  });

  it('clips the gradient to the given norm', async () => {
    const norms = [];
    for (const clipNorm of [0, 1e-2]) {
      const step = stepOf('conv4', {...SMALL, clipNorm});
      const batch = randomBatch(SMALL.batchSize, SMALL, SMALL.classes, 3);
      const results = await runGraph(step.graph, {...batch, ...step.state, ...step.scalars(1)});
      norms.push(Math.hypot(...floats(results['next.firstMoment'])) / 0.1);
    }
    expect(norms[0]).to.be.above(0.1);
    expect(norms[1]).to.be.closeTo(1e-2, 1e-5);
  });

  it('takes noise for dropout: if everything is dropped, the logits are the bias', async () => {
    const step = stepOf('conv4', {...SMALL, dropout: 0.5});
    expect(step.noise).to.deep.equal([{name: 'noise.classifier', shape: [8, FEATURES]}]);
    const batch = randomBatch(SMALL.batchSize, SMALL, SMALL.classes, 3);
    const feeds = {...batch, ...step.state, ...step.scalars(1)};
    const dropped = await runGraph(step.graph, {
      ...feeds,
      'noise.classifier': float32(new Float32Array(8 * FEATURES), [8, FEATURES]),
    });
    expect(new Set(floats(dropped.logits))).to.deep.equal(new Set([0]));
    const kept = await runGraph(step.graph, {
      ...feeds,
      'noise.classifier': float32(new Float32Array(8 * FEATURES).fill(0.75), [8, FEATURES]),
    });
    const plain = stepOf('conv4', SMALL);
    const {logits} = await runGraph(plain.graph, feeds);
    expect(
      relativeError(
        floats(kept.logits),
        floats(logits).map((value) => 2 * value),
      ),
    ).to.be.below(1e-5);
  });

  it('smooths labels in its loss', async () => {
    const batch = randomBatch(SMALL.batchSize, SMALL, SMALL.classes, 3);
    for (const labelSmoothing of [0, 0.2]) {
      const step = stepOf('conv4', {...SMALL, labelSmoothing});
      const {loss, logits} = await runGraph(step.graph, {...batch, ...step.state, ...step.scalars(1)});
      const probabilities = softmax(floats(logits), 1, SMALL.classes);
      const target = floats(batch.target).map((value) => (1 - labelSmoothing) * value + labelSmoothing / SMALL.classes);
      const expected = -probabilities.reduce((sum, value, i) => sum + target[i] * Math.log(value), 0) / SMALL.batchSize;
      expect(floats(loss)[0]).to.be.closeTo(expected, 1e-5);
    }
  });

  it('needs only an operator set that ONNX Runtime of 2021 supports', async () => {
    const bytes = encodeModel(stepOf('mobilenet', SMALL).graph.toProto('step'));
    const session = await InferenceSession.create(bytes, {graphOptimizationLevel: 'disabled', logSeverityLevel: 4});
    expect(session.outputNames).to.include.members(['loss', 'logits', 'next.parameters', 'next.statistics']);
    await session.release();
  });
});

/** After the first step, with momentum 1/4 and decay 3/4 (see `Step.scalars`). */
function checkAverages(step: Step, next: Record<string, Tensor>): void {
  const start = floats(step.state.parameters);
  const parameters = floats(next.parameters);
  expect(relativeError(parameters, start)).to.be.above(1e-5);
  const averaged = start.map((value, i) => 0.75 * value + 0.25 * parameters[i]);
  expect(relativeError(floats(next.averagedParameters), averaged)).to.be.below(1e-6);
  if (step.layout.statisticCount === 0) return;
  const statistics = floats(next.statistics);
  const before = floats(step.state.statistics);
  const averagedStatistics = before.map((value, i) => 0.75 * value + 0.25 * statistics[i]);
  expect(relativeError(floats(next.averagedStatistics), averagedStatistics)).to.be.below(1e-6);
  for (const {name, offset, length} of step.layout.statistics.filter((each) =>
    /\.(variance|running_var)$/.test(each.name),
  )) {
    // From 1, a quarter of the way to a non-negative variance.
    expect(Math.min(...statistics.subarray(offset, offset + length)), name).to.be.at.least(0.75);
  }
}

/** After the first step the first moment is a tenth of the gradient. */
function checkGradients({layout}: Step, next: Record<string, Tensor>): void {
  const moments = floats(next.firstMoment);
  for (const {name, offset, length} of layout.parameters) {
    const piece = moments.subarray(offset, offset + length);
    expect(piece.every(Number.isFinite), name).to.equal(true);
    expect(
      piece.some((value) => value !== 0),
      name,
    ).to.equal(true);
  }
}

function softmax(logits: Float32Array, temperature: number, classes = CLASSES): Float64Array {
  const exponentials = Float64Array.from(logits, (value) => Math.exp(value / temperature));
  return exponentials.map((value, i) => {
    const row = i - (i % classes);
    return value / exponentials.subarray(row, row + classes).reduce((sum, each) => sum + each);
  });
}

function largestDifference(a: Float32Array, b: Float64Array): number {
  return Math.max(...b.map((value, i) => Math.abs(value - a[i])));
}

describe('training: a step on any number of threads', () => {
  for (const batchSize of [64, 50, 12])
    it(`gives the same bits: conv4, batches of ${batchSize}`, () =>
      checkBits('conv4', {batchSize, height: 56, width: 120, classes: 5}));
  for (const name of ['mobilenetv3_small', 'efficientnet_lite0', 'convnext_atto'] as const)
    it(`gives the same bits: ${name}`, () => checkBits(name, {batchSize: 16, height: 48, width: 64, classes: 5}));
});

async function checkBits(name: NetworkName, shape: StepShape): Promise<void> {
  const step = stepOf(name, shape);
  const batch = randomBatch(shape.batchSize, shape, shape.classes, 3);
  const results: Buffer[] = [];
  for (const threads of [1, 3, 7]) {
    const session = await loadGraph(step.graph, threads);
    const {'next.parameters': parameters} = await session.run({...step.state, ...batch, ...step.scalars(1)});
    results.push(Buffer.from((parameters.data as Float32Array).slice().buffer));
    await session.release();
  }
  expect(results.every((result) => result.equals(results[0]))).to.equal(true);
}
