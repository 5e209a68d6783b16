import {expect} from 'chai';
import {countGroups, groupsOf, isFrozen, learningRateFactors} from '../../../src/training/initial/groups.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../../src/training/networks/index.ts';
import type {Network} from '../../../src/training/networks/network.ts';

const SIZE = {width: 64, height: 64};

function laidOut(name: NetworkName) {
  const network: Network = NETWORKS[name];
  const layout = layoutOf(network, SIZE, 5);
  return {network, layout, groups: groupsOf(network.parts!, layout)};
}

describe('training: the groups of a network', () => {
  // By hand, from the tables of the networks: the stem, the blocks (and their downsampling), what follows, the classifier.
  const COUNTS: Partial<Record<NetworkName, number>> = {
    resnet18: 1 + 8 + 1,
    resnet50: 1 + 16 + 1,
    mobilenetv3_small: 1 + 12 + 1 + 1,
    mobilenetv3_large: 1 + 16 + 1 + 1,
    efficientnet_lite0: 1 + 16 + 1 + 1,
    efficientnet_b0: 1 + 16 + 1 + 1,
    convnext_atto: 1 + 12 + 3 + 1,
  };

  for (const [name, count] of Object.entries(COUNTS) as [NetworkName, number][]) {
    it(`of ${name} are ${count}, in the order of its layers, from the stem to the classifier`, () => {
      const {network, layout, groups} = laidOut(name);
      expect(countGroups(network.parts!, layout)).to.equal(count);
      expect([...groups.keys()]).to.have.members([...layout.parameters, ...layout.statistics].map((each) => each.name));
      const weights = layout.parameters.filter(({decayed}) => decayed).map((each) => groups.get(each.name)!);
      expect(weights).to.deep.equal([...weights].sort((a, b) => a - b));
      expect(new Set(weights).size).to.equal(count);
      expect(weights[0]).to.equal(0);
      expect(groups.get(`${network.parts!.classifier}.weight`)).to.equal(count - 1);
    });
  }

  it('hold a layer with its normalization and its running statistics together', () => {
    const {groups} = laidOut('mobilenetv3_small');
    const group = (name: string) => groups.get(name);
    expect(['conv_stem.weight', 'bn1.weight', 'bn1.running_mean'].map(group)).to.deep.equal([0, 0, 0]);
    expect(['blocks.0.0.conv_dw.weight', 'blocks.0.0.se.conv_reduce.bias'].map(group)).to.deep.equal([1, 1]);
    expect(['blocks.1.1.conv_pw.weight', 'blocks.1.1.bn3.running_var'].map(group)).to.deep.equal([3, 3]);
    expect(['conv_head.weight', 'conv_head.bias', 'classifier.bias'].map(group)).to.deep.equal([13, 13, 14]);
    const lite = laidOut('efficientnet_lite0').groups;
    expect(['conv_head.weight', 'bn2.weight', 'bn2.running_var'].map((name) => lite.get(name))).to.deep.equal([
      17, 17, 17,
    ]);
    const convnext = laidOut('convnext_atto').groups;
    expect(
      ['stem.1.weight', 'stages.1.downsample.1.weight', 'head.norm.weight'].map((name) => convnext.get(name)),
    ).to.deep.equal([0, 3, 16]);
  });

  it('tell what does not learn: the first so many, or all but the classifier', () => {
    const {network, layout, groups} = laidOut('convnext_atto');
    const still = isFrozen(network, layout, 4);
    for (const [name, group] of groups) expect(still(name), name).to.equal(group < 4);
    const backbone = isFrozen(network, layout, 'backbone');
    const learning = [...groups.keys()].filter((name) => !backbone(name));
    expect(learning).to.have.members(['head.fc.weight', 'head.fc.bias']);
    expect(isFrozen(network, layout, undefined)('stem.0.weight')).to.equal(false);
  });

  it('give factors of the learning rate that fall from the classifier to the stem', () => {
    const {network, layout} = laidOut('resnet18');
    const factors = learningRateFactors(network, layout, {layerDecay: 0.5, head: 10});
    expect(factors.get('fc.bias')).to.equal(10);
    expect(factors.get('layer4.1.bn2.weight')).to.equal(0.5);
    expect(factors.get('layer1.0.conv1.weight')).to.equal(0.5 ** 8);
    expect(factors.get('conv1.weight')).to.equal(0.5 ** 9);
    expect(learningRateFactors(network, layout, {}).size).to.equal(0);
    const head = learningRateFactors(network, layout, {head: 3});
    expect([head.get('fc.weight'), head.get('conv1.weight')]).to.deep.equal([3, 1]);
  });
});
