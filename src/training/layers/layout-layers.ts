import {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {Network} from '../networks/network.ts';
import type {Operator} from '../operators/operator.ts';
import {type Layout, type ParameterSpec, placeParameters, type StatisticSpec} from '../parameters.ts';
import {type BatchNorm, Layers} from './layers.ts';

/** Builds a network once to collect its parameters and statistics. */
export function layoutOf(network: Network, {height, width}: {height: number; width: number}, classes: number): Layout {
  return layoutBy((layers) => {
    const image = layers.graph.input('image', 'uint8', ['N', height, width, 3]);
    network.build(layers, image, {classes, dropout: 0});
  });
}

/** The same where only names, groups, and shapes apart from the classifier matter, which do not depend on the number of labels. */
export function layoutOfAnyLabels(network: Network, size: {height: number; width: number}): Layout {
  return layoutOf(network, size, 2);
}

/** The same for anything that is built of layers. */
export function layoutBy(build: (layers: Layers) => void): Layout {
  const layers = new LayoutLayers(new Graph());
  build(layers);
  return placeParameters(layers.parameters, layers.statistics);
}

class LayoutLayers extends Layers {
  readonly parameters: ParameterSpec[] = [];
  readonly statistics: StatisticSpec[] = [];

  protected parameter(spec: ParameterSpec): Value {
    this.parameters.push(spec);
    return this.graph.input(spec.name, 'float32', spec.shape);
  }

  protected batchNorm({scale, bias, mean, variance, epsilon}: BatchNorm, x: Value): Value {
    const length = x.shape[1] as number;
    this.parameters.push(scale, bias);
    this.statistics.push({name: mean, length, initial: 0}, {name: variance, length, initial: 1, epsilon});
    return x;
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return operator.forward(this.graph, inputs, attributes).output;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }
}
