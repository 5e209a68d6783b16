import {expect} from 'chai';
import {findPictures} from '../../../src/auditing/findings/picture-findings.ts';
import type {Measurement} from '../../../src/auditing/pictures/measurement.ts';
import {sharpnessOf} from '../../../src/auditing/pictures/sharpness.ts';

const usual: Measurement = {
  grains: 1,
  flaws: [],
  length: 0.5,
  width: 0.2,
  area: 0.08,
  sharpness: 0.3,
  fingerprint: new Uint8Array(420),
};

/** Thirty usual pictures of a label, which vary by some percent, and others. */
function findings(others: Partial<Measurement>[], label = 'Long') {
  const vary = (i: number) => 1 + ((i % 7) - 3) / 50;
  const members = Array.from({length: 30}, (_, i) => ({...usual, length: 0.5 * vary(i), width: 0.2 * vary(i * 3)}));
  const all = [...members, ...others.map((other) => ({...usual, ...other}))];
  const files = all.map((_, i) => ({path: `${i}`, label: 0, bytes: 1, modified: 1, changed: 1}));
  const {findings: found, notes} = findPictures({labels: [label], files}, all);
  return {notes, found: found.map(({path, problem, detail}) => [Number(path) - 30, problem, detail])};
}

describe('pictures to look at', () => {
  it('have no grain, several, a flaw, another size or no sharpness', () => {
    const {found, notes} = findings([
      {grains: 0, length: 0, width: 0, sharpness: 0},
      {grains: 3},
      {flaws: ['out of frame']},
      {length: 1},
      {width: 0.1},
      {sharpness: 0.12},
      {length: 0.55, sharpness: 0.2},
    ]);
    expect(notes).to.deep.equal([]);
    expect(found).to.deep.equal([
      [0, 'no grain', 'no grain was found'],
      [1, 'several grains', '3 grains'],
      [2, 'flaw', 'out of frame'],
      [3, 'size', 'length 2.00 times that of most Long'],
      [4, 'size', 'width 0.50 times that of most Long'],
      [5, 'blur', '40 % of the usual sharpness'],
    ]);
  });

  it('are not those of a label that is of such pictures, which a note tells', () => {
    const {found, notes} = findings(Array.from({length: 40}, () => ({grains: 9})));
    expect(found).to.deep.equal([]);
    expect(notes.join()).to.contain('most pictures of Long do not show a single grain');
  });
});

describe('sharpness', () => {
  const size = {width: 9, height: 9};
  const window = (level: (x: number, y: number) => number) =>
    Uint8Array.from({length: 9 * 9 * 3}, (_, i) => level(Math.floor(i / 3) % 9, Math.floor(i / 27)));

  it('is the root mean square of the Laplacian over the mean level, and does not change with the light', () => {
    // A single pixel of 40 on 20: by hand, 4 neighbors with +20 and the pixel with -80, over 49 pixels.
    const spot = (factor: number) =>
      sharpnessOf(
        window((x, y) => factor * (x === 4 && y === 4 ? 40 : 20)),
        size,
      );
    const mean = (48 * 20 + 40) / 49;
    expect(spot(1)).to.be.closeTo(Math.sqrt((4 * 20 ** 2 + 80 ** 2) / 49) / mean, 1e-6);
    expect(spot(3)).to.be.closeTo(spot(1), 1e-6);
    expect(
      sharpnessOf(
        window(() => 50),
        size,
      ),
    ).to.equal(0);
    expect(
      sharpnessOf(
        window(() => 0),
        size,
      ),
    ).to.equal(0);
  });
});
