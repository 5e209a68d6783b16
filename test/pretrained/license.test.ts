import {expect} from 'chai';
import {checkLicense, licenseInTag} from '../../src/pretrained/license.ts';

const INSTEAD = {tag: 'resnet50.a1_in1k', license: 'apache-2.0'};
const check = (license: string | undefined, allowed?: boolean) => () =>
  checkLicense({name: 'timm/x', license, instead: INSTEAD}, allowed);

describe('the license of weights', () => {
  it('is enough if it allows everything, or nobody knows it', () => {
    for (const license of ['apache-2.0', 'bsd-3-clause', 'mit', 'cc-by-4.0', 'ncsa', undefined])
      expect(check(license), license).to.not.throw();
  });

  it('is refused if it forbids commercial use, unless that is allowed', () => {
    for (const license of [
      'cc-by-nc-4.0',
      'CC-BY-NC-SA-4.0',
      'mit, cc-by-nc-4.0',
      'fair-noncommercial-research-license',
    ]) {
      expect(check(license), license)
        .to.throw(`the license of timm/x, ${license}, forbids commercial use`)
        .with.property('code', 'WEIGHTS_LICENSE');
      expect(check(license, true), license).to.not.throw();
    }
  });

  it('is told by the tags of semi-supervised ImageNet', () => {
    expect(licenseInTag('resnet50.fb_swsl_ig1b_ft_in22k')).to.equal('cc-by-nc-4.0');
    expect(licenseInTag('resnet50.ssl_new')).to.equal('cc-by-nc-4.0');
    expect(licenseInTag('resnet50.a1_in1k')).to.equal(undefined);
  });
});
