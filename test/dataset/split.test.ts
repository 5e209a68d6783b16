import {createHash} from 'node:crypto';
import {expect} from 'chai';
import {DEFAULT_FRACTIONS, PARTS, type Part, partOf, splitDataset, stratify} from '../../src/dataset/split.ts';

const hashes = Array.from({length: 20_000}, (_, i) => ({
  sha256: createHash('sha256').update(`image ${i}`).digest('hex'),
}));

/** Of one label, which the fractions alone divide. */
function splitHashes(hashes: {sha256: string}[], seed: number, fractions = DEFAULT_FRACTIONS) {
  return splitDataset({labels: ['A'], files: hashes.map(() => ({label: 0}))}, hashes, {seed, fractions});
}

describe('splitDataset', () => {
  it('gives each part its share', () => {
    const parts = splitHashes(hashes, 1);
    for (const part of PARTS) {
      const share = DEFAULT_FRACTIONS[part];
      const deviation = Math.sqrt(hashes.length * share * (1 - share));
      expect(parts[part].length).to.be.closeTo(hashes.length * share, 4 * deviation);
    }
    const all = PARTS.flatMap((part) => parts[part]).sort((a, b) => a - b);
    expect(all).to.deep.equal(hashes.map((_, i) => i));
  });

  it('never changes: contents stay in the parts that a separate program computed', () => {
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
      expect(partOf(sha256, {seed, fractions: DEFAULT_FRACTIONS}), `${content} with seed ${seed}`).to.equal(part);
    }
  });

  it('does not depend on order or on other files', () => {
    const whole = splitHashes(hashes, 7);
    const some = hashes.slice(100, 200).reverse();
    const parts = splitHashes(some, 7);
    for (const part of PARTS) {
      const contents = new Set(whole[part].map((i) => hashes[i].sha256));
      for (const i of parts[part]) expect(contents.has(some[i].sha256)).to.equal(true);
    }
  });

  it('puts duplicates together', () => {
    const twice = hashes.slice(0, 500).flatMap((hash) => [hash, {...hash}]);
    const parts = splitHashes(twice, 3);
    for (const part of PARTS) expect(parts[part].length % 2).to.equal(0);
  });

  it('divides anew with another seed', () => {
    const first = new Set(splitHashes(hashes, 1).test);
    const second = splitHashes(hashes, 2).test;
    const common = second.filter((i) => first.has(i)).length;
    // Two independent tenths have a hundredth of the whole in common.
    expect(common).to.be.closeTo(200, 60);
  });

  it('moves no image from test to train when the fractions of train and validation change', () => {
    const before = splitHashes(hashes, 1).test;
    const after = splitHashes(hashes, 1, {train: 0.7, validation: 0.2, test: 0.1}).test;
    expect(after).to.deep.equal(before);
  });

  it('takes 0 and 1 as shares, and refuses what is no division', () => {
    expect(splitHashes(hashes, 1, {train: 0, validation: 0, test: 1}).test).to.have.length(hashes.length);
    expect(splitHashes(hashes, 1, {train: 1, validation: 0, test: 0}).train).to.have.length(hashes.length);
    for (const [train, validation, test] of [
      [0.8, 0.1, 0.2],
      [1.1, -0.1, 0],
      [Number.NaN, 0.5, 0.5],
    ]) {
      expect(() => splitHashes(hashes, 1, {train, validation, test}))
        .to.throw()
        .with.property('code', 'OUT_OF_RANGE');
    }
  });
});

