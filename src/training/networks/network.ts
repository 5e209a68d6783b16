/** What every network is: a function over the layers, and the head that most of them share. */
import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';

export interface HeadOptions {
  classes: number;
  /** The share of features that dropout hides from the classifier. */
  dropout: number;
}

export interface NetworkOutputs {
  /** What the classifier saw: [N, F]. */
  features: Value;
  logits: Value;
  /** What tells a known thing from an unknown one: [N, D]. */
  embedding: Value;
  /** What the picture owes to its capture, if the network measures it: [N, K]. */
  capture?: Value;
}

export interface Network {
  summary: string;
  /** Adds the layers from prepared windows, uint8 [N, H, W, 3], to logits [N, classes] and what else is made of them. */
  build(layers: Layers, image: Value, head: HeadOptions): NetworkOutputs;
}

/** The last layers of most networks: pooled features, dropout, and one dense layer to the logits. */
export function classify(layers: Layers, x: Value, {classes, dropout}: HeadOptions): NetworkOutputs {
  const features = layers.globalAveragePool(x);
  const logits = layers.dense('classifier', layers.dropout('classifier', features, dropout), classes);
  return {features, logits, embedding: features};
}
