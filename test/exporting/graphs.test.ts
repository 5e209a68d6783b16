import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {InferenceSession} from 'onnxruntime-node';
import {answersOf} from '../../src/exporting/compare/answers.ts';
import {compareAnswers} from '../../src/exporting/compare/compare-answers.ts';
import {ModelGraph, type ModelNode} from '../../src/exporting/graph/model-graph.ts';
import {networkNodes} from '../../src/exporting/graph/network-nodes.ts';
import {valueStatistics} from '../../src/exporting/graph/value-statistics.ts';
import {halveGraph} from '../../src/exporting/half/halve-graph.ts';
import {attempts} from '../../src/exporting/int8/attempts.ts';
import {calibrate} from '../../src/exporting/int8/calibrate.ts';
import {type Plan, planOf} from '../../src/exporting/int8/plan.ts';
import {quantizeGraph} from '../../src/exporting/int8/quantize-graph.ts';
import {bySensitivity} from '../../src/exporting/int8/sensitivity.ts';
import {decodeModel, encodeModel} from '../../src/onnx/model.ts';
import type {GraphProto} from '../../src/onnx/schema.ts';
import {ELEMENT_TYPE} from '../../src/onnx/tensor.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {noiseWindows, variedGraph} from './networks.ts';

/** The graph as it is read from a file, where empty lists are missing. */
function readAgain(proto: GraphProto): ModelGraph {
  return new ModelGraph(decodeModel(encodeModel(proto)).graph);
}

