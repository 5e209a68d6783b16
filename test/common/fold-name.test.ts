import {expect} from 'chai';
import {foldName} from '../../src/common/fold-name.ts';

describe('foldName', () => {
  it('takes case, accents and space away, in any normalization', () => {
    for (const [name, folded] of [
      ['İpsala', 'ipsala'],
      ['IPSALA', 'ipsala'],
      ['ıpsala', 'ipsala'],
      ['Karacadağ', 'karacadag'],
      [' KARACADAĞ ', 'karacadag'],
      ['Jasmín', 'jasmin'],
      ['ＢＡＳＭＡＴＩ', 'basmati'],
      ['香米', '香米'],
    ])
      for (const form of ['NFC', 'NFD'] as const) expect(foldName(name.normalize(form)), name).to.equal(folded);
  });
});
