import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {findScale} from '../../../src/scanning/scale/find-scale.ts';
import type {ScaleRequest} from '../../../src/scanning/scale/types.ts';
import {drawFrame, randomNumbers} from '../../helpers/images.ts';

const random = randomNumbers(1);
const gray = (level: number): [number, number, number] => [level, level, level];

/** Pictures that have very many edges, circles, corners or none. */
const PICTURES = {
  'all black': drawFrame(900, 700, () => gray(0)),
  noise: drawFrame(900, 700, () => gray(random() * 255)),
  specks: drawFrame(1500, 1200, (x, y) => gray(x % 6 < 3 === y % 5 < 2 ? 230 : 20)),
  rings: drawFrame(900, 700, (x, y) => gray(Math.abs(Math.hypot((x % 90) - 45, (y % 90) - 45) - 40) < 2 ? 230 : 20)),
  squares: drawFrame(900, 700, (x, y) => gray(x % 60 < 40 && y % 60 < 40 ? 20 : 230)),
  'one pixel': drawFrame(1, 1, () => gray(9)),
  'two rows': drawFrame(2000, 2, () => gray(random() * 255)),
};
const REQUESTS: ScaleRequest[] = [
  {from: 'coin', diameter: 23.25},
  {from: 'coin', diameter: 23.25, at: [0, 0]},
  {from: 'card'},
  {from: 'a4'},
  {from: 'target'},
];

describe('the search for a reference', () => {
  for (const [name, picture] of Object.entries(PICTURES))
    it(`ends with an answer or a clear error: ${name}`, () => {
      expect(findScale(picture, {from: 'auto'})).to.equal(undefined);
      for (const request of REQUESTS)
        try {
          const found = findScale(picture, request)!;
          expect(found.scale.pxPerMm).to.be.within(1, 1000);
        } catch (error) {
          expect((error as RiceError).code, String(error)).to.equal('REFERENCE_NOT_FOUND');
        }
    });
});
