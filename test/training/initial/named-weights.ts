/** Weights as others publish them: drawn numbers with the names and shapes of PyTorch. */

import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import type {Network} from '../../../src/training/networks/network.ts';
import {initialParameters} from '../../../src/training/parameters.ts';
import {randomNumbers} from '../../helpers/images.ts';

export interface NamedTensor {
  shape: number[];
  data: Float32Array;
}

/** For a size of 64, on which names and shapes do not depend. Means are of -0.2..0.2, variances of 0.5..1.5. */
export function namedWeights(network: Network, labels: number, seed = 3): Map<string, NamedTensor> {
  const layout = layoutOf(network, {width: 64, height: 64}, labels);
  const parameters = initialParameters(layout, seed);
  const random = randomNumbers(seed);
  const tensors = new Map<string, NamedTensor>();
  for (const {name, shape, offset, length, transposed} of layout.parameters) {
    const drawn = parameters.slice(offset, offset + length);
    // Scales of 1 and biases of 0 would hide what is mixed up.
    const data = shape.length === 1 ? drawn.map((value) => value + 0.2 * random() - 0.1) : drawn;
    tensors.set(name, transposed ? {shape: [...shape].reverse(), data: turned(data, shape)} : {shape, data});
  }
  for (const {name, length, initial} of layout.statistics) {
    const spread = initial === 1 ? 1 : 0.4;
    tensors.set(name, {shape: [length], data: Float32Array.from({length}, () => initial + spread * (random() - 0.5))});
  }
  return tensors;
}

function turned(data: Float32Array, [rows, columns]: readonly number[]): Float32Array {
  return Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}
