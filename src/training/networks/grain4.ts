import {CAPTURE} from '../../model/capture-numbers.ts';
import type {Value} from '../../onnx/types.ts';
import {channelStatistics} from '../layers/channel-statistics.ts';
import {normalizeGrain} from '../layers/normalized-grain.ts';
import {concatenate} from '../operators/concatenate.ts';
import {columnsOf} from '../operators/operator.ts';
import type {Network} from './network.ts';

/** Kernel, stride and filters of each convolution; the padding keeps the picture's size up to the stride. */
const CONVOLUTIONS = [
  {kernel: 6, stride: 4, padding: 2, filters: 32},
  {kernel: 3, stride: 2, filters: 48},
  {kernel: 3, stride: 2, filters: 72},
  {kernel: 3, stride: 2, filters: 104},
];
const CAPTURE_UNITS = 64;
const JOINT_UNITS = 128;
const ASPECT = CAPTURE.findIndex(({name}) => name === 'log aspect ratio');

/**
 * Four convolutions over a grain without light and color, plus the numbers of `CAPTURE`, which describe what was removed and
 * how the picture was taken. A small joint layer combines both, and can learn to ignore these numbers if they look like
 * those of another camera.
 */
export const grain4: Network = {
  summary: 'conv4 over the grain without light and color, which are separate inputs; 139,922 parameters: robust',
  build(layers, image, {classes, dropout}) {
    const {pixels, capture, outline} = normalizeGrain(layers.graph, image);
    const blocks: Value[] = [];
    CONVOLUTIONS.forEach((options, i) => {
      blocks.push(layers.convolution(`conv${i + 1}`, blocks[i - 1] ?? pixels, options));
    });
    const features = layers.dropout('classifier', layers.globalAveragePool(blocks[blocks.length - 1]), dropout);
    const seen = layers.activation(layers.dense('capture', capture, CAPTURE_UNITS), 'relu');
    const joint = layers.residual(
      layers.dense('joint.features', features, JOINT_UNITS),
      layers.dense('joint.capture', seen, JOINT_UNITS),
    );
    const classified = layers.dense('classifier', features, classes);
    const combined = layers.activation(joint, 'relu');
    const logits = layers.residual(classified, layers.dense('joint', combined, classes));
    // Later blocks keep only what distinguishes the varieties; the first one still sees features that no variety has.
    const embedding = concatenate(layers.graph, [...channelStatistics(layers.graph, blocks[0]), outline, capture], 1);
    const aspect = columnsOf(layers.graph, capture, ASPECT, ASPECT + 1);
    return {
      features,
      logits,
      embedding,
      capture,
      outline: concatenate(layers.graph, [outline, aspect], 1),
      taught: {vectors: [combined, embedding], maps: blocks.slice(1)},
    };
  },
};
