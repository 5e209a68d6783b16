/** A network is a function over the layers; most of them share a head. */
import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';

export interface HeadOptions {
  classes: number;
  /** Dropout rate of the classifier's input. */
  dropout: number;
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
  /** Adds the layers from prepared windows, uint8 [N, H, W, 3], to logits [N, classes] and the other outputs. */
  build(layers: Layers, image: Value, head: HeadOptions): NetworkOutputs;
}

/** The head of most networks: global average pooling, dropout, and one dense layer to the logits. */
export function classify(layers: Layers, x: Value, {classes, dropout}: HeadOptions): NetworkOutputs {
  const features = layers.globalAveragePool(x);
  const logits = layers.dense('classifier', layers.dropout('classifier', features, dropout), classes);
  return {features, logits, embedding: features};
}
