/** What every network is: a function over the layers, and the head that all of them share. */
import type {Value} from '../../onnx/graph.ts';
import type {Layers} from '../layers/layers.ts';

export interface HeadOptions {
  classes: number;
  /** The share of features that dropout hides from the classifier. */
  dropout: number;
}

export interface Network {
  summary: string;
  /** Adds the layers from prepared windows, uint8 [N, H, W, 3], to features [N, F] and logits [N, classes]. */
  build(layers: Layers, image: Value, head: HeadOptions): {features: Value; logits: Value};
}

/** The last layers of every network: pooled features, dropout, and one dense layer to the logits. */
export function classify(layers: Layers, x: Value, {classes, dropout}: HeadOptions): {features: Value; logits: Value} {
  const features = layers.globalAveragePool(x);
  return {features, logits: layers.dense('classifier', layers.dropout('classifier', features, dropout), classes)};
}