describe('exporting: graphs', () => {
  const folder = temporaryFolder();
  const source = encodeModel(variedGraph().toProto('varied'));
  const graph = new ModelGraph(decodeModel(source).graph);
  const network = networkNodes(graph);
  const windows = noiseWindows(32);
  const bytesOf = ({proto}: ModelGraph, type: number) =>
    (proto.initializer ?? [])
      .filter(({dataType}) => dataType === type)
      .reduce((sum, {rawData}) => sum + rawData.length, 0);

  it('have a network: the weighted sums from pixels to logits, and what is between', () => {
    expect(network.weighted.map(({opType}) => opType)).to.deep.equal([
      ...['Conv', 'Conv', 'Conv', 'Conv', 'Conv', 'Gemm', 'MatMul', 'Gemm'],
    ]);
    const types = [...network.all].map(({opType}) => opType);
    expect(types).to.include.members(['MaxPool', 'Clip', 'Add', 'Sigmoid', 'Concat', 'Reshape']);
    expect(types).to.not.include.members(['Cast', 'Softmax', 'ReduceMean', 'Sqrt']);
  });

  it('say what range their values have', async () => {
    const [gate] = graph.nodes.filter(({opType}) => opType === 'Sigmoid').flatMap(({output}) => output);
    const statistics = await valueStatistics(graph, [gate, 'probabilities'], windows);
    const {low, high} = statistics.get(gate)!;
    expect(low).to.be.within(0, high);
    expect(high).to.be.at.most(1);
    const {probabilities} = await answersOf(source, windows);
    const seen = statistics.get('probabilities')!;
    expect(seen.low).to.equal(Math.min(...probabilities.map((row) => Math.min(...row))));
    expect(seen.high).to.equal(Math.max(...probabilities.map((row) => Math.max(...row))));
    [0, 1, 2].forEach((label) => {
      const mean = probabilities.reduce((sum, row) => sum + row[label], 0) / probabilities.length;
      expect(seen.means[label]).to.be.closeTo(mean, 1e-6);
    });
  });

  it('give nearly the same with a network in float16, whose weights take half the bytes', async () => {
    const halved = halveGraph(graph, network.all);
    const answers = await answersOf(encodeModel(halved), windows);
    const compared = compareAnswers(await answersOf(source, windows), answers);
    expect(compared.agreement).to.equal(1);
    expect(compared.largestDifference).to.be.within(1e-7, 2e-3);
    const weights = network.weighted.map((node) => graph.weight(node)!.rawData.length);
    const sum = weights.reduce((a, b) => a + b);
    expect(bytesOf(readAgain(halved), ELEMENT_TYPE.float16)).to.be.at.least(sum / 2);
    expect(bytesOf(readAgain(halved), ELEMENT_TYPE.float32)).to.be.below(sum / 10);
    expect(halved.input).to.deep.equal(graph.proto.input);
    expect(halved.output).to.deep.equal(graph.proto.output);
  });

  it('give the very same where no node is halved', async () => {
    const same = await answersOf(encodeModel(halveGraph(graph, new Set())), windows);
    expect(compareAnswers(await answersOf(source, windows), same).largestDifference).to.equal(0);
  });

  it('give similar answers with whole numbers, and more similar ones with more bits', async () => {
    const before = await answersOf(source, windows);
    const differences: number[] = [];
    for (const bits of [4, 7, 8]) {
      const plan = planOf(graph, network, bits);
      const calibration = await calibrate(graph, plan, noiseWindows(32, 2));
      const after = await answersOf(encodeModel(quantizeGraph(graph, network, plan, calibration)), windows);
      differences.push(compareAnswers(before, after).largestDifference);
      after.scores.novelty!.forEach((score, i) => {
        expect(score / before.scores.novelty![i]).to.be.within(bits === 4 ? 0.5 : 0.9, bits === 4 ? 2 : 1.1);
      });
    }
    expect(differences[1]).to.be.within(1e-5, 0.1);
    expect(differences[0]).to.be.above(differences[1]);
    expect(differences[2]).to.be.below(0.1);
  });

  it('have weights of as many bits as asked for between the first and the last, with a scale a channel', async () => {
    const plan = planOf(graph, network, 7);
    const calibration = await calibrate(graph, plan, windows);
    const quantized = readAgain(quantizeGraph(graph, network, plan, calibration));
    const [first, ...others] = network.weighted;
    const last = others.pop()!;
    for (const node of [first, last])
      expect(quantized.constant(node.input[1])?.dataType).to.equal(ELEMENT_TYPE.float32);
    for (const node of others) {
      const weight = quantized.constant(`${node.output[0]}.weight.int8`)!;
      const values = [...new Int8Array(Uint8Array.from(weight.rawData).buffer)];
      expect(Math.max(...values.map(Math.abs))).to.equal(63);
      expect(weight.dims).to.deep.equal(graph.weight(node)!.dims);
      const channels =
        node.opType === 'Conv' || node.attribute.some(({name, i}) => name === 'transB' && i === 1) ? 0 : 1;
      expect(quantized.constant(`${node.output[0]}.weight.scale`)!.dims).to.deep.equal([weight.dims[channels]]);
      expect(quantized.constant(node.input[1])).to.equal(undefined);
    }
  });

  it('lose nothing between a sum and its rectifier, which leaves half of the levels for what matters', () => {
    const {values} = planOf(graph, network, 7);
    const joined = graph.nodes.filter(({opType, output}) => {
      const takers = graph.consumers(output[0]);
      return opType === 'Conv' && takers.length === 1 && ['Relu', 'Clip'].includes(takers[0].opType);
    });
    expect(joined).to.have.length(3);
    for (const {output} of joined) {
      expect(values).to.not.include(output[0]);
      expect(values).to.include(graph.consumers(output[0])[0].output[0]);
    }
  });

  /** The operators of a quantized model as onnxruntime computes them. */
  const computed = async (plan: Plan): Promise<(type: string) => number> => {
    const calibration = await calibrate(graph, planOf(graph, network, 7), windows);
    const model = encodeModel(quantizeGraph(graph, network, plan, calibration));
    const path = join(folder(), 'optimized.onnx');
    const session = await InferenceSession.create(model, {
      optimizedModelFilePath: path,
      graphOptimizationLevel: 'extended',
      logSeverityLevel: 4,
    });
    await session.release();
    const types = decodeModel(readFileSync(path)).graph.node.map(({opType}) => opType);
    return (type) => types.filter((each) => each === type).length;
  };

  it('are computed with whole numbers by onnxruntime, but for what has none', async () => {
    const count = await computed(planOf(graph, network, 7));
    expect({whole: count('QLinearConv'), float: count('Conv') + count('FusedConv')}).to.deep.equal({
      whole: 4,
      float: 1,
    });
    expect({whole: count('QGemm'), float: count('Gemm') + count('MatMul')}).to.deep.equal({whole: 1, float: 1});
    expect({add: count('QLinearAdd'), mul: count('QLinearMul')}).to.deep.equal({add: 1, mul: 1});
    expect({joined: count('QLinearConcat'), float: count('Concat')}).to.deep.equal({joined: 1, float: 1});
    // The rectifiers are joined to the sums, but for that of the first convolution and those in front of float32.
    expect(count('Clip')).to.equal(0);
  });

  it('keep a layer in float32 with what it takes, also where onnxruntime computes them', async () => {
    const [, depthwise, both] = network.weighted;
    for (const node of [depthwise, both]) {
      const plan = planOf(graph, network, 7, new Set([node]));
      expect([...plan.weighted]).to.not.include(node);
      const calibration = await calibrate(graph, planOf(graph, network, 7), windows);
      const quantized = readAgain(quantizeGraph(graph, network, plan, calibration));
      const kept = quantized.nodes.find(({output}) => output[0].startsWith(node.output[0]))!;
      expect(quantized.producer(kept.input[0])?.opType).to.not.equal('DequantizeLinear');
      expect(quantized.weight(kept)).to.deep.equal(graph.weight(node));
      const count = await computed(plan);
      expect(count('Conv') + count('FusedConv')).to.be.at.least(2);
    }
  });

  it('tell which of their layers 8 bits harm most, which are kept first', async () => {
    const calibration = await calibrate(graph, planOf(graph, network, 4), windows);
    const ranking = await bySensitivity(graph, network, 4, calibration, windows);
    const quantizable = planOf(graph, network, 4).weighted;
    expect(ranking).to.have.members([...quantizable]);
    const source = await answersOf(encodeModel(graph.proto), windows);
    const harm = async (kept: readonly ModelNode[]) => {
      const plan = planOf(graph, network, 4, new Set(kept));
      const answers = await answersOf(encodeModel(quantizeGraph(graph, network, plan, calibration)), windows);
      const sums = answers.probabilities.map((row, i) =>
        row.reduce((sum, each, label) => sum + (each - source.probabilities[i][label]) ** 2, 0),
      );
      return sums.reduce((sum, each) => sum + each, 0);
    };
    const all = await harm([]);
    const alone = await Promise.all(
      [ranking[0], ranking.at(-1)!].map((layer) => harm(ranking.filter((other) => other !== layer))),
    );
    expect(alone[0]).to.be.above(2 * alone[1]);
    expect(await harm(ranking.slice(0, 3))).to.be.below(all / 2);
    expect(await harm(ranking)).to.be.below(1e-9);
  });

  it('are tried with more and more layers in float32 until half of the bytes would be', async () => {
    const bytes = (nodes: Iterable<ModelNode>) =>
      [...nodes].reduce((sum, node) => sum + graph.weight(node)!.rawData.length, 0);
    const largest = [...planOf(graph, network, 8).weighted].sort((a, b) => bytes([b]) - bytes([a]));
    const tried = async (ranking: readonly ModelNode[]) => {
      const plans: Plan[] = [];
      for await (const plan of attempts(graph, network, async () => ranking)) plans.push(plan);
      return plans;
    };
    const plans = await tried(largest.toReversed());
    expect(plans.map(({weightBits}) => weightBits).slice(0, 3)).to.deep.equal([7, 8, 8]);
    expect(plans.map(({kept}) => kept.size)).to.deep.equal([0, 0, 1, 2, 4].slice(0, plans.length));
    expect(plans.length).to.be.above((await tried(largest)).length);
    for (const {weighted} of plans) expect(2 * bytes(weighted)).to.be.at.least(bytes(network.weighted));
  });
});
