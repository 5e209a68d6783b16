/** A network is a function over the layers; most of them share a head. */
import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import type {PixelNormalization} from '../layers/pixels.ts';

export interface BuildOptions {
  classes: number;
  /** Dropout rate of the classifier's input. */
  dropout: number;
  /** How pixels are normalized for networks that others trained; ImageNet's mean and deviation by default. */
  normalization?: PixelNormalization;
}

export interface NetworkOutputs {
  /** The classifier's input: [N, F]. */
  features: Value;
  logits: Value;
  /** Distinguishes known from unknown objects: [N, D]. */
  embedding: Value;
  /** The effect of the capture, if the network measures it: [N, K], of which the columns are those of `CAPTURE`. */
  capture?: Value;
  /** The shape of the outline, which no capture changes, if the network measures it: [N, O]. */
  outline?: Value;
  /** What else a classifier of other labels may be fitted to, beside the features. */
  taught?: {
    /** Vectors, [N, D]. */
    vectors: Value[];
    /** Maps, [N, C, H, W], of which it gets mean and standard deviation of each channel. */
    maps: Value[];
  };
}

export interface Network {
  summary: string;
  /** Its parts, where its weights can be those that others trained. */
  parts?: NetworkParts;
  /** Adds the layers from prepared windows, uint8 [N, H, W, 3], to logits [N, classes] and the other outputs. */
  build(layers: Layers, image: Value, options: BuildOptions): NetworkOutputs;
}

/** The parts of a network by the names of its parameters, which are those of timm. */
export interface NetworkParts {
  /** Matches the beginning of a name in a block, and differs from block to block. */
  block: RegExp;
  /** The name of the dense layer from the features to the logits. */
  classifier: string;
}

/** The head of most networks: global average pooling, dropout, and one dense layer to the logits. */
export function classify(layers: Layers, x: Value, options: BuildOptions, name = DEFAULT_CLASSIFIER): NetworkOutputs {
  return classifyFeatures(layers, layers.globalAveragePool(x), options, name);
}

/** Dropout, and one dense layer from features [N, F] to the logits. */
export function classifyFeatures(
  layers: Layers,
  features: Value,
  {classes, dropout}: BuildOptions,
  name = DEFAULT_CLASSIFIER,
): NetworkOutputs {
  const logits = layers.dense(name, layers.dropout('classifier', features, dropout), classes);
  return {features, logits, embedding: features};
}

const DEFAULT_CLASSIFIER = 'classifier';
