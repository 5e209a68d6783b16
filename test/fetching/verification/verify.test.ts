import {expect} from 'chai';
import {expectDigest, expectPublished, expectSubset} from '../../../src/fetching/verification/expectation.ts';
import {type Verification, type VerifiedFile, verify} from '../../../src/fetching/verification/verify.ts';
import {dvcDigest, md5, SMALL, SMALL_DATASET} from './small-dataset.ts';

type Tree = Readonly<Record<string, string>>;

const WHOLE = expectPublished(SMALL_DATASET, undefined);
const SAME = {missing: [], changed: [], extra: []};

describe('verify', () => {
  const files = filesOf(SMALL);
  const arborio = files.filter(({label}) => label === 'Arborio');

  it('names missing files and their labels', () => {
    const verification = verifyTree(without(SMALL, 'Arborio/Arborio (2).jpg'));
    expect(verification).to.deep.include({verified: false, differentLabels: ['Arborio'], files: 4});
    expect(verification.differences).to.deep.equal({...SAME, missing: ['Arborio/Arborio (2).jpg']});
    const {differences, differentLabels} = verifyTree(pick('Arborio/'));
    expect(differences.missing).to.deep.equal(['Basmati/Basmati (1).jpg', 'Basmati/basmati (2).jpg']);
    expect(differentLabels).to.deep.equal(['Basmati']);
  });

  it('names extra pictures and other files', () => {
    const others = ['notes.txt', 'Arborio/Cite.txt', 'Cite.txt'];
    const verification = verifyTree({...SMALL, 'Arborio/Arborio (4).jpg': 'x', 'Wheat/1.png': 'x'}, {others});
    expect(verification).to.deep.include({verified: false, differentLabels: ['Arborio']});
    expect(verification.differences).to.deep.equal({
      ...SAME,
      extra: ['Arborio/Arborio (4).jpg', 'Arborio/Cite.txt', 'Wheat/1.png', 'notes.txt'],
    });
  });

  it('allows companion files, which the digest does not cover', () => {
    const {verified, differences} = verifyTree(SMALL, {others: ['notes.txt', 'Cite.txt']});
    expect({verified, differences}).to.deep.equal({verified: true, differences: {...SAME, extra: ['notes.txt']}});
  });

  it('detects a changed label without single digests', () => {
    const verification = verifyTree({...SMALL, 'Basmati/basmati (2).jpg': 'Second of Basmati'});
    expect(verification).to.deep.include({verified: false, differences: SAME, differentLabels: ['Basmati']});
  });

  it('names changed files with single digests', () => {
    const digests = {isOther: (path: string, digest: string) => md5(SMALL[path]) !== digest};
    const changed = {...SMALL, 'Basmati/basmati (2).jpg': 'Second of Basmati', 'Basmati/new.jpg': 'x'};
    const verification = verify(filesOf(changed), {...WHOLE, digests});
    expect(verification.differences).to.deep.equal({
      missing: [],
      changed: ['Basmati/basmati (2).jpg'],
      extra: ['Basmati/new.jpg'],
    });
  });

  it('reports a renamed file as missing and extra, even if only the case changed', () => {
    const renamed = {...without(SMALL, 'Basmati/basmati (2).jpg'), 'Basmati/Basmati (2).jpg': 'second of Basmati'};
    const {verified, differences} = verifyTree(renamed);
    expect(verified).to.equal(false);
    expect(differences).to.deep.equal({
      ...SAME,
      missing: ['Basmati/basmati (2).jpg'],
      extra: ['Basmati/Basmati (2).jpg'],
    });
  });

  it('detects files in the folder of another label', () => {
    const moved = {...without(SMALL, 'Arborio/Arborio (1).jpg'), 'Basmati/Arborio (1).jpg': 'first of Arborio'};
    const {verified, differences, differentLabels, labels} = verifyTree(moved);
    expect({verified, differentLabels}).to.deep.equal({verified: false, differentLabels: ['Arborio', 'Basmati']});
    expect(differences).to.deep.equal({
      ...SAME,
      missing: ['Arborio/Arborio (1).jpg'],
      extra: ['Basmati/Arborio (1).jpg'],
    });
    expect(labels).to.deep.equal({Arborio: 2, Basmati: 3});
  });

  it('detects two files with swapped contents', () => {
    const [one, two] = ['Arborio/Arborio (1).jpg', 'Arborio/Arborio (2).jpg'];
    expect(verifyTree({...SMALL, [one]: SMALL[two], [two]: SMALL[one]}).verified).to.equal(false);
  });

  it('is as strict for some labels as for all', () => {
    const expectation = expectPublished(SMALL_DATASET, ['Arborio']);
    expect(expectation.title).to.equal('Arborio of the published Small Dataset');
    expect(verify(arborio, expectation)).to.deep.include({verified: true, digest: dvcDigest(pick('Arborio/'))});
    expect(verify(arborio.slice(1), expectation)).to.include({verified: false});
    const more = verify(files, expectation);
    expect(more).to.include({verified: false});
    expect(more.differences.extra).to.deep.equal(['Basmati/Basmati (1).jpg', 'Basmati/basmati (2).jpg']);
  });

  it('is the same for all labels by name as for the whole', () => {
    expect(expectPublished(SMALL_DATASET, ['Basmati', 'Arborio'])).to.deep.equal(WHOLE);
    expect(WHOLE.title).to.equal('the published Small Dataset');
  });

  it('does not depend on the order of files', () => {
    expect(verify([...files].reverse(), WHOLE)).to.deep.equal(verify(files, WHOLE));
  });

  it('counts unreadable files as changed, even if everything else is right', () => {
    const [unreadable, ...others] = files;
    const verification = verify(others, WHOLE, {unreadable: [unreadable.path]});
    expect(verification.verified).to.equal(false);
    expect(verification.differences).to.deep.equal({...SAME, changed: [unreadable.path]});
    const nothingElse = expectDigest(verify(others, WHOLE).digest, SMALL_DATASET);
    expect(verify(others, nothingElse)).to.include({verified: true});
    expect(verify(others, nothingElse, {unreadable: ['Arborio/new.jpg']})).to.include({verified: false});
  });

  it('compares any dataset with a digest, without names', () => {
    const verification = verify(arborio, expectDigest(dvcDigest(pick('Arborio/')), SMALL_DATASET));
    expect(verification).to.deep.include({verified: true, differences: SAME, differentLabels: []});
    expect(verify(files, expectDigest(dvcDigest(pick('Arborio/')), SMALL_DATASET)).verified).to.equal(false);
  });

  it('compares a subset with its names and its digest', () => {
    const subset = {count: 3, seed: 4};
    const names = [...expectSubset(SMALL_DATASET, {subset, only: undefined, digest: ''}).paths!];
    expect(names).to.have.length(3);
    const drawn = files.filter(({path}) => names.includes(path));
    const digest = dvcDigest(Object.fromEntries(names.map((name) => [name, SMALL[name]])));
    const expectation = expectSubset(SMALL_DATASET, {subset, only: undefined, digest});
    expect(expectation.title).to.equal('the subset of 3 pictures, seed 4, of the published Small Dataset');
    expect(verify(drawn, expectation)).to.deep.include({verified: true, differences: SAME, differentLabels: []});
    expect(verify(drawn.slice(1), expectation)).to.deep.include({
      verified: false,
      differences: {...SAME, missing: [drawn[0].path]},
    });
    expect(verify(files, expectation).differences.extra).to.have.length(2);
    const {paths} = expectSubset(SMALL_DATASET, {subset, only: ['Arborio'], digest});
    expect([...paths!].sort()).to.deep.equal(Object.keys(pick('Arborio/')));
  });

  it("has the digest of DVC's own example", () => {
    // From DVC's documentation of its cache.
    const example = [
      {path: 'cat.jpeg', label: '', bytes: 1, md5: 'de7371b0119f4f75f9de703c7c3bac16'},
      {path: 'index.jpeg', label: '', bytes: 1, md5: '402e97968614f583ece3b35555971f64'},
    ];
    const verification = verify(example, expectDigest('6fdb5336fce0dbfd669f83065f107551.dir', SMALL_DATASET));
    expect(verification.verified).to.equal(true);
  });

  it('is not confused by special label names', () => {
    for (const label of ['__proto__', 'constructor', 'toString']) {
      const odd = {...files[0], label, path: `${label}/1.jpg`};
      const verification = verify([...arborio, odd], expectPublished(SMALL_DATASET, ['Arborio']));
      expect(verification.verified, label).to.equal(false);
      expect(Object.entries(verification.labels)).to.deep.include([label, 1]);
    }
  });

  it('gives the same result with the digest of the whole and with those of all labels', () => {
    const digest = dvcDigest({});
    expect(verify(files, expectPublished({...SMALL_DATASET, digest}, undefined)).verified).to.equal(false);
    expect(verify(files, {...WHOLE, digest: undefined}).verified).to.equal(true);
  });

  it('fails without files', () => {
    expect(verify([], WHOLE)).to.deep.include({verified: false, files: 0, differentLabels: ['Arborio', 'Basmati']});
  });

  it('computes the digest of each label', () => {
    const changed = files.map((file) => (file.label === 'Basmati' ? {...file, md5: '0'.repeat(32)} : file));
    expect(verify(changed, WHOLE).differentLabels).to.deep.equal(['Basmati']);
  });
});

function pick(prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(SMALL).filter(([path]) => path.startsWith(prefix)));
}

function filesOf(tree: Tree): VerifiedFile[] {
  return Object.entries(tree).map(([path, text]) => ({
    path,
    label: path.split('/')[0],
    bytes: text.length,
    md5: md5(text),
  }));
}

function verifyTree(tree: Tree, besides?: Parameters<typeof verify>[2]): Verification {
  return verify(filesOf(tree), WHOLE, besides);
}

function without(tree: Tree, name: string): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => path !== name));
}
