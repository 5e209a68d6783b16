import {expect} from 'chai';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../src/training/networks/index.ts';
import {initialParameters, initialStatistics, placeParameters} from '../../src/training/parameters.ts';

const LABELS = 5;

describe('training: parameters', () => {
  const layouts = new Map(
    (Object.keys(NETWORKS) as NetworkName[]).map((name) => [
      name,
      layoutOf(NETWORKS[name], {height: 64, width: 64}, LABELS),
    ]),
  );

  it('has the documented number of parameters for each network', () => {
    // By hand: C O K^2 for each convolution and 2 O for its normalization; F * 5 + 5 for the classifier.
    const convolution = (from: number, to: number, kernel: number) => from * to * kernel ** 2 + 2 * to;
    const conv4 = [12, 32, 48, 64].reduce(
      (sum, from, i) => sum + convolution(from, [32, 48, 64, 88][i], 3),
      88 * 5 + 5,
    );
    expect(conv4).to.equal(96_525);
    expect(layouts.get('conv4')!.parameterCount).to.equal(conv4);
    const separable = ([from, to]: number[]) => convolution(1, from, 3) + convolution(from, to, 1);
    const mobilenet = [
      [16, 32],
      [32, 48],
      [48, 64],
      [64, 96],
      [96, 128],
    ].reduce((sum, block) => sum + separable(block), convolution(3, 16, 3) + 128 * 5 + 5);
    expect(layouts.get('mobilenet')!.parameterCount).to.equal(mobilenet);
    // torchvision's resnet18 has 11,689,512 parameters with 1,000 labels of 512 + 1 numbers each.
    expect(layouts.get('resnet18')!.parameterCount).to.equal(11_689_512 - 995 * 513);
    // timm 1.0.31 with 5 labels.
    const timm = {
      resnet50: 23_518_277,
      mobilenetv3_small: 1_522_981,
      mobilenetv3_large: 4_208_437,
      efficientnet_lite0: 3_377_413,
      efficientnet_b0: 4_013_953,
      convnext_atto: 3_376_125,
    };
    for (const [name, count] of Object.entries(timm))
      expect(layouts.get(name as NetworkName)!.parameterCount, name).to.equal(count);
  });

  it('gives the number of parameters in the summary of conv4', () => {
    expect(NETWORKS.conv4.summary).to.include(layouts.get('conv4')!.parameterCount.toLocaleString('en'));
  });

  it('has the same number of parameters for any picture size', () => {
    for (const [name, layout] of layouts)
      expect(layoutOf(NETWORKS[name], {height: 56, width: 120}, LABELS)).to.deep.equal(layout);
  });

  it('places all parameters without gaps, decayed ones first', () => {
    for (const {parameters, statistics, parameterCount, decayedCount, statisticCount} of layouts.values()) {
      const decayed = parameters.filter((spec) => spec.decayed);
      expect(parameters.slice(0, decayed.length)).to.deep.equal(decayed);
      expect(decayed.every(({name, shape}) => name.endsWith('.weight') && shape.length > 1)).to.equal(true);
      expect(parameters.filter((spec) => !spec.decayed).every(({shape}) => shape.length === 1)).to.equal(true);
      let offset = 0;
      for (const spec of parameters) {
        expect(spec.offset).to.equal(offset);
        expect(spec.length).to.equal(spec.shape.reduce((product, size) => product * size, 1));
        offset += spec.length;
        if (spec === decayed.at(-1)) expect(decayedCount).to.equal(offset);
      }
      expect(parameterCount).to.equal(offset);
      expect(statisticCount).to.equal(statistics.reduce((sum, {length}) => sum + length, 0));
      expect(new Set(parameters.map(({name}) => name)).size).to.equal(parameters.length);
    }
  });

  it('draws weights before a rectifier with the standard deviation sqrt(2 / fan-in)', () => {
    const layout = layouts.get('conv4')!;
    const values = initialParameters(layout, 1);
    for (const {offset, length} of layout.parameters.filter(({initial}) => initial === 'he-normal')) {
      const piece = values.subarray(offset, offset + length);
      const fanIn = layout.parameters
        .find((spec) => spec.offset === offset)!
        .shape.slice(1)
        .reduce((a, b) => a * b);
      const mean = piece.reduce((sum, value) => sum + value, 0) / length;
      const deviation = Math.sqrt(piece.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
      expect(Math.abs(mean)).to.be.below(4 * Math.sqrt(2 / fanIn / length));
      expect(deviation / Math.sqrt(2 / fanIn)).to.be.closeTo(1, 4 / Math.sqrt(2 * length));
    }
  });

  it('draws the classifier uniformly, and initializes normalizations as the identity', () => {
    const layout = layouts.get('conv4')!;
    const values = initialParameters(layout, 1);
    const piece = (name: string) => {
      const {offset, length} = layout.parameters.find((spec) => spec.name === name)!;
      return [...values.subarray(offset, offset + length)];
    };
    const weight = piece('classifier.weight');
    const bound = 1 / Math.sqrt(88);
    expect(Math.max(...weight)).to.be.within(0.97 * bound, bound);
    expect(Math.min(...weight)).to.be.within(-bound, -0.97 * bound);
    expect(new Set(piece('classifier.bias'))).to.deep.equal(new Set([0]));
    expect(new Set(piece('conv1.scale'))).to.deep.equal(new Set([1]));
    expect(new Set(piece('conv1.bias'))).to.deep.equal(new Set([0]));
    const statistics = initialStatistics(layout);
    for (const {name, offset, length} of layout.statistics)
      expect(new Set(statistics.subarray(offset, offset + length))).to.deep.equal(
        new Set([name.endsWith('.variance') ? 1 : 0]),
      );
  });

  it('draws the same numbers for the same seed, independently for each parameter', () => {
    const layout = layouts.get('conv4')!;
    expect(initialParameters(layout, 3)).to.deep.equal(initialParameters(layout, 3));
    expect(initialParameters(layout, 3)).not.to.deep.equal(initialParameters(layout, 4));
    const {name, shape, initial, fanIn, decayed} = layout.parameters[2];
    const alone = placeParameters([{name, shape, initial, fanIn, decayed}], []);
    const {offset, length} = layout.parameters[2];
    expect(initialParameters(alone, 3)).to.deep.equal(initialParameters(layout, 3).slice(offset, offset + length));
  });
});
