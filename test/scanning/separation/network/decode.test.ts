import {expect} from 'chai';
import {decode} from '../../../../src/scanning/separation/network/decoding/decode.ts';
import {FIELD, FIELDS, OFFSET_UNIT} from '../../../../src/scanning/separation/network/fields.ts';
import {randomNumbers} from '../../../helpers/images.ts';
import {CROSSING, draw, matches, perfectFields, SIX} from './drawn.ts';

describe('scanning: decoding of the fields', () => {
  it('finds the six grains of a cluster, to the pixel but for the steps of the cells', () => {
    const drawn = draw(108, 96, SIX);
    const found = decode(perfectFields(drawn, SIX), drawn.mask, 108, 96);
    expect(new Set(found)).to.deep.equal(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(Math.min(...matches(drawn.truth, found))).to.be.above(0.94);
  });

  it('finds them also if each cell misses the centroid by up to 3 pixels', () => {
    const drawn = draw(108, 96, SIX);
    for (let seed = 1; seed <= 5; seed++) {
      const found = decode(perfectFields(drawn, SIX, 3, seed), drawn.mask, 108, 96);
      expect(Math.max(...found)).to.equal(6);
      expect(Math.min(...matches(drawn.truth, found))).to.be.above(0.85);
    }
  });

  it('takes what another grain leaves to be seen of one on both sides for one grain', () => {
    const drawn = draw(100, 80, CROSSING);
    const found = decode(perfectFields(drawn, CROSSING, 2), drawn.mask, 100, 80);
    expect(Math.max(...found)).to.equal(3);
    expect(Math.min(...matches(drawn.truth, found))).to.be.above(0.85);
    // On both sides of the second.
    const at = (x: number, y: number) => found[y * 100 + x];
    expect(at(32, 39)).to.equal(at(56, 41)).and.above(0);
    expect(at(43, 42)).to.not.equal(at(32, 39));
  });

  it('joins both sides of a grain whose votes do not meet, and leaves two that lie side by side apart', () => {
    const across = [
      {x: 50, y: 40, a: 27, b: 7, angle: 0},
      {x: 54, y: 53, a: 21, b: 6.5, angle: 1.5},
    ];
    const drawn = draw(100, 90, across);
    const fields = perfectFields(drawn, across);
    const plane = fields.columns * fields.rows;
    // Each side takes the grain for one that ends nearer to it: the votes of both are 18 pixels apart.
    for (let cell = 0; cell < plane; cell++) {
      const [x, y] = [2 * (cell % fields.columns), 2 * Math.floor(cell / fields.columns)];
      if (drawn.truth[y * 100 + x] === 1) fields.data[FIELD.dx * plane + cell] += (x < 54 ? -9 : 9) / OFFSET_UNIT;
    }
    const found = decode(fields, drawn.mask, 100, 90);
    expect(Math.max(...found)).to.equal(2);
    expect(found[40 * 100 + 32])
      .to.equal(found[40 * 100 + 70])
      .and.above(0);
    // Two whole grains whose centroids are as near.
    const pair = [
      {x: 40, y: 30, a: 22, b: 6, angle: 0},
      {x: 52, y: 39, a: 22, b: 6, angle: 0},
    ];
    const side = draw(90, 60, pair);
    expect(Math.max(...decode(perfectFields(side, pair, 2), side.mask, 90, 60))).to.equal(2);
  });

  it('labels each pixel of the mask and no other, whatever the network says', () => {
    const random = randomNumbers(7);
    const [width, height] = [61, 47];
    const [columns, rows] = [31, 24];
    const answers: [string, (i: number) => number][] = [
      ['nothing', () => 0],
      ['noise', () => 4 * random() - 2],
      ['far away', () => 1e4],
      ['no numbers', (i) => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][i % 3]],
    ];
    const masks: [string, (x: number, y: number) => boolean][] = [
      ['full', () => true],
      ['empty', () => false],
      ['a checkerboard', (x, y) => (x + y) % 2 === 0],
      ['single pixels', (x, y) => x % 7 === 3 && y % 5 === 2],
      ['noise', () => random() < 0.5],
    ];
    for (const [what, answer] of answers)
      for (const [kind, inside] of masks) {
        const mask = Uint8Array.from({length: width * height}, (_, i) =>
          Number(inside(i % width, Math.floor(i / width))),
        );
        const data = Float32Array.from({length: FIELDS * columns * rows}, (_, i) => answer(i));
        const found = decode({columns, rows, data}, mask, width, height);
        const labeled = found.map((label) => (label > 0 ? 1 : 0));
        expect([...labeled], `${what}, ${kind}`).to.deep.equal([...mask]);
        const labels = [...new Set(found)].filter((label) => label > 0).sort((a, b) => a - b);
        expect(labels, `${what}, ${kind}`).to.deep.equal(labels.map((_, i) => i + 1));
      }
  });

  it('takes pictures without pixels', () => {
    expect(decode({columns: 0, rows: 0, data: new Float32Array(0)}, new Uint8Array(0), 0, 0)).to.have.length(0);
  });
});
