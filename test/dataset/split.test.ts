import {createHash} from 'node:crypto';
import {expect} from 'chai';
import {DEFAULT_FRACTIONS, PARTS, partOf, splitDataset} from '../../src/dataset/split.ts';

const hashes = Array.from({length: 20_000}, (_, i) => ({
  sha256: createHash('sha256').update(`image ${i}`).digest('hex'),
}));

describe('splitDataset', () => {
  it('gives each part its share', () => {
    const parts = splitDataset(hashes, 1);
    for (const part of PARTS) {
      const share = DEFAULT_FRACTIONS[part];
      const deviation = Math.sqrt(hashes.length * share * (1 - share));
      expect(parts[part].length).to.be.closeTo(hashes.length * share, 4 * deviation);
    }
    const all = PARTS.flatMap((part) => parts[part]).sort((a, b) => a - b);
    expect(all).to.deep.equal(hashes.map((_, i) => i));
  });

  it('is an agreement: contents stay in the part that a separate program computed for them', () => {
    // hashlib.sha256(f"rice split {seed} {sha256}"): the first 48 bits over 2^48.
    const agreed: [content: string, seed: number, part: string][] = [
      ['', 1, 'train'], // 0.5651
      ['a', 1, 'test'], // 0.9745
      ['a', 2, 'train'], // 0.6387
      ['rice', 1, 'train'], // 0.7653
      ['b', 1, 'train'], // 0.548
      ['rice', 42, 'train'], // 0.7637
      ['f', 1, 'train'], // 0.3648
      ['k', 1, 'train'], // 0.6277
      ['c', 1, 'train'], // 0.1195
      ['d', 1, 'train'], // 0.3848
      ['e', 1, 'train'], // 0.7041
      ['e', 3, 'train'], // 0.157
    ];
    for (const [content, seed, part] of agreed) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(partOf(sha256, seed), `${content} with seed ${seed}`).to.equal(part);
    }
  });

  it('does not depend on order or on other files', () => {
    const whole = splitDataset(hashes, 7);
    const some = hashes.slice(100, 200).reverse();
    const parts = splitDataset(some, 7);
    for (const part of PARTS) {
      const contents = new Set(whole[part].map((i) => hashes[i].sha256));
      for (const i of parts[part]) expect(contents.has(some[i].sha256)).to.equal(true);
    }
  });

  it('puts duplicates together', () => {
    const twice = hashes.slice(0, 500).flatMap((hash) => [hash, {...hash}]);
    const parts = splitDataset(twice, 3);
    for (const part of PARTS) expect(parts[part].length % 2).to.equal(0);
  });

  it('divides anew with another seed', () => {
    const first = new Set(splitDataset(hashes, 1).test);
    const second = splitDataset(hashes, 2).test;
    const common = second.filter((i) => first.has(i)).length;
    // Independent tenths share a hundredth of the whole.
    expect(common).to.be.closeTo(200, 60);
  });

  it('moves no image from test to train when the fractions of train and validation change', () => {
    const before = splitDataset(hashes, 1).test;
    const after = splitDataset(hashes, 1, {train: 0.7, validation: 0.2, test: 0.1}).test;
    expect(after).to.deep.equal(before);
  });

  it('takes 0 and 1 as shares, and refuses what is no division', () => {
    expect(splitDataset(hashes, 1, {train: 0, validation: 0, test: 1}).test).to.have.length(hashes.length);
    expect(splitDataset(hashes, 1, {train: 1, validation: 0, test: 0}).train).to.have.length(hashes.length);
    for (const [train, validation, test] of [
      [0.8, 0.1, 0.2],
      [1.1, -0.1, 0],
      [Number.NaN, 0.5, 0.5],
    ]) {
      expect(() => splitDataset(hashes, 1, {train, validation, test}))
        .to.throw()
        .with.property('code', 'OUT_OF_RANGE');
    }
  });
});
