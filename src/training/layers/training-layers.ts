import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {Tape} from '../graphs/tape.ts';
import {OPERATORS} from '../operators/index.ts';
import {type Operator, sizes} from '../operators/operator.ts';
import type {Layout, ParameterSpec} from '../parameters.ts';
import {WeightStore} from '../weights.ts';
import {FlatVector} from './flat-vector.ts';
import {type BatchNorm, Layers} from './layers.ts';

export interface TrainingLayersOptions {
  /** What learns: its parameters, and the running statistics of its normalizations. */
  layout: Layout;
  /** The state before the step: vectors of the layout. */
  parameters: Value;
  statistics: Value | undefined;
  /** Values of what does not learn. */
  frozen?: WeightStore;
  /** Whether batch normalization uses the running statistics, which then stay as they are, in place of the batch's. */
  freezeStatistics?: boolean;
}

/** Layers of a training step: everything is recorded on the tape, and batch normalization uses batch statistics. */
export class TrainingLayers extends Layers {
  /** The parameters used, by name; gradients are computed for these. */
  readonly parameters = new Map<string, Value>();
  /** The batch's means and unbiased variances, by the name of the running statistic. */
  readonly batchStatistics = new Map<string, Value>();
  /** Inputs of uniform noise in [0, 1) that dropout needs. */
  readonly noise: Value[] = [];
  readonly #vector: FlatVector;
  readonly #statistics: FlatVector | undefined;
  readonly #frozen: WeightStore;
  readonly #freezeStatistics: boolean;

  readonly #tape: Tape;

  constructor(tape: Tape, options: TrainingLayersOptions) {
    super(tape.graph);
    const {layout, parameters, statistics, frozen = new WeightStore(), freezeStatistics = false} = options;
    this.#tape = tape;
    this.#vector = new FlatVector(tape.graph, parameters, layout.parameters);
    this.#statistics = statistics && new FlatVector(tape.graph, statistics, layout.statistics);
    this.#frozen = frozen;
    this.#freezeStatistics = freezeStatistics;
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    if (this.#frozen.has(name)) return this.graph.constant(this.#frozen.get(name), shape);
    const value = this.#vector.piece(name, shape);
    this.parameters.set(name, value);
    return value;
  }

  protected batchNorm(norm: BatchNorm, x: Value): Value {
    const {epsilon} = norm;
    const inputs = [x, this.parameter(norm.scale), this.parameter(norm.bias)];
    const measured = this.#measured(norm);
    if (measured) return this.apply(OPERATORS.frozenBatchNorm, [...inputs, ...measured], {epsilon});
    const [batch, , height, width] = sizes(x);
    const {output, saved} = this.#tape.apply(OPERATORS.batchNorm, inputs, {epsilon});
    this.batchStatistics.set(norm.mean, saved[0]);
    this.batchStatistics.set(norm.variance, unbiased(this.graph, saved[1], batch * height * width));
    return output;
  }

  /** Mean and variance that stay as they are; undefined if the batch's apply. */
  #measured({mean, variance}: BatchNorm): Value[] | undefined {
    if (this.#frozen.has(mean)) return [mean, variance].map((name) => this.graph.constant(this.#frozen.get(name)));
    return this.#freezeStatistics ? [mean, variance].map((name) => this.#statistics!.piece(name)) : undefined;
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
