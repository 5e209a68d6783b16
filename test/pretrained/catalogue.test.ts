import {expect} from 'chai';
import {ARCHITECTURES, digestInName, knownFile} from '../../src/pretrained/catalogue.ts';

const ALL = Object.values(ARCHITECTURES).flatMap(({timm, weights}) => weights.map((each) => ({timm, ...each})));

describe('the catalogue of weights', () => {
  it('has tags of the architecture that they stand under, each once', () => {
    for (const {tag, timm} of ALL) expect(tag.split('.')[0]).to.equal(timm);
    expect(new Set(ALL.map(({tag}) => tag)).size).to.equal(ALL.length);
  });

  it('begins with the tags that timm 1.0.31 takes by default, which anybody may use', () => {
    const defaults = Object.values(ARCHITECTURES).map(({weights}) => weights[0]);
    expect(defaults.map(({tag}) => tag)).to.deep.equal([
      'resnet50.a1_in1k',
      'resnet18.a1_in1k',
      'mobilenetv3_small_100.lamb_in1k',
      'mobilenetv3_large_100.ra_in1k',
      'tf_efficientnet_lite0.in1k',
      'efficientnet_b0.ra_in1k',
      'convnext_atto.d2_in1k',
    ]);
    for (const {license} of defaults) expect(license).to.equal('apache-2.0');
  });

  it('has whole digests and commits, none twice', () => {
    const hubs = ALL.flatMap(({hub}) => hub ?? []);
    for (const {revision, sha256} of hubs) {
      expect(revision).to.match(/^[0-9a-f]{40}$/);
      expect(sha256).to.match(/^[0-9a-f]{64}$/);
    }
    const digests = [...hubs.map(({sha256}) => sha256.slice(0, 8)), ...ALL.flatMap(({pth}) => pth ?? [])];
    for (const digest of digests) expect(digest).to.match(/^[0-9a-f]{8}$/);
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it('recognizes files by their digest', () => {
    const hub = knownFile('773525d5821de224f8f30c33377b7a795d7863e08522698200d3217d3f2a41bb')!;
    expect([hub.license, hub.normalization.mean[0]]).to.deep.equal(['apache-2.0', 0.485]);
    expect(knownFile(`0676ba61${'0'.repeat(56)}`)!.license).to.equal('bsd-3-clause');
    const lite = knownFile('579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db')!;
    // (x - 127) / 128 of pixels in 0..255.
    const {mean, std} = lite.normalization;
    expect([(0 - mean[0]) / std[0], (1 - mean[2]) / std[2]]).to.deep.equal([-127 / 128, 1]);
    expect(knownFile('0'.repeat(64))).to.equal(undefined);
  });

  it('knows which names of files state a digest', () => {
    expect(digestInName('resnet50_a1_0-14fe96d1.pth')).to.equal('14fe96d1');
    expect(digestInName('efficientnet-lite0-57934424.pth')).to.equal('57934424');
    for (const name of ['mine-20240101.pth', 'resnet50.pth', 'x-14fe96d1.safetensors'])
      expect(digestInName(name)).to.equal(undefined);
  });
});
