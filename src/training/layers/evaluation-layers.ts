import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {normalize} from '../operators/batch-norm.ts';
import type {Operator} from '../operators/operator.ts';
import type {Layout, ParameterSpec} from '../parameters.ts';
import type {WeightStore} from '../weights.ts';
import {FlatVector} from './flat-vector.ts';
import {type BatchNorm, Layers} from './layers.ts';

export interface EvaluationLayersOptions {
  layout: Layout;
  /** Vectors of the layout. */
  parameters: Value;
  statistics: Value | undefined;
  /** Values of what does not learn. */
  frozen: WeightStore;
}

/** Layers for evaluation during training: weights and running statistics are inputs, so one session serves all epochs. */
export class EvaluationLayers extends Layers {
  readonly #parameters: FlatVector;
  readonly #statistics: FlatVector | undefined;
  readonly #frozen: WeightStore;

  constructor(graph: Graph, {layout, parameters, statistics, frozen}: EvaluationLayersOptions) {
    super(graph);
    this.#parameters = new FlatVector(graph, parameters, layout.parameters);
    this.#statistics = statistics && new FlatVector(graph, statistics, layout.statistics);
    this.#frozen = frozen;
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    if (this.#frozen.has(name)) return this.graph.constant(this.#frozen.get(name), shape);
    return this.#parameters.piece(name, shape);
  }

  protected batchNorm({scale, bias, mean, variance, epsilon}: BatchNorm, x: Value): Value {
    return normalize(this.graph, x, {
      scale: this.parameter(scale),
      bias: this.parameter(bias),
      mean: this.#statistic(mean),
      variance: this.#statistic(variance),
      epsilon,
    });
  }

  #statistic(name: string): Value {
    if (this.#frozen.has(name)) return this.graph.constant(this.#frozen.get(name));
    return this.#statistics!.piece(name);
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return operator.forward(this.graph, inputs, attributes).output;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }
}
