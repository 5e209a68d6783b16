import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {Operator} from '../operators/operator.ts';
import type {ParameterSpec} from '../parameters.ts';
import {WeightStore, type Weights} from '../weights.ts';
import {batchNormOf, type ConvolutionOptions, convolutionWeight, Layers, paddingOf, samePadding} from './layers.ts';

/**
 * Layers of the finished model: weights are constants with the names of the parameters, and batch normalization is folded into
 * the convolutions.
 */
export class ExportLayers extends Layers {
  readonly #weights: WeightStore;

  constructor(graph: Graph, ...weights: readonly Weights[]) {
    super(graph);
    this.#weights = new WeightStore(...weights);
  }

  /**
   * With a = scale / sqrt(variance + eps), a normalized convolution is a convolution with a W plus bias - a mean, channel
   * by channel.
   */
  override convolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const {filters, stride = 1, depthwise = false, dilation = 1, activation = 'relu'} = options;
    const spec = convolutionWeight(name, x, options);
    const weight = this.#weights.get(spec.name);
    const {scale, bias, mean, variance, epsilon} = batchNormOf(name, options);
    const [gains, biases, means, variances] = [scale.name, bias.name, mean, variance].map((each) =>
      this.#weights.get(each),
    );
    const gain = gains.map((value, channel) => value / Math.sqrt(variances[channel] + epsilon));
    const perFilter = weight.length / filters;
    const foldedWeight = weight.map((value, i) => value * gain[Math.floor(i / perFilter)]);
    const foldedBias = biases.map((value, channel) => value - gain[channel] * means[channel]);
    const inputs = [
      x,
      this.graph.named(spec.name, foldedWeight, spec.shape),
      this.graph.named(bias.name, foldedBias, [filters]),
    ];
    const convolved = this.graph.node('Conv', inputs, {
      strides: [stride, stride],
      pads: padsOf(x, options),
      group: depthwise ? filters : 1,
      ...(dilation > 1 ? {dilations: [dilation, dilation]} : {}),
    });
    return this.activation(convolved, activation);
  }

  protected parameter({name, shape}: ParameterSpec): Value {
    return this.graph.named(name, this.#weights.get(name), shape);
  }

  protected batchNorm({scale}: {scale: ParameterSpec}): Value {
    throw new RangeError(`${scale.name}: batch normalization must follow a convolution`);
  }

  protected apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value {
    return operator.forward(this.graph, inputs, attributes).output;
  }

  dropout(_name: string, x: Value): Value {
    return x;
  }
}

/** Top, left, bottom and right. */
function padsOf(x: Value, options: ConvolutionOptions): number[] {
  if (options.padding !== 'same') return Array.from({length: 4}, () => paddingOf(options));
  const {top, left, bottom, right} = samePadding(x, options);
  return [top, left, bottom, right];
}
