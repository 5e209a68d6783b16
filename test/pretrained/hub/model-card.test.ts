import {expect} from 'chai';
import {licenseOf} from '../../../src/pretrained/hub/model-card.ts';
import {normalizationOf} from '../../../src/pretrained/hub/model-config.ts';

describe('a model card', () => {
  const CASES: [matter: string, license: string | undefined][] = [
    ['license: apache-2.0', 'apache-2.0'],
    ['tags:\n- timm\nlicense: CC-BY-NC-4.0  # see below\nlibrary_name: timm', 'cc-by-nc-4.0'],
    ['license: "bsd-3-clause"', 'bsd-3-clause'],
    ["license: ['mit', cc-by-nc-4.0]", 'mit, cc-by-nc-4.0'],
    ['license:\n- mit\n- cc-by-nc-4.0\ntags:\n- timm', 'mit, cc-by-nc-4.0'],
    ['license_name: mine', undefined],
    ['  license: nested', undefined],
    ['license:', undefined],
  ];
  for (const [matter, license] of CASES)
    it(`tells the license ${license} by ${JSON.stringify(matter)}`, () => {
      expect(licenseOf(`---\n${matter}\n---\n# Card\nlicense: none\n`)).to.equal(license);
      expect(licenseOf(`---\r\n${matter.replaceAll('\n', '\r\n')}\r\n---\r\n`)).to.equal(license);
    });

  it('without front matter tells none', () => {
    for (const card of ['', '# Card\n---\nlicense: mit\n---\n', '---\nlicense: mit\n'])
      expect(licenseOf(card)).to.equal(undefined);
  });
});

describe('the configuration of a network', () => {
  it('tells how pixels are normalized', () => {
    const config = {
      architecture: 'resnet18',
      pretrained_cfg: {mean: [0, 0, 0], std: [1, 1, 1], input_size: [3, 224, 224]},
    };
    expect(normalizationOf(JSON.stringify(config))).to.deep.equal({mean: [0, 0, 0], std: [1, 1, 1]});
  });

  it('tells nothing if it is damaged or senseless', () => {
    const cases = ['', '{', 'null', '{}', '[]', '{"pretrained_cfg": null}'];
    const senseless = [
      {mean: [0, 0, 0]},
      {mean: [0, 0], std: [1, 1]},
      {mean: [0, 0, '0'], std: [1, 1, 1]},
      {mean: [0, 0, 0], std: [1, 0, 1]},
    ];
    for (const config of [...cases, ...senseless.map((each) => JSON.stringify({pretrained_cfg: each}))])
      expect(normalizationOf(config), config).to.equal(undefined);
  });
});
