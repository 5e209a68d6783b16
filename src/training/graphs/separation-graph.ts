import type {Graph} from '../../onnx/graph.ts';
import type {PixelNetwork} from '../networks/pixel-network.ts';
import {FIELD_STRIDE, FIELDS, INPUT_CHANNELS, separationFields} from '../networks/separation.ts';
import type {Layout} from '../parameters.ts';
import {buildPixelGraph, buildPixelStep, type PixelStepOptions, pixelLayout} from './pixel-graph.ts';

export type {PixelStepOptions as SeparationStepOptions} from './pixel-graph.ts';

/** The network that separates grains. */
export const SEPARATION: PixelNetwork = {
  name: 'separation',
  inputs: INPUT_CHANNELS,
  outputs: FIELDS.length,
  stride: FIELD_STRIDE,
  build: separationFields,
};

/** The parameters and statistics of the network that separates grains. */
export function separationLayout(): Layout {
  return pixelLayout(SEPARATION);
}

/** One training step of the network that separates grains; see `buildPixelStep`. */
export function buildSeparationStep(options: PixelStepOptions) {
  return buildPixelStep(SEPARATION, options);
}

/** The finished network, weights included, for any number of crops of any size: `input` to `fields`. */
export function buildSeparationGraph(layout: Layout, parameters: Float32Array, statistics: Float32Array): Graph {
  return buildPixelGraph(SEPARATION, layout, parameters, statistics, 'fields');
}
