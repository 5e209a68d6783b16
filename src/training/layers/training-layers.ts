import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {Tape} from '../graphs/tape.ts';
import {OPERATORS} from '../operators/index.ts';
import {type Operator, sizes} from '../operators/operator.ts';
import type {Layout, ParameterSpec} from '../parameters.ts';
import {FlatVector} from './flat-vector.ts';
import {Layers, normParameters, normStatistics} from './layers.ts';

/** Layers of a training step: everything is recorded on the tape, and batch normalization uses batch statistics. */
export class TrainingLayers extends Layers {
  /** The parameters used, by name; gradients are computed for these. */
  readonly parameters = new Map<string, Value>();
  /** The batch's means and unbiased variances, by the name of the running statistic. */
  readonly batchStatistics = new Map<string, Value>();
  /** Inputs of uniform noise in [0, 1) that dropout needs. */
  readonly noise: Value[] = [];
  readonly #vector: FlatVector;

  readonly #tape: Tape;

  constructor(tape: Tape, parameters: Value, layout: Layout) {
    super(tape.graph);
    this.#tape = tape;
    this.#vector = new FlatVector(tape.graph, parameters, layout.parameters);
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    const value = this.#vector.piece(name, shape);
    this.parameters.set(name, value);
    return value;
  }

  protected batchNorm(name: string, x: Value): Value {
    const [batch, channels, height, width] = sizes(x);
    const {scale, bias} = normParameters(name, channels);
    const inputs = [x, this.parameter(scale), this.parameter(bias)];
    const {output, saved} = this.#tape.apply(OPERATORS.batchNorm, inputs, undefined);
    const names = normStatistics(name);
    this.batchStatistics.set(names.mean, saved[0]);
    this.batchStatistics.set(names.variance, unbiased(this.graph, saved[1], batch * height * width));
    return output;
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return this.#tape.apply(operator, inputs, attributes).output;
  }

  dropout(name: string, x: Value, rate: number): Value {
    if (rate === 0) return x;
    const noise = this.graph.input(`noise.${name}`, 'float32', x.shape);
    this.noise.push(noise);
    return this.apply(OPERATORS.dropout, [x, noise], {rate});
  }
}

/** Bessel's correction: running variances are unbiased, as in PyTorch. */
function unbiased(graph: Graph, variance: Value, count: number): Value {
  return graph.node('Mul', [variance, graph.scalar(count / (count - 1))]);
}
