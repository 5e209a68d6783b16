/** MobileNetV3 (Howard et al. 2019, arXiv:1905.02244) as in timm. */
import {type InvertedResidualOptions, invertedResiduals, type Stage} from './inverted-residual.ts';

const stage = (
  repeats: number,
  kernel: number,
  stride: number,
  expand: number,
  filters: number,
  rest: Partial<Stage> = {},
): Stage => ({repeats, kernel, stride, expand, filters, ...rest});
const RELU = {activation: 'relu'} as const;
const SE = {squeeze: true};

const common = (last: number, features: number): Omit<InvertedResidualOptions, 'summary' | 'stages'> => ({
  stem: 16,
  activation: 'hardSwish',
  squeeze: {activation: 'relu', gate: 'hardSigmoid'},
  head(layers, x, {of}) {
    const number = last === 576 ? 5 : 6;
    const wide = layers.convolution(
      `blocks.${number}.0.conv`,
      x,
      of(`blocks.${number}.0.bn1`, {filters: last, kernel: 1}),
    );
    const means = layers.asPicture(layers.globalAveragePool(wide));
    const joined = layers.biasedConvolution('conv_head', means, {filters: features, kernel: 1});
    return layers.asVector(layers.activation(joined, 'hardSwish'));
  },
});

export const mobilenetv3Small = invertedResiduals({
  ...common(576, 1024),
  summary: 'MobileNetV3-Small, 1.5 million parameters: for small devices',
  stages: [
    [stage(1, 3, 2, 1, 16, {...SE, ...RELU})],
    [stage(1, 3, 2, 4.5, 24, RELU), stage(1, 3, 1, 3.67, 24, RELU)],
    [stage(1, 5, 2, 4, 40, SE), stage(2, 5, 1, 6, 40, SE)],
    [stage(2, 5, 1, 3, 48, SE)],
    [stage(3, 5, 2, 6, 96, SE)],
  ],
});

export const mobilenetv3Large = invertedResiduals({
  ...common(960, 1280),
  summary: 'MobileNetV3-Large, 4.2 million parameters',
  stages: [
    [stage(1, 3, 1, 1, 16, RELU)],
    [stage(1, 3, 2, 4, 24, RELU), stage(1, 3, 1, 3, 24, RELU)],
    [stage(3, 5, 2, 3, 40, {...SE, ...RELU})],
    [stage(1, 3, 2, 6, 80), stage(1, 3, 1, 2.5, 80), stage(2, 3, 1, 2.3, 80)],
    [stage(2, 3, 1, 6, 112, SE)],
    [stage(3, 5, 2, 6, 160, SE)],
  ],
});
