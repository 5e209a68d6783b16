import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {BATCH_NORM_EPSILON} from '../operators/batch-norm.ts';
import type {Operator} from '../operators/operator.ts';
import type {Layout, ParameterSpec, Placed} from '../parameters.ts';
import {
  type ConvolutionOptions,
  convolutionWeight,
  Layers,
  normParameters,
  normStatistics,
  paddingOf,
} from './layers.ts';

/** Layers of the finished model: weights are constants, and batch normalization is folded into the convolutions. */
export class ExportLayers extends Layers {
  readonly #parameters: Float32Array;
  readonly #statistics: Float32Array;
  readonly #layout: Layout;

  constructor(graph: Graph, parameters: Float32Array, statistics: Float32Array, layout: Layout) {
    super(graph);
    this.#parameters = parameters;
    this.#statistics = statistics;
    this.#layout = layout;
  }

  /**
   * With a = scale / sqrt(variance + eps), a normalized convolution is a convolution with a W plus bias - a mean, channel
   * by channel.
   */
  override convolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const {filters, stride = 1, depthwise = false, dilation = 1, activation = 'relu'} = options;
    const spec = convolutionWeight(name, x, options);
    const weight = this.#values(spec.name);
    const {scale, bias} = normParameters(name, filters);
    const {mean, variance} = normStatistics(name);
    const [gains, biases] = [this.#values(scale.name), this.#values(bias.name)];
    const [means, variances] = [this.#statistic(mean), this.#statistic(variance)];
    const gain = gains.map((value, channel) => value / Math.sqrt(variances[channel] + BATCH_NORM_EPSILON));
    const perFilter = weight.length / filters;
    const foldedWeight = weight.map((value, i) => value * gain[Math.floor(i / perFilter)]);
    const foldedBias = biases.map((value, channel) => value - gain[channel] * means[channel]);
    const padding = paddingOf(options);
    const inputs = [x, this.graph.constant(foldedWeight, spec.shape), this.graph.constant(foldedBias)];
    const convolved = this.graph.node('Conv', inputs, {
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      group: depthwise ? filters : 1,
      ...(dilation > 1 ? {dilations: [dilation, dilation]} : {}),
    });
    return this.activation(convolved, activation);
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    return this.graph.constant(this.#values(name), shape);
  }

  protected batchNorm(name: string): Value {
    throw new RangeError(`${name}: batch normalization must follow a convolution`);
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return operator.forward(this.graph, inputs, attributes).output;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }

  #values(name: string): Float32Array {
    return sliceOf(this.#parameters, this.#layout.parameters, name);
  }

  #statistic(name: string): Float32Array {
    return sliceOf(this.#statistics, this.#layout.statistics, name);
  }
}

function sliceOf(vector: Float32Array, placed: (Placed & {name: string})[], name: string): Float32Array {
  const {offset, length} = placed.find((each) => each.name === name)!;
  return vector.slice(offset, offset + length);
}
