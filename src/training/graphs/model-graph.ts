import {defined} from '../../common/defined.ts';
import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {ExportLayers} from '../layers/export-layers.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {classifyFeatures, type Network, type NetworkOutputs} from '../networks/network.ts';
import {columnsOf, reshape} from '../operators/operator.ts';
import type {Layout} from '../parameters.ts';
import {type ClassDistances, distanceToNearest} from '../scores/class-distances.ts';
import {addReduction, type Reduction} from '../scores/reduction.ts';
import type {Weights} from '../weights.ts';

export interface TrainedNetwork {
  network: Network;
  layout: Layout;
  parameters: Float32Array;
  statistics: Float32Array;
  /** Values of what did not learn, which the layout leaves out. */
  frozen?: Weights;
  normalization?: PixelNormalization;
}

/** What is fitted to the outputs of a trained network. */
export interface Calibration {
  /** Divides the logits. */
  temperature: number;
  /** Divides them instead where the capture is far from usual: from once its threshold on, more and more. */
  changedTemperature?: number;
  /** Of embeddings with many dimensions. */
  reduction?: Reduction;
  /** Fitted to the embeddings of known grains, reduced if they are; without it the model has no output `novelty`. */
  novelty?: ClassDistances;
  /** Fitted to the outlines of known grains, which add to the novelty. */
  outline?: ClassDistances;
  /** Fitted to the captures of the training images; without it, or if the network measures none, no output `capture`. */
  capture?: ClassDistances;
  /** What size, color and light say if they are taken at face value; without it no outputs `strangeness` and `sizeNovelty`. */
  faceValue?: FaceValue;
}

export interface FaceValue {
  /** Fitted to the first `SIZE_COLUMNS` numbers of the captures of unchanged images. */
  size: ClassDistances;
  /** Fitted to the first `FACE_COLUMNS` numbers of the captures of unchanged images. */
  strangeness: ClassDistances;
}

/** Size, proportions, color and brightness. */
export const FACE_COLUMNS = 5;
/** Size and proportions alone. */
export const SIZE_COLUMNS = 2;
/** Between the usual capture and this multiple of it, the other temperature comes to hold. */
const TEMPERATURE_CHANGES = 1.5;

interface Size {
  height: number;
  width: number;
}

/**
 * The finished model, including the weights.
 * Input: `image` uint8 [N, H, W, 3]. Outputs: `probabilities` float32 [N, C], the softmax of the logits divided by the
 * temperature; `features` float32 [N, F], the classifier's input; `novelty` float32 [N], the distance from all known
 * varieties; and if the network measures it: `capture` float32 [N], the distance from the capture of the training images, and
 * `strangeness` and `sizeNovelty` float32 [N], those from all known varieties with size, color and light, or size and proportions,
 * taken at face value.
 */
export function buildModelGraph(
  trained: TrainedNetwork,
  size: Size,
  classes: number,
  calibration: Calibration,
): BuiltModel {
  const {graph, outputs} = build(trained, size, classes);
  addScores(graph, outputs, calibration);
  return {graph, outputs};
}

/** A graph, and what in it the network computes. */
export interface BuiltModel {
  graph: Graph;
  outputs: NetworkOutputs;
}

/** Adds the outputs of a model to what a network computes. */
export function addScores(graph: Graph, outputs: NetworkOutputs, calibration: Calibration): void {
  const capture =
    outputs.capture && calibration.capture && distanceToNearest(graph, outputs.capture, calibration.capture);
  const tempered = graph.node('Mul', [outputs.logits, inverseTemperature(graph, calibration, capture)]);
  graph.output('probabilities', graph.node('Softmax', [tempered], {axis: 1}));
  graph.output('features', outputs.features);
  const strangeness =
    outputs.capture &&
    calibration.faceValue &&
    distanceToNearest(graph, columnsOf(graph, outputs.capture, 0, FACE_COLUMNS), calibration.faceValue.strangeness);
  const novelty = noveltyOf(graph, outputs, calibration);
  if (novelty) graph.output('novelty', novelty);
  if (capture) graph.output('capture', capture);
  if (strangeness) graph.output('strangeness', strangeness);
  if (outputs.capture && calibration.faceValue) {
    const face = columnsOf(graph, outputs.capture, 0, SIZE_COLUMNS);
    graph.output('sizeNovelty', distanceToNearest(graph, face, calibration.faceValue.size));
  }
}

