/**
 * The interface that networks are written against. A network is one function over the layers; where parameters come from,
 * and what batch normalization and dropout do, depends on the graph that is built: a training step, an evaluation with
 * the weights as inputs, or the finished model with the weights as constants.
 */
import {defined} from '../../common/defined.ts';
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {BATCH_NORM_EPSILON} from '../operators/batch-norm.ts';
import {OPERATORS} from '../operators/index.ts';
import {type Operator, sizes} from '../operators/operator.ts';
import type {PadAttributes} from '../operators/pad.ts';
import type {PoolAttributes} from '../operators/pooling.ts';
import type {ParameterSpec} from '../parameters.ts';
import {normalizedPixelsOf, type PixelNormalization, pixelsOf} from './pixels.ts';

export type Activation = 'relu' | 'relu6' | 'silu' | 'hardSwish' | 'gelu' | 'none';

export interface ConvolutionOptions {
  filters: number;
  kernel: number;
  stride?: number;
  /**
   * Zero padding in pixels; by default, it keeps the picture's size up to the stride. `same` is that of TensorFlow, which puts
   * the odd pixel behind the picture.
   */
  padding?: number | 'same';
  /** Convolves each channel separately; `filters` must equal the number of channels. */
  depthwise?: boolean;
  /** Pixels from one position of the kernel to the next; 1 by default. */
  dilation?: number;
  activation?: Activation;
  /** The batch normalization, where the layer's own name does not name it too. */
  norm?: NormOptions;
}

export interface NormOptions {
  /** Prefix of the names of its parameters and statistics, which are then those of PyTorch. */
  name: string;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
}

/** A batch normalization over C channels: its parameters [C], and the names of its running statistics. */
export interface BatchNorm {
  scale: ParameterSpec;
  bias: ParameterSpec;
  mean: string;
  variance: string;
  epsilon: number;
}

export abstract class Layers {
  constructor(readonly graph: Graph) {}

  /** A learnable parameter with the shape of its specification. */
  protected abstract parameter(spec: ParameterSpec): Value;
  /** Batch normalization with learnable scale and bias. */
  protected abstract batchNorm(norm: BatchNorm, x: Value): Value;
  /** Applies an operator of the table. */
  protected abstract apply<Attributes>(operator: Operator<Attributes>, inputs: Value[], attributes: Attributes): Value;
  /** Dropout in training, the identity otherwise. */
  abstract dropout(name: string, x: Value, rate: number): Value;

  /** Prepared windows, uint8 [N, H, W, 3], as numbers: float32 [N, 3, H, W]. */
  pixels(image: Value): Value {
    return pixelsOf(this.graph, image);
  }

  /** The same in units of what a network was trained with: float32 [N, 3, H, W]. */
  normalizedPixels(image: Value, normalization: PixelNormalization): Value {
    return normalizedPixelsOf(this.graph, image, normalization);
  }

