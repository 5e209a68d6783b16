import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {normalize} from '../operators/batch-norm.ts';
import type {Operator} from '../operators/operator.ts';
import type {Layout, ParameterSpec} from '../parameters.ts';
import {FlatVector} from './flat-vector.ts';
import {Layers, normParameters, normStatistics} from './layers.ts';

/** Layers for evaluation during training: weights and running statistics are inputs, so one session serves all epochs. */
export class EvaluationLayers extends Layers {
  readonly #parameters: FlatVector;
  readonly #statistics: FlatVector;

  constructor(graph: Graph, parameters: Value, statistics: Value, layout: Layout) {
    super(graph);
    this.#parameters = new FlatVector(graph, parameters, layout.parameters);
    this.#statistics = new FlatVector(graph, statistics, layout.statistics);
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    return this.#parameters.piece(name, shape);
  }

  protected batchNorm(name: string, x: Value): Value {
    const {scale, bias} = normParameters(name, x.shape[1] as number);
    const {mean, variance} = normStatistics(name);
    const [running, spread] = [this.#statistics.piece(mean), this.#statistics.piece(variance)];
    return normalize(this.graph, x, this.parameter(scale), this.parameter(bias), running, spread);
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return operator.forward(this.graph, inputs, attributes).output;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }
}