/** 1 / T, a number or float32 [N, 1]. */
export function inverseTemperature(
  graph: Graph,
  calibration: Pick<Calibration, 'temperature' | 'changedTemperature'>,
  capture: Value | undefined,
): Value {
  const {temperature, changedTemperature = temperature} = calibration;
  const usual = graph.scalar(1 / temperature);
  if (!capture || changedTemperature === temperature) return usual;
  const change = graph.scalar((1 / changedTemperature - 1 / temperature) / (TEMPERATURE_CHANGES - 1));
  const beyond = graph.node('Clip', [
    graph.node('Sub', [capture, graph.scalar(1)]),
    graph.scalar(0),
    graph.scalar(TEMPERATURE_CHANGES - 1),
  ]);
  return graph.node('Add', [reshape(graph, graph.node('Mul', [beyond, change]), 0, 1), usual]);
}

/** The largest of the distances by which a grain is novel. */
function noveltyOf(
  graph: Graph,
  outputs: NetworkOutputs,
  {novelty, outline, reduction}: Calibration,
): Value | undefined {
  if (!novelty) return undefined;
  const embedding = reduction ? addReduction(graph, outputs.embedding, reduction) : outputs.embedding;
  const distances = [distanceToNearest(graph, embedding, novelty)];
  if (outline && outputs.outline) distances.push(distanceToNearest(graph, outputs.outline, outline));
  return distances.length === 1 ? distances[0] : graph.node('Max', distances);
}

/**
 * The graph to whose outputs a calibration is fitted: `logits` [N, C], `embedding` [N, D], `features` [N, F], and `capture` [N, K] and `outline`
 * [N, O] if the network measures them.
 *
 * @param features the length of the features that are its input `features` in place of pictures
 */
export function buildCalibrationGraph(trained: TrainedNetwork, size: Size, classes: number, features?: number): Graph {
  const {graph, outputs} =
    features === undefined ? build(trained, size, classes) : buildFromFeatures(trained, features, classes);
  graph.output('logits', outputs.logits);
  graph.output('embedding', outputs.embedding);
  graph.output('features', outputs.features);
  if (outputs.capture) graph.output('capture', outputs.capture);
  if (outputs.outline) graph.output('outline', outputs.outline);
  return graph;
}

/** 1 / T for a capture, as in the graph of the model. */
export function inverseTemperatureAt(capture: number, temperature: number, changedTemperature: number): number {
  const beyond = Math.min(1, Math.max(0, (capture - 1) / (TEMPERATURE_CHANGES - 1)));
  return 1 / temperature + beyond * (1 / changedTemperature - 1 / temperature);
}

/** The graph of what comes before the classifier: `image` uint8 [N, H, W, 3] to `features` float32 [N, F]. */
export function buildFeatureGraph(trained: TrainedNetwork, size: Size, classes: number): Graph {
  const {graph, outputs} = build(trained, size, classes);
  graph.output('features', outputs.features);
  return graph;
}

function buildFromFeatures({network, layout, parameters, statistics}: TrainedNetwork, length: number, classes: number) {
  const graph = new Graph();
  const features = graph.input('features', 'float32', ['N', length]);
  const layers = new ExportLayers(graph, {layout, parameters, statistics});
  return {graph, outputs: classifyFeatures(layers, features, {classes, dropout: 0}, network.parts?.classifier)};
}

function build(trained: TrainedNetwork, {height, width}: Size, classes: number) {
  const {network, frozen, normalization, ...weights} = trained;
  const graph = new Graph();
  const image: Value = graph.input('image', 'uint8', ['N', height, width, 3]);
  const layers = new ExportLayers(graph, weights, ...(frozen ? [frozen] : []));
  return {graph, outputs: network.build(layers, image, {classes, dropout: 0, ...defined({normalization})})};
}
