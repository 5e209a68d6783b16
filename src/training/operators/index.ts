/** The table of operators of the networks, each with its forward rule and its gradient rule. */
import {gelu, hardSigmoid, hardSwish, relu, relu6, sigmoid, silu} from './activations.ts';
import {add, multiply} from './arithmetic.ts';
import {batchNorm, frozenBatchNorm} from './batch-norm.ts';
import {convolution} from './convolution.ts';
import {dense, dropout} from './dense.ts';
import {depthToSpace} from './depth-to-space.ts';
import {layerNorm} from './layer-norm.ts';
import {softmaxCrossEntropy} from './loss.ts';
import {pad} from './pad.ts';
import {binaryCrossEntropy, pseudoHuber} from './pixel-loss.ts';
import {globalAveragePool, maxPool} from './pooling.ts';
import {reshape} from './reshape.ts';

export const OPERATORS = {
  add,
  multiply,
  relu,
  relu6,
  silu,
  sigmoid,
  hardSigmoid,
  hardSwish,
  gelu,
  convolution,
  pad,
  batchNorm,
  frozenBatchNorm,
  layerNorm,
  globalAveragePool,
  maxPool,
  reshape,
  dense,
  dropout,
  softmaxCrossEntropy,
  depthToSpace,
  pseudoHuber,
  binaryCrossEntropy,
};
