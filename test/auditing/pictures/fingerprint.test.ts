import {expect} from 'chai';
import {findNearDuplicates} from '../../../src/auditing/duplicates/near-duplicates.ts';
import {CELLS, differenceOf, indexFingerprint} from '../../../src/auditing/pictures/fingerprint.ts';
import {randomNumbers} from '../../helpers/images.ts';

const {width, height} = CELLS;

/** A patch of random levels in the middle. */
function cells(seed: number): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({length: width * height}, (_, i) => {
    const inside = Math.abs((i % width) - width / 2) < 9 && Math.abs(Math.floor(i / width) - height / 2) < 4;
    return inside ? 100 + Math.floor(random() * 120) : 0;
  });
}

const mirrored = (from: Uint8Array) =>
  from.map((_, i) => from[Math.floor(i / width) * width + width - 1 - (i % width)]);
const turned = (from: Uint8Array) => from.map((_, i) => from[from.length - 1 - i]);
const brighter = (from: Uint8Array) => from.map((level) => (level === 0 ? 0 : level + 2));
const between = (a: Uint8Array, b: Uint8Array, limit?: number) =>
  differenceOf(indexFingerprint(a), indexFingerprint(b), limit);

describe('fingerprints of grains', () => {
  const grain = cells(1);

  it('are the same however the grain is turned by half or mirrored', () => {
    for (const other of [grain, mirrored(grain), turned(grain), turned(mirrored(grain))])
      expect(between(grain, other)).to.equal(0);
  });

  it('differ by the mean of the levels where there is something', () => {
    expect(between(grain, brighter(turned(grain)))).to.equal(2);
    expect(between(grain, cells(2))).to.be.greaterThan(20);
    expect(between(grain, cells(2), 3)).to.equal(Number.POSITIVE_INFINITY);
  });

  it('find pairs of one grain among others, but not files that are equal', async () => {
    const measured = (fingerprint: Uint8Array, length: number) => {
      return {grains: 1, flaws: [], length, width: 0.2, area: 0.1, sharpness: 1, fingerprint};
    };
    const pictures = [
      measured(cells(2), 0.5),
      measured(grain, 0.5),
      undefined,
      measured(brighter(mirrored(grain)), 0.505),
      measured(grain, 0.5),
      measured(grain, 0.6),
    ];
    const hashes = ['a', 'b', 'c', 'd', 'b', 'e'].map((sha256) => ({sha256}));
    const found = await findNearDuplicates(pictures, hashes);
    expect(found.map(({pair}) => pair)).to.deep.equal([
      [1, 3],
      [3, 4],
    ]);
  });
});