describe('stratify', () => {
  const split = {seed: 5, fractions: DEFAULT_FRACTIONS};
  /** So many pictures of each label, in turn; contents differ. */
  const datasetOf = (counts: Record<string, number>) => {
    const labels = Object.keys(counts);
    const files = labels.flatMap((name, label) => Array.from({length: counts[name]}, () => ({label})));
    return {dataset: {labels, files}, hashes: hashes.slice(0, files.length)};
  };
  const countsOf = ({labels, files}: {labels: string[]; files: {label: number}[]}, parts: Record<Part, number[]>) =>
    labels.map((_, label) => PARTS.map((part) => parts[part].filter((i) => files[i].label === label).length));

  it('gives every part its share of each label, however few there are', () => {
    const {dataset, hashes: some} = datasetOf({a: 30, b: 10, c: 3, d: 2, e: 1, f: 184, g: 1999});
    const parts = splitDataset(dataset, some, stratify(dataset, some, split));
    expect(countsOf(dataset, parts)).to.deep.equal([
      [24, 3, 3],
      [8, 1, 1],
      [1, 1, 1],
      [1, 1, 0],
      [1, 0, 0],
      [148, 18, 18],
      [1599, 200, 200],
    ]);
  });

  it('leaves a label of many pictures to the fractions: the split of the published dataset stays', () => {
    const {dataset, hashes: some} = datasetOf({many: 2000, few: 1999});
    const {cuts} = stratify(dataset, some, split);
    expect(Object.keys(cuts!)).to.deep.equal(['few']);
    const published = datasetOf({Arborio: 4000, Basmati: 4000});
    expect(stratify(published.dataset, published.hashes, split)).to.deep.equal(split);
  });

  it('keeps each picture in its part when others are added, removed or renamed', () => {
    const {dataset, hashes: some} = datasetOf({a: 40, b: 40});
    const recorded = stratify(dataset, some, split);
    const before = splitDataset(dataset, some, recorded);
    const more = {...dataset, files: [...dataset.files, ...dataset.files]};
    const after = splitDataset(more, [...some, ...hashes.slice(1000, 1080)], recorded);
    for (const part of PARTS) expect(after[part].filter((i) => i < 80)).to.deep.equal(before[part]);
  });

  it('counts contents, not files, and puts duplicates together', () => {
    const {dataset, hashes: some} = datasetOf({a: 20});
    const twice = {...dataset, files: [...dataset.files, ...dataset.files]};
    const both = [...some, ...some];
    const parts = splitDataset(twice, both, stratify(twice, both, split));
    expect(PARTS.map((part) => parts[part].length)).to.deep.equal([32, 4, 4]);
    for (const part of PARTS) for (const i of parts[part]) expect(parts[part]).to.include((i + 20) % 40);
  });

  it('survives a share of nothing', () => {
    const {dataset, hashes: some} = datasetOf({a: 10});
    for (const [train, validation, test] of [
      [0, 0, 1],
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
    ]) {
      const fractions = {train, validation, test};
      const parts = splitDataset(dataset, some, stratify(dataset, some, {seed: 1, fractions}));
      expect(PARTS.map((part) => parts[part].length)).to.deep.equal([10 * train, 10 * validation, 10 * test]);
    }
  });

  it('keeps the split that a dataset brings, and takes a missing validation part from its training part', () => {
    const parts: Part[] = Array.from({length: 100}, (_, i) => (i < 80 ? 'train' : 'test'));
    const dataset = {labels: ['a'], files: parts.map((part) => ({label: 0, part}))};
    const some = hashes.slice(0, 100);
    const given = stratify(dataset, some, split);
    expect(given).to.deep.include({...split, given: true});
    const divided = splitDataset(dataset, some, given);
    expect(divided.test).to.deep.equal(parts.flatMap((part, i) => (part === 'test' ? [i] : [])));
    expect(divided.validation).to.have.length(9);
    expect([...divided.train, ...divided.validation].sort((a, b) => a - b)).to.deep.equal([...Array(80).keys()]);
  });

  it('takes of each label a picture to validate with, and leaves what a list says nothing of to the fractions', () => {
    const parts: (Part | undefined)[] = ['train', 'train', 'train', 'test', 'train', 'train', 'train', undefined];
    const labels = ['a', 'b'];
    const files = parts.map((part, i) => ({label: i < 4 ? 0 : 1, ...(part ? {part} : {})}));
    for (let seed = 0; seed < 20; seed++) {
      const given = stratify({labels, files}, hashes.slice(0, 8), {seed, fractions: DEFAULT_FRACTIONS});
      const divided = splitDataset({labels, files}, hashes.slice(0, 8), given);
      const validated = divided.validation.filter((i) => parts[i] === 'train').map((i) => files[i].label);
      expect(validated, `seed ${seed}`).to.deep.equal([0, 1]);
      expect(divided.test, `seed ${seed}`).to.include(3);
    }
  });
});
