import {expect} from 'chai';
import {findScale} from '../../../src/scanning/scale/find-scale.ts';
import {box, type PlaneCamera, scatteredGrains} from '../../helpers/plane-scenes.ts';
import {largestError, photograph} from './measured.ts';

const CARD = [85.6, 53.98] as const;
const SHEETS = {a4: [210, 297], letter: [215.9, 279.4]} as const;

function cardScene(width: number = CARD[0]) {
  const [card, stripe, chip] = [box(-50, -27, width, CARD[1], 3.18), box(-50, -20, width, 10), box(-40, -5, 12, 9, 1)];
  const grains = scatteredGrains(40, [-80, 35, 160, 20], 7);
  return (x: number, y: number): [number, number, number] => {
    if (card(x, y)) return chip(x, y) ? [200, 170, 80] : stripe(x, y) ? [30, 30, 30] : [140 + x, 80, 90 + y];
    return grains(x, y) ? [205, 200, 180] : [68, 72, 75];
  };
}

describe('the scale by a card or a sheet', () => {
  for (const tilt of [0, 15, 30])
    it(`is right within 1.5 % everywhere with a card at ${tilt} degrees`, async () => {
      const camera: PlaneCamera = {width: 1000, height: 750, pxPerMm: 5, middle: [0, 0], tilt, towards: 60, turn: 25};
      const found = findScale(await photograph({camera, color: cardScene()}), {from: 'card'})!;
      expect(
        largestError(camera, found, [
          [-60, 40],
          [0, 0],
          [60, 40],
          [0, -50],
        ]),
      ).to.be.below(0.015);
      expect(found.scale.tilt).to.be.closeTo(tilt, tilt === 0 ? 4 : 1.5);
      expect(found.scale.pxPerMm).to.be.closeTo(5 * Math.sqrt(Math.cos((tilt * Math.PI) / 180)), 0.1);
      expect(found.objects.map(({kind}) => kind)).to.deep.equal(['card']);
      expect(found.regions).to.equal(undefined);
    });

  for (const kind of ['a4', 'letter'] as const)
    for (const tilt of [0, 25])
      it(`is right within 1.5 % on ${kind} with grains on it, at ${tilt} degrees`, async () => {
        const [width, height] = SHEETS[kind];
        const [sheet, grains] = [box(0, 0, width, height), scatteredGrains(80, [10, 10, width - 20, height - 20], 3)];
        const middle = [width / 2, height / 2] as const;
        const camera: PlaneCamera = {width: 1000, height: 750, pxPerMm: 2.1, middle, tilt, towards: 20, turn: 80};
        const picture = await photograph({
          camera,
          color: (x, y) => (!sheet(x, y) ? [110, 85, 60] : grains(x, y) ? [200, 180, 130] : [245, 245, 240]),
        });
        const found = findScale(picture, {from: kind})!;
        expect(largestError(camera, found, [[20, 20], middle, [width - 20, height - 20]])).to.be.below(0.015);
        // Grains on the sheet must not be taken for a part of it.
        expect(found.objects).to.deep.equal([]);
        expect(found.regions).to.have.length(1);
        expect(found.scale.description).to.match(kind === 'a4' ? /^sheet of A4 at / : /^sheet of Letter at /);
      });

  it('is an error where what has four sides has not those of a card', async () => {
    const camera: PlaneCamera = {width: 1000, height: 750, pxPerMm: 5, middle: [0, 0]};
    const picture = await photograph({camera, color: cardScene(70)});
    expect(() => findScale(picture, {from: 'card'})).to.throw(
      /^a card of 85.6 x 53.98 mm was not found in the picture: something with four sides is around .* % off 1.59 to 1$/,
    );
  });
});
