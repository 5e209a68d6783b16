import {encodeModel} from '../../onnx/model.ts';
import type {GraphProto} from '../../onnx/schema.ts';
import {answersOf} from '../compare/answers.ts';
import type {ModelGraph, ModelNode} from '../graph/model-graph.ts';
import {ANSWER, type NetworkNodes} from '../graph/network-nodes.ts';
import {spreadOver, type Windows} from '../pictures/windows.ts';
import type {Calibration} from './calibrate.ts';
import {planOf} from './plan.ts';
import {quantizeGraph} from './quantize-graph.ts';

/** So many pictures tell layers apart, whose errors differ by powers of ten; fewer where there are many layers, which take long. */
const PICTURES = {least: 8, most: 32, ofAllLayers: 2048};
/** Probabilities below are as good as none. */
const LEAST = 1e-30;

export interface RankingOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * The layers that can be quantized, the most sensitive first: those that, quantized alone, change the logits most in mean square.
 *
 * @param bits of a weight
 * @param calibration of the plan without nodes that are kept
 * @param onProgress called with how many pictures of how many were run
 */
export async function bySensitivity(
  graph: ModelGraph,
  network: NetworkNodes,
  bits: number,
  calibration: Calibration,
  windows: Windows,
  {onProgress, signal}: RankingOptions = {},
): Promise<ModelNode[]> {
  const layers = [...planOf(graph, network, bits).weighted];
  const some = spreadOver(windows, picturesFor(layers.length));
  const total = (1 + layers.length) * some.count;
  let runs = 0;
  const logits = async (proto: GraphProto): Promise<Float64Array[]> => {
    const before = runs++ * some.count;
    // Without the other outputs, runtimes leave out what these alone need.
    const model = encodeModel({...proto, output: proto.output.filter(({name}) => name === ANSWER)});
    const options = {onProgress: (done: number) => onProgress?.(before + done, total), ...(signal && {signal})};
    return (await answersOf(model, some, options)).probabilities.map(logitsOf);
  };
  const expected = await logits(graph.proto);
  const errors = new Map<ModelNode, number>();
  for (const layer of layers) {
    const plan = planOf(graph, network, bits, new Set(layers.filter((other) => other !== layer)));
    errors.set(layer, squaredDifference(expected, await logits(quantizeGraph(graph, network, plan, calibration))));
  }
  return layers.sort((one, other) => errors.get(other)! - errors.get(one)!);
}

function picturesFor(layers: number): number {
  return Math.max(PICTURES.least, Math.min(PICTURES.most, Math.floor(PICTURES.ofAllLayers / layers)));
}

/** The logits less their mean, which is all of them that probabilities tell. */
function logitsOf(probabilities: Float32Array): Float64Array {
  const logarithms = Float64Array.from(probabilities, (each) => Math.log(Math.max(each, LEAST)));
  const mean = logarithms.reduce((sum, each) => sum + each, 0) / logarithms.length;
  return logarithms.map((each) => each - mean);
}

function squaredDifference(some: readonly Float64Array[], others: readonly Float64Array[]): number {
  return some.reduce((sum, row, i) => row.reduce((rowSum, each, j) => rowSum + (each - others[i][j]) ** 2, sum), 0);
}
