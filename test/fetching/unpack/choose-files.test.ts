import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {chooseSubset, findLabel, onlyLabels} from '../../../src/fetching/unpack/choose-files.ts';
import {type LocatedFiles, locateLabels} from '../../../src/fetching/unpack/locate-labels.ts';

function located(counts: Record<string, number>): LocatedFiles {
  const paths = Object.entries(counts).flatMap(([label, count]) =>
    Array.from({length: count}, (_, number) => `${label}/${number}.jpg`),
  );
  return locateLabels({name: 'set.zip', entries: paths.map((path) => ({path, bytes: 1}))});
}

function choose(files: Pick<LocatedFiles, 'files' | 'labels'>, count: number, seed = 1): string[] {
  return [...chooseSubset(files, {count, seed})].map((index) => files.files[index].path).sort();
}

function perLabel(paths: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of paths) counts[path.split('/')[0]] = (counts[path.split('/')[0]] ?? 0) + 1;
  return counts;
}

describe('chooseSubset', () => {
  const set = located({A: 40, B: 40, C: 40});

  it('takes equally many of each label, plus or minus one', () => {
    expect(perLabel(choose(set, 30))).to.deep.equal({A: 10, B: 10, C: 10});
    expect(Object.values(perLabel(choose(set, 31))).sort()).to.deep.equal([10, 10, 11]);
    expect(choose(set, 1)).to.have.length(1);
    expect(choose(set, 0)).to.deep.equal([]);
  });

  it('takes more of the others if a label has too few, and all files if there are too few', () => {
    const uneven = located({A: 3, B: 40, C: 40});
    expect(perLabel(choose(uneven, 33))).to.deep.equal({A: 3, B: 15, C: 15});
    expect(choose(uneven, 1000)).to.deep.equal(uneven.files.map(({path}) => path).sort());
  });

  it('contains each smaller subset with the same seed', () => {
    for (let count = 1; count <= 120; count++)
      expect(choose(set, count))
        .to.include.members(choose(set, count - 1))
        .and.to.have.length(count);
  });

  it('depends on the seed', () => {
    expect(choose(set, 30, 1)).to.deep.equal(choose(set, 30, 1));
    const [one, two] = [choose(set, 30, 1), choose(set, 30, 2)];
    expect(one).to.not.deep.equal(two);
    // 10 of 40 files are chosen, so two independent subsets have about a quarter in common.
    expect(one.filter((path) => two.includes(path)).length).to.be.within(1, 18);
  });

  it('does not depend on the order of files, nor on other files', () => {
    const backwards = {...set, files: [...set.files].reverse()};
    expect(choose(backwards, 30)).to.deep.equal(choose(set, 30));
    const more = located({A: 40, B: 40, C: 40, D: 40});
    expect(choose(more, 40).filter((path) => !path.startsWith('D/'))).to.deep.equal(choose(set, 30));
  });

  it('never changes between versions: the seed identifies a subset', () => {
    // Computed in Python: sorted(paths, key=lambda p: hashlib.sha256(f"rice subset 7 {p}".encode()).hexdigest())[:2]
    expect(choose(set, 6, 7)).to.deep.equal(['A/12.jpg', 'A/3.jpg', 'B/12.jpg', 'B/6.jpg', 'C/35.jpg', 'C/7.jpg']);
  });
});

describe('onlyLabels', () => {
  const set = located({Arborio: 2, Basmati: 1, Ipsala: 1});

  it('removes all other labels, in any letter case', () => {
    const {files, labels, wrapper} = onlyLabels(set, ['IPSALA', 'arborio', 'Arborio']);
    expect(labels).to.deep.equal(['Arborio', 'Ipsala']);
    expect(files.map(({path}) => path)).to.deep.equal(['Arborio/0.jpg', 'Arborio/1.jpg', 'Ipsala/0.jpg']);
    expect(wrapper).to.equal(set.wrapper);
  });

  it('rejects an unknown label, and suggests the nearest', () => {
    const failure = (name: string): RiceError => {
      try {
        onlyLabels(set, ['Arborio', name]);
      } catch (error) {
        if (error instanceof RiceError) return error;
      }
      throw new Error(`${name} is taken`);
    };
    expect(failure('basmatti')).to.include({
      code: 'USAGE',
      message: 'there is no label "basmatti"; there are Arborio, Basmati, Ipsala',
    });
    expect(failure('basmatti').suggestions).to.deep.equal(['Did you mean Basmati?']);
    expect(failure('wheat').suggestions).to.deep.equal(['Name some of these.']);
    expect(failure('').code).to.equal('USAGE');
  });

  it('finds a label in its original spelling', () => {
    expect(findLabel('karacadağ', ['Arborio', 'Karacadağ'])).to.equal('Karacadağ');
  });
});
