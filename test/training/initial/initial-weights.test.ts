import {expect} from 'chai';
import type {ModelFile} from '../../../src/model/model-file.ts';
import {encodeModel} from '../../../src/onnx/model.ts';
import {buildModelGraph} from '../../../src/training/graphs/model-graph.ts';
import {initialWeights, type LearntWeights} from '../../../src/training/initial/initial-weights.ts';
import {weightsOfModel} from '../../../src/training/initial/weights-of-model.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../../src/training/networks/index.ts';
import type {Network} from '../../../src/training/networks/network.ts';
import {WeightStore} from '../../../src/training/weights.ts';
import {floats, relativeError, runGraph} from '../../helpers/run-graph.ts';
import {randomBatch} from '../step.ts';
import {namedWeights} from './named-weights.ts';

const SIZE = {width: 48, height: 32};
const LABELS = ['long', 'round', 'slim'];

function begin(name: NetworkName, learnt?: LearntWeights, labels = LABELS, seed = 1) {
  const network: Network = NETWORKS[name];
  const layout = layoutOf(network, SIZE, labels.length);
  return {network, ...initialWeights(network, layout, seed, learnt, labels), layout, labels};
}

describe('training: weights to begin with', () => {
  const tensors = namedWeights(NETWORKS.mobilenetv3_small, 4);

  it('are those that others trained, by their names, but for the classifier', () => {
    const drawn = new WeightStore(begin('mobilenetv3_small'));
    const taken = new WeightStore(begin('mobilenetv3_small', {tensors}));
    for (const [name, {data}] of tensors) {
      const expected = name.startsWith('classifier.') ? drawn.get(name) : data;
      expect(taken.get(name), name).to.deep.equal(expected);
    }
  });

  it('take the rows of the classifier over for labels of the same names', () => {
    const from = ['slim', 'other', 'long', 'another'];
    const {parameters, layout} = begin('mobilenetv3_small', {tensors, labels: from});
    const weight = layout.parameters.find(({name}) => name === 'classifier.weight')!;
    const bias = new WeightStore({layout, parameters, statistics: new Float32Array()}).get('classifier.bias');
    const drawn = begin('mobilenetv3_small').parameters;
    const theirs = tensors.get('classifier.weight')!;
    const theirBias = tensors.get('classifier.bias')!;
    for (const [label, name] of LABELS.entries()) {
      const row = from.indexOf(name);
      for (const input of [0, 1, 500, 1023]) {
        // Ours is [inputs, labels], that of PyTorch [labels, inputs].
        const at = weight.offset + input * LABELS.length + label;
        expect(parameters[at]).to.equal(row < 0 ? drawn[at] : theirs.data[row * 1024 + input]);
      }
      expect(bias[label]).to.equal(row < 0 ? 0 : theirBias.data[row]);
    }
  });

  it('leave the classifier as it was drawn where the number of its rows is not that of the labels', () => {
    const unknown = begin('mobilenetv3_small', {tensors, labels: ['long', 'round']});
    expect(unknown.parameters).to.deep.equal(begin('mobilenetv3_small', {tensors}).parameters);
  });

  for (const name of ['mobilenetv3_small', 'convnext_atto', 'efficientnet_lite0'] as const) {
    it(`of a model that rice trained make the same answers as the model: ${name}`, async () => {
      const original = begin(name, {tensors: namedWeights(NETWORKS[name], 4, 7)});
      const graph = (trained: typeof original) => buildModelGraph(trained, SIZE, LABELS.length, {temperature: 1}).graph;
      const bytes = encodeModel(graph(original).toProto('model'));
      const normalization = {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]};
      const metadata = {labels: LABELS, training: {network: name, configuration: {normalization}}};
      const file = {path: 'm.onnx', bytes: Buffer.from(bytes), metadata} as unknown as ModelFile;
      const read = weightsOfModel(file, name, layoutOf(original.network, SIZE, 2));
      expect(read.normalization).to.deep.equal(normalization);
      // Drawn by another seed: nothing of it may be left.
      const again = begin(name, read.weights, LABELS, 2);
      const feeds = {image: randomBatch(4, SIZE, 3, 5).image};
      const [expected, actual] = [await runGraph(graph(original), feeds), await runGraph(graph(again), feeds)];
      for (const output of ['features', 'probabilities'])
        expect(relativeError(floats(actual[output]), floats(expected[output])), output).to.be.below(1e-5);
      const reordered = begin(name, read.weights, [...LABELS].reverse(), 2);
      const reversed = floats((await runGraph(graph(reordered), feeds)).probabilities);
      const straight = floats(expected.probabilities);
      for (let i = 0; i < straight.length; i++) {
        const row = 3 * Math.floor(i / 3);
        expect(reversed[row + 2 - (i - row)]).to.be.closeTo(straight[i], 1e-5);
      }
    });
  }

  it('cannot be those of another network, of a model of others, or of one made smaller', () => {
    const layout = layoutOf(NETWORKS.mobilenetv3_small, SIZE, 2);
    const failure = (metadata: object | undefined, network: NetworkName = 'mobilenetv3_small') => {
      const small = {tensors: namedWeights(NETWORKS.mobilenetv3_small, 3)};
      const {graph} = buildModelGraph(begin('mobilenetv3_small', small), SIZE, 3, {temperature: 1});
      const proto = graph.toProto('model');
      for (const each of proto.initializer) each.name = each.name.replace('parameter.', 'quantized.');
      const file = {path: 'm.onnx', bytes: encodeModel(proto), metadata} as unknown as ModelFile;
      return () => weightsOfModel(file, network, layout);
    };
    expect(failure({labels: LABELS, training: {network: 'resnet18'}})).to.throw('m.onnx has the network resnet18');
    expect(failure(undefined)).to.throw('m.onnx was not trained by rice');
    expect(failure({labels: LABELS, training: {network: 'mobilenetv3_small'}})).to.throw('does not name its weights');
  });
});
