/**
 * The interface that networks are written against. A network is one function over the layers; where parameters come from,
 * and what batch normalization and dropout do, depends on the graph that is built: a training step, an evaluation with
 * the weights as inputs, or the finished model with the weights as constants.
 */
import {defined} from '../../common/defined.ts';
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {OPERATORS} from '../operators/index.ts';
import {type Operator, sizes} from '../operators/operator.ts';
import type {PoolAttributes} from '../operators/pooling.ts';
import type {ParameterSpec} from '../parameters.ts';
import {pixelsOf} from './pixels.ts';

export type Activation = 'relu' | 'relu6' | 'silu' | 'none';

export interface ConvolutionOptions {
  filters: number;
  kernel: number;
  stride?: number;
  /** Zero padding in pixels; by default, it keeps the picture's size up to the stride. */
  padding?: number;
  /** Convolves each channel separately; `filters` must equal the number of channels. */
  depthwise?: boolean;
  /** Pixels from one position of the kernel to the next; 1 by default. */
  dilation?: number;
  activation?: Activation;
}

export abstract class Layers {
  constructor(readonly graph: Graph) {}

  /** A learnable parameter with the shape of its specification. */
  protected abstract parameter(spec: ParameterSpec): Value;
  /** Batch normalization with learnable scale and bias. */
  protected abstract batchNorm(name: string, x: Value): Value;
  /** Applies an operator of the table. */
  protected abstract apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value;
  /** Dropout in training, the identity otherwise. */
  abstract dropout(name: string, x: Value, rate: number): Value;

  /** Prepared windows, uint8 [N, H, W, 3], as numbers: float32 [N, 3, H, W]. */
  pixels(image: Value): Value {
    return pixelsOf(this.graph, image);
  }

  /** Convolution, batch normalization and activation of x [N, C, H, W]: to [N, filters, H / stride, W / stride]. */
  convolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const normalized = this.batchNorm(name, this.plainConvolution(name, x, options));
    return this.activation(normalized, options.activation ?? 'relu');
  }

  /** x W + b of x [N, I]: to [N, outputs]. */
  dense(name: string, x: Value, outputs: number): Value {
    const inputs = sizes({...x, shape: x.shape.slice(1)})[0];
    const weight = {
      name: `${name}.weight`,
      shape: [inputs, outputs],
      initial: 'uniform' as const,
      fanIn: inputs,
      decayed: true,
    };
    const bias = {name: `${name}.bias`, shape: [outputs], initial: 0 as const, fanIn: inputs, decayed: false};
    return this.apply(OPERATORS.dense, [x, this.parameter(weight), this.parameter(bias)], undefined);
  }

  /** A 1x1 convolution with a bias and without normalization, for what a network says of each pixel. */
  project(name: string, x: Value, filters: number): Value {
    const inputs = x.shape[1] as number;
    const weight = {
      name: `${name}.weight`,
      shape: [filters, inputs, 1, 1],
      initial: 'uniform' as const,
      fanIn: inputs,
      decayed: true,
    };
    const bias = {name: `${name}.bias`, shape: [filters], initial: 0 as const, fanIn: inputs, decayed: false};
    const values = [x, this.parameter(weight), this.parameter(bias)];
    return this.apply(OPERATORS.convolution, values, {stride: 1, padding: 0, depthwise: false});
  }

  activation(x: Value, activation: Activation): Value {
    return activation === 'none' ? x : this.apply(OPERATORS[activation], [x], undefined);
  }

  /** The sum of a block and its shortcut (He et al. 2016, arXiv:1512.03385). */
  residual(shortcut: Value, block: Value): Value {
    return this.apply(OPERATORS.add, [shortcut, block], undefined);
  }

  /** [N, B B C, H, W] to [N, C, B H, B W]. */
  depthToSpace(x: Value, block: number): Value {
    return this.apply(OPERATORS.depthToSpace, [x], {block});
  }

  maxPool(x: Value, attributes: PoolAttributes): Value {
    return this.apply(OPERATORS.maxPool, [x], attributes);
  }

  /** [N, C, H, W] to [N, C]. */
  globalAveragePool(x: Value): Value {
    return this.apply(OPERATORS.globalAveragePool, [x], undefined);
  }

  protected plainConvolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const {stride = 1, depthwise = false} = options;
    const weight = this.parameter(convolutionWeight(name, x, options));
    const dilation = defined({dilation: options.dilation});
    const attributes = {stride, padding: paddingOf(options), depthwise, ...dilation};
    return this.apply(OPERATORS.convolution, [x, weight], attributes);
  }
}

/** Odd kernels keep the picture's size up to the stride; even ones, which divide it into patches, have no padding. */
export function paddingOf({kernel, padding, dilation = 1}: ConvolutionOptions): number {
  return padding ?? (kernel % 2 === 1 ? (dilation * (kernel - 1)) / 2 : 0);
}

/** The weight of a convolution: [filters, C, K, K], or [filters, 1, K, K] if depthwise. */
export function convolutionWeight(
  name: string,
  x: Value,
  {filters, kernel, depthwise}: ConvolutionOptions,
): ParameterSpec {
  const channels = depthwise ? 1 : (x.shape[1] as number);
  const shape = [filters, channels, kernel, kernel];
  return {name: `${name}.weight`, shape, initial: 'he-normal', fanIn: channels * kernel * kernel, decayed: true};
}

/** The scale and bias of a batch normalization, [C] each. */
export function normParameters(name: string, channels: number): {scale: ParameterSpec; bias: ParameterSpec} {
  const common = {shape: [channels], fanIn: channels, decayed: false};
  return {
    scale: {...common, name: `${name}.scale`, initial: 1},
    bias: {...common, name: `${name}.bias`, initial: 0},
  };
}

/** The names of a batch normalization's running statistics. */
export function normStatistics(name: string): {mean: string; variance: string} {
  return {mean: `${name}.mean`, variance: `${name}.variance`};
}
