import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {Classifier, type ClassifierOptions} from '../../src/model/classifier.ts';
import {METADATA_KEY, parseMetadata} from '../../src/model/metadata.ts';
import {findOutputs} from '../../src/model/outputs.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {encodeModel, readInterface} from '../../src/onnx/model.ts';
import type {Value} from '../../src/onnx/types.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';
import {modelFile, modelMetadata} from './models.ts';

const PIXELS = 28 * 60;

/** A model whose probabilities and further outputs are computed from the mean of each channel. */
function meansModel(further: (graph: Graph, means: Value) => Record<string, Value>, unknown: object = {}): Uint8Array {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', 28, 60, 3]);
  const means = graph.node('ReduceMean', [graph.node('Cast', [image], {to: 1})], {axes: [1, 2], keepdims: 0});
  graph.output('probabilities', graph.node('Softmax', [means], {axis: 1}));
  for (const [name, value] of Object.entries(further(graph, means))) graph.output(name, value);
  const metadata = {...modelMetadata(), unknown: {confidence: 0, ...unknown}};
  return encodeModel(graph.toProto('means'), {[METADATA_KEY]: JSON.stringify(metadata)});
}

/** The mean of one channel, as [N]. */
function channel(graph: Graph, means: Value, index: number): Value {
  const picked = [0, 0, 0];
  picked[index] = 1;
  const column = graph.node('MatMul', [means, graph.constant(Float32Array.from(picked), [3, 1])]);
  return graph.node('Reshape', [column, graph.integers(-1)]);
}

const windowOf = (...color: number[]) => Uint8Array.from({length: PIXELS * 3}, (_, i) => color[i % 3]);

describe('model: outputs', () => {
  const folder = useTemporaryFolder();
  async function load(bytes: Uint8Array, options: ClassifierOptions = {}): Promise<Classifier> {
    writeFileSync(join(folder(), 'model.onnx'), bytes);
    return Classifier.load({model: join(folder(), 'model.onnx'), device: 'cpu', threads: 1, ...options});
  }

  it('are found by name and type', () => {
    const found = (further: Parameters<typeof meansModel>[0]) => findOutputs(readInterface(meansModel(further))!);
    expect(found(() => ({}))).to.deep.equal({scores: [], features: 0});
    expect(found((_, features) => ({features}))).to.deep.equal({scores: [], features: 3});
    expect(found((graph, means) => ({capture: channel(graph, means, 0)}))).to.deep.equal({
      scores: ['capture'],
      features: 0,
    });
    const both = found((graph, means) => ({capture: channel(graph, means, 0), novelty: channel(graph, means, 1)}));
    expect(both.scores).to.deep.equal(['novelty', 'capture']);
    // A score is float32 [N], not [N, 3] and not integer; features are not [N].
    expect(found((_, means) => ({novelty: means}))).to.deep.equal({scores: [], features: 0});
    const whole = (graph: Graph, means: Value) => graph.node('Cast', [channel(graph, means, 0)], {to: 7});
    expect(found((graph, means) => ({novelty: whole(graph, means)})).scores).to.deep.equal([]);
    expect(found((graph, means) => ({features: channel(graph, means, 0)})).features).to.equal(0);
  });

  it('are required by their thresholds', () => {
    const refusal = (bytes: Uint8Array) => {
      try {
        return parseMetadata(bytes, 'm.onnx')?.metadata.unknown;
      } catch (error) {
        return `${(error as RiceError).code}: ${(error as RiceError).message}`;
      }
    };
    const capture = (graph: Graph, means: Value) => ({capture: channel(graph, means, 0)});
    expect(refusal(meansModel(capture, {capture: 5}))).to.deep.equal({confidence: 0, capture: 5});
    expect(refusal(meansModel(capture, {novelty: 5}))).to.equal(
      'MODEL_METADATA: the metadata of m.onnx cannot be used: unknown.novelty needs an output novelty, float32 [N], which the graph does not have',
    );
    expect(refusal(meansModel((_, novelty) => ({novelty}), {novelty: 5}))).to.include('needs an output novelty');
    expect(refusal(meansModel(() => ({}), {capture: 0}))).to.include('needs an output capture');
  });

  it('cannot be read from a damaged graph', () => {
    const bytes = modelFile();
    const at = Buffer.from(bytes).lastIndexOf('probabilities');
    // This length makes the name reach beyond its message.
    bytes[at - 1] = 127;
    const read = () => parseMetadata(bytes, 'm.onnx');
    expect(read).to.throw(RiceError).with.property('code', 'MODEL_INVALID');
  });

  it('are in each answer and lead to reasons for rejection', async () => {
    const scores = (graph: Graph, means: Value) => ({
      novelty: channel(graph, means, 1),
      capture: channel(graph, means, 2),
    });
    const thresholds = {confidence: 0.999, novelty: 100, capture: 50};
    const classifier = await load(meansModel(scores, thresholds));
    expect(classifier.outputs).to.deep.equal({scores: ['novelty', 'capture'], features: 0});
    const windows = [
      [255, 0, 0],
      [0, 101, 0],
      [60, 60, 60],
      [20, 20, 20],
      [10, 20, 255],
    ];
    const answers = await classifier.classifyWindows(windows.map((color) => windowOf(...color)));
    expect(answers.map(({novelty, capture, reason}) => [novelty, capture, reason])).to.deep.equal([
      [0, 0, undefined],
      [101, 0, 'not one of the known varieties'],
      [60, 60, 'capture too different to be sure'],
      [20, 20, 'low confidence'],
      // The capture differs, but the confidence is high.
      [20, 255, undefined],
    ]);
    for (const {known, reason} of answers) expect(known).to.equal(reason === undefined);
    const rows = await classifier.probabilities([windowOf(255, 0, 0)]);
    expect([...rows[0]]).to.deep.equal(Object.values(answers[0].probabilities));
    await classifier.release();
  });

  it('are the largest float32 where the graph computes infinity or NaN, which JSON cannot express', async () => {
    const ratio = (graph: Graph, means: Value) => ({
      novelty: graph.node('Div', [channel(graph, means, 1), channel(graph, means, 0)]),
    });
    const classifier = await load(meansModel(ratio, {novelty: 1e6}));
    const answers = await classifier.classifyWindows([windowOf(0, 0, 0), windowOf(0, 9, 0), windowOf(3, 6, 0)]);
    // 3.4028234663852886e38 is the largest number of float32 (IEEE 754).
    expect(answers.map(({novelty}) => novelty)).to.deep.equal([3.4028234663852886e38, 3.4028234663852886e38, 2]);
    expect(answers.map(({known}) => known)).to.deep.equal([false, false, true]);
    await classifier.release();
  });

  it('include features only if they are requested and the model has them', async () => {
    const described = meansModel((_, features) => ({features}));
    const color = [windowOf(10, 20, 30)];
    for (const [bytes, options, expected] of [
      [described, {features: true}, [10, 20, 30]],
      [described, {}, undefined],
      [meansModel(() => ({})), {features: true}, undefined],
    ] as const) {
      const classifier = await load(bytes, options);
      const [{features}] = await classifier.classifyWindows(color);
      expect(features && [...features]).to.deep.equal(expected);
      await classifier.release();
    }
  });
});
