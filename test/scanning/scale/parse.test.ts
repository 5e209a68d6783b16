import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {findScale} from '../../../src/scanning/scale/find-scale.ts';
import {parseScale, type ScaleFlags} from '../../../src/scanning/scale/parse.ts';
import type {ScaleRequest} from '../../../src/scanning/scale/types.ts';
import {drawFrame} from '../../helpers/images.ts';

const RIGHT: [ScaleFlags, ScaleRequest][] = [
  [{}, {from: 'auto'}],
  [{pxPerMm: 12.5}, {from: 'px-per-mm', pxPerMm: 12.5}],
  [{dpi: 600}, {from: 'dpi', dpi: 600}],
  [{reference: 'coin:23.25'}, {from: 'coin', diameter: 23.25}],
  [
    {reference: 'Coin:Quarter', referenceAt: '10, 20.5'},
    {from: 'coin', diameter: 24.26, at: [10, 20.5]},
  ],
  [{reference: 'coin:24.26mm'}, {from: 'coin', diameter: 24.26}],
  [
    {reference: 'card', referenceAt: '1020,380'},
    {from: 'card', at: [1020, 380]},
  ],
  [{reference: 'a4'}, {from: 'a4'}],
  [{reference: 'letter'}, {from: 'letter'}],
  [{reference: 'target'}, {from: 'target'}],
  [{reference: 'target:97.5'}, {from: 'target', bar: 97.5}],
];

const WRONG: [ScaleFlags, RegExp][] = [
  [{pxPerMm: 12, dpi: 300}, /--px-per-mm and --dpi each say the scale/],
  [{dpi: 300, reference: 'card'}, /--dpi and --reference each say/],
  [{referenceAt: '1,2'}, /--reference does not say what it is/],
  [{reference: 'coin'}, /does not say how large/],
  [{reference: 'coin:'}, /does not say how large/],
  [{reference: 'coin:23,25'}, /neither a diameter nor a known coin/],
  [{reference: 'coin:constructor'}, /neither a diameter nor a known coin/],
  [{reference: 'coin:0'}, /out of range: it must be between 5 and 200/],
  [{reference: 'card:85'}, /takes no size/],
  [{reference: 'carrd'}, /is not known/],
  [{reference: 'target:1'}, /between 50 and 200/],
  [{reference: 'target', referenceAt: '1,2'}, /whose markers say where it is/],
  [{reference: 'card', referenceAt: '1;2'}, /is not a place in the picture/],
  [{reference: 'card', referenceAt: '-1,2'}, /is not a place in the picture/],
  [{reference: 'card', referenceAt: '1,2,3'}, /is not a place in the picture/],
  [{pxPerMm: 0}, /--px-per-mm 0 is out of range/],
  [{dpi: 1e9}, /--dpi 1000000000 is out of range/],
];

describe('what is said of the scale', () => {
  for (const [flags, request] of RIGHT)
    it(`is understood: ${JSON.stringify(flags)}`, () => expect(parseScale(flags)).to.deep.equal(request));

  for (const [flags, message] of WRONG)
    it(`is refused: ${JSON.stringify(flags)}`, () => {
      try {
        parseScale(flags);
      } catch (error) {
        const {code, message: text, suggestions} = error as RiceError;
        expect(['USAGE', 'OUT_OF_RANGE']).to.include(code);
        expect(text).to.match(message);
        expect(suggestions).to.not.have.length(0);
        return;
      }
      throw new Error('it was understood');
    });

  it('is taken as it is told, and from a file only if a scanner wrote it', () => {
    const picture = drawFrame(40, 30, () => [9, 9, 9]);
    const pxPerMm = (...args: [ScaleRequest, Parameters<typeof findScale>[2]?]) =>
      findScale(picture, ...args)?.scale.pxPerMm;
    expect(pxPerMm({from: 'px-per-mm', pxPerMm: 11})).to.equal(11);
    expect(pxPerMm({from: 'dpi', dpi: 254})).to.be.closeTo(10, 1e-9);
    const density = (dpiX: number, dpiY = dpiX, camera = false) => ({dpiX, dpiY, camera});
    expect(pxPerMm({from: 'auto'}, density(600))).to.be.closeTo(600 / 25.4, 1e-9);
    expect(findScale(picture, {from: 'auto'}, density(600))?.scale.source).to.equal('file');
    for (const doubtful of [density(72), density(149), density(300, 300, true), density(204, 98), undefined])
      expect(pxPerMm({from: 'auto'}, doubtful)).to.equal(undefined);
  });
});
