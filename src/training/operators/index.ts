/** The table of operators of the networks, each with its forward rule and its gradient rule. */
import {relu, relu6, silu} from './activations.ts';
import {add, multiply} from './arithmetic.ts';
import {batchNorm} from './batch-norm.ts';
import {convolution} from './convolution.ts';
import {dense, dropout} from './dense.ts';
import {depthToSpace} from './depth-to-space.ts';
import {softmaxCrossEntropy} from './loss.ts';
import {binaryCrossEntropy, pseudoHuber} from './pixel-loss.ts';
import {globalAveragePool, maxPool} from './pooling.ts';

export const OPERATORS = {
  add,
  multiply,
  relu,
  relu6,
  silu,
  convolution,
  batchNorm,
  globalAveragePool,
  maxPool,
  dense,
  dropout,
  softmaxCrossEntropy,
  depthToSpace,
  pseudoHuber,
  binaryCrossEntropy,
};
