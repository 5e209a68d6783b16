import {expect} from 'chai';
import {editDistance, nearest} from '../../src/common/nearest-word.ts';

describe('nearest', () => {
  it('counts insertions, deletions, substitutions and swaps', () => {
    expect(editDistance('kitten', 'sitting')).to.equal(3);
    expect(editDistance('modle', 'model')).to.equal(1);
    expect(editDistance('', 'abc')).to.equal(3);
    expect(editDistance('same', 'same')).to.equal(0);
  });

  it('finds the most similar word', () => {
    const flags = ['model', 'device', 'threads', 'json', 'top-k', 'batch-size'];
    expect(nearest('modle', flags)).to.equal('model');
    expect(nearest('jsn', flags)).to.equal('json');
    expect(nearest('topk', flags)).to.equal('top-k');
    expect(nearest('batch', flags)).to.equal('batch-size');
    expect(nearest('DEVICE', flags)).to.equal('device');
  });

  it('finds nothing for a word that is similar to none', () => {
    expect(nearest('zebra', ['model', 'device'])).to.equal(undefined);
    expect(nearest('x', ['model', 'device'])).to.equal(undefined);
    expect(nearest('model', [])).to.equal(undefined);
  });
});
