import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {divideIntoFolds} from '../../../../src/training/teach/pictures/folds.ts';
import {pictureGroups} from '../../../../src/training/teach/pictures/picture-groups.ts';
import {temporaryFolder} from '../../../cli/rice.ts';

describe('divideIntoFolds', () => {
  const labels = Array.from({length: 60}, (_, i) => i % 3);
  const groups = labels.map((label, i) => `${label}-${Math.floor(i / 12)}`);

  it('keeps groups together and spreads each label evenly', () => {
    const folds = divideIntoFolds(labels, groups, 5, 1);
    for (const group of new Set(groups)) {
      const own = new Set(folds.filter((_, i) => groups[i] === group));
      expect(own.size, group).to.equal(1);
    }
    for (const label of [0, 1, 2]) {
      const counts = [0, 1, 2, 3, 4].map(
        (fold) => folds.filter((each, i) => each === fold && labels[i] === label).length,
      );
      expect(counts).to.deep.equal([4, 4, 4, 4, 4]);
    }
  });

  it('does not depend on the order of the pictures, but on the seed', () => {
    const each = labels.map((_, i) => `picture ${i}`);
    const folds = divideIntoFolds(labels, each, 5, 1);
    const turned = divideIntoFolds([...labels].reverse(), [...each].reverse(), 5, 1).reverse();
    expect(turned).to.deep.equal(folds);
    expect(divideIntoFolds(labels, each, 5, 2)).not.to.deep.equal(folds);
  });
});

describe('pictureGroups', () => {
  const folder = temporaryFolder();

  it('takes the photograph that a grain was cut from out of the manifest beside it or above it', () => {
    for (const name of ['a', 'b/Basmati']) mkdirSync(join(folder(), name), {recursive: true});
    const manifest = (grains: object[]) => JSON.stringify({crops: 1, pictures: [], grains});
    writeFileSync(
      join(folder(), 'a', 'manifest.json'),
      manifest([
        {file: '1.png', picture: 'x'},
        {file: '2.png', picture: 'x'},
      ]),
    );
    writeFileSync(join(folder(), 'b', 'manifest.json'), manifest([{file: 'Basmati/1.png', picture: 'y'}]));
    const paths = ['a/1.png', 'a/2.png', 'a/3.png', 'b/Basmati/1.png'];
    expect(pictureGroups(folder(), paths, ['h1', 'h2', 'h3', 'h4'])).to.deep.equal([
      'photograph x',
      'photograph x',
      'h3',
      'photograph y',
    ]);
  });

  it('takes the content where there is no manifest, or one of something else', () => {
    mkdirSync(join(folder(), 'c'));
    writeFileSync(join(folder(), 'c', 'manifest.json'), '{"grains": 7');
    expect(pictureGroups(folder(), ['c/1.png', '2.png'], ['same', 'same'])).to.deep.equal(['same', 'same']);
  });
});