  /** Convolution, batch normalization and activation of x [N, C, H, W]: to [N, filters, H / stride, W / stride]. */
  convolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const norm = batchNormOf(name, options);
    const normalized = this.batchNorm(norm, this.unnormalizedConvolution(name, x, options));
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
      transposed: true as const,
    };
    return this.apply(OPERATORS.dense, [x, this.parameter(weight), this.#bias(name, outputs, inputs)], undefined);
  }

  /** A 1x1 convolution with a bias and without normalization, for what a network says of each pixel. */
  project(name: string, x: Value, filters: number): Value {
    return this.biasedConvolution(name, x, {filters, kernel: 1});
  }

  /** A convolution of x [N, C, H, W] with a bias and without normalization: to [N, filters, H / stride, W / stride]. */
  biasedConvolution(name: string, x: Value, options: Omit<ConvolutionOptions, 'norm' | 'activation'>): Value {
    const weight = {...convolutionWeight(name, x, options), initial: 'uniform' as const};
    const bias = this.#bias(name, options.filters, weight.fanIn);
    const values = [x, this.parameter(weight), bias];
    return this.apply(OPERATORS.convolution, values, convolutionAttributes(options));
  }

  /** Layer normalization of x [N, C] or [N, C, H, W] over its channels, with the names of PyTorch. */
  layerNorm(name: string, x: Value, epsilon: number): Value {
    const common = {shape: [x.shape[1] as number], fanIn: 1, decayed: false};
    const scale = this.parameter({...common, name: `${name}.weight`, initial: 1});
    const bias = this.parameter({...common, name: `${name}.bias`, initial: 0});
    return this.apply(OPERATORS.layerNorm, [x, scale, bias], {epsilon});
  }

  /** Each channel of x [N, C, H, W] times a learnable number (layer scale, Touvron et al. 2021, arXiv:2103.17239). */
  layerScale(name: string, x: Value, initial: number): Value {
    const channels = x.shape[1] as number;
    const scale = this.parameter({name, shape: [channels], initial: {constant: initial}, fanIn: 1, decayed: false});
    const column = this.apply(OPERATORS.reshape, [scale], {shape: [channels, 1, 1]});
    return this.apply(OPERATORS.multiply, [x, column], undefined);
  }

  /**
   * Squeeze and excitation of x [N, C, H, W] (Hu et al. 2018, arXiv:1709.01507): each channel times a gate that is computed of
   * the means of all channels.
   */
  squeezeExcite(name: string, x: Value, {reduced, activation, gate}: SqueezeExciteOptions): Value {
    const channels = x.shape[1] as number;
    const means = this.apply(OPERATORS.reshape, [this.globalAveragePool(x)], {shape: [0, channels, 1, 1]});
    const few = this.biasedConvolution(`${name}.conv_reduce`, means, {filters: reduced, kernel: 1});
    const many = {filters: channels, kernel: 1};
    const gates = this.biasedConvolution(`${name}.conv_expand`, this.activation(few, activation), many);
    return this.apply(OPERATORS.multiply, [x, this.apply(OPERATORS[gate], [gates], undefined)], undefined);
  }

  /** [N, C, 1, 1] of [N, C]. */
  asPicture(x: Value): Value {
    return this.apply(OPERATORS.reshape, [x], {shape: [0, x.shape[1] as number, 1, 1]});
  }

  /** [N, C] of [N, C, 1, 1]. */
  asVector(x: Value): Value {
    return this.apply(OPERATORS.reshape, [x], {shape: [0, x.shape[1] as number]});
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

  protected unnormalizedConvolution(name: string, x: Value, options: ConvolutionOptions): Value {
    const weight = this.parameter(convolutionWeight(name, x, options));
    const border = options.padding === 'same' ? samePadding(x, options) : undefined;
    const padded = border && isUneven(border) ? this.apply(OPERATORS.pad, [x], border) : x;
    const padding = border ? (padded === x ? border.top : 0) : paddingOf(options);
    return this.apply(OPERATORS.convolution, [padded, weight], {...convolutionAttributes(options), padding});
  }

  #bias(name: string, length: number, fanIn: number): Value {
    return this.parameter({name: `${name}.bias`, shape: [length], initial: 0, fanIn, decayed: false});
  }
}

export interface SqueezeExciteOptions {
  /** Number of channels to which the means are reduced. */
  reduced: number;
  /** Of the reduced channels. */
  activation: Activation;
  gate: 'sigmoid' | 'hardSigmoid';
}

function convolutionAttributes(options: ConvolutionOptions) {
  const {stride = 1, depthwise = false, dilation} = options;
  return {stride, padding: paddingOf(options), depthwise, ...defined({dilation})};
}

/** Odd kernels keep the picture's size up to the stride; even ones, which divide it into patches, have no padding. */
export function paddingOf({kernel, padding, dilation = 1}: ConvolutionOptions): number {
  if (typeof padding === 'number') return padding;
  return kernel % 2 === 1 ? (dilation * (kernel - 1)) / 2 : 0;
}

/** TensorFlow's SAME padding of x [N, C, H, W]: so much that ceil(size / stride) pixels come out, the smaller half before. */
export function samePadding(x: Value, {kernel, stride = 1}: ConvolutionOptions): PadAttributes {
  const [height, width] = sizes({...x, shape: x.shape.slice(2)});
  const total = (size: number) => Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  const [top, left] = [total(height) >> 1, total(width) >> 1];
  return {top, left, bottom: total(height) - top, right: total(width) - left};
}

function isUneven({top, left, bottom, right}: PadAttributes): boolean {
  return top !== bottom || left !== right || top !== left;
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

/** The batch normalization of a convolution. */
export function batchNormOf(name: string, {filters, norm}: ConvolutionOptions): BatchNorm {
  const [prefix, names] = norm ? [norm.name, PYTORCH_NAMES] : [name, OWN_NAMES];
  const common = {shape: [filters], fanIn: filters, decayed: false};
  return {
    scale: {...common, name: `${prefix}.${names.scale}`, initial: 1},
    bias: {...common, name: `${prefix}.bias`, initial: 0},
    mean: `${prefix}.${names.mean}`,
    variance: `${prefix}.${names.variance}`,
    epsilon: norm?.epsilon ?? BATCH_NORM_EPSILON,
  };
}

const OWN_NAMES = {scale: 'scale', mean: 'mean', variance: 'variance'};
const PYTORCH_NAMES = {scale: 'weight', mean: 'running_mean', variance: 'running_var'};
