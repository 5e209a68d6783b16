import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import {classify, type Network} from './network.ts';

const STAGES = [64, 128, 256, 512];
const BLOCKS_PER_STAGE = 2;

/** ResNet-18 (He et al. 2016, arXiv:1512.03385): 11.2 million parameters, for a GPU. */
export const resnet18: Network = {
  summary: 'ResNet-18, 11.2 million parameters: for a GPU',
  build(layers, image, head) {
    const stem = layers.convolution('stem', layers.pixels(image), {filters: 64, kernel: 7, stride: 2});
    let x = layers.maxPool(stem, {kernel: 3, stride: 2, padding: 1});
    STAGES.forEach((filters, stage) => {
      for (let block = 0; block < BLOCKS_PER_STAGE; block++) {
        const stride = stage > 0 && block === 0 ? 2 : 1;
        x = basicBlock(layers, `stage${stage + 1}.block${block + 1}`, x, filters, stride);
      }
    });
    return classify(layers, x, head);
  },
};

/** Two 3x3 convolutions with a shortcut, which is a 1x1 convolution if the shape changes. */
function basicBlock(layers: Layers, name: string, x: Value, filters: number, stride: number): Value {
  const first = layers.convolution(`${name}.conv1`, x, {filters, kernel: 3, stride});
  const second = layers.convolution(`${name}.conv2`, first, {filters, kernel: 3, activation: 'none'});
  const changed = stride !== 1 || x.shape[1] !== filters;
  const shortcut = changed
    ? layers.convolution(`${name}.shortcut`, x, {filters, kernel: 1, stride, activation: 'none'})
    : x;
  return layers.activation(layers.residual(shortcut, second), 'relu');
}
