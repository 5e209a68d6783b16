import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';

/** A network that says something of each pixel of a picture of any size. */
export interface PixelNetwork {
  name: string;
  /** Channels of its input float32 [N, inputs, H, W] and its output float32 [N, outputs, H / stride, W / stride]. */
  inputs: number;
  outputs: number;
  stride: number;
  build(layers: Layers, input: Value): Value;
}
