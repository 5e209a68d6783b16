import {expect} from 'chai';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {type Color, drawGrain} from '../../helpers/images.ts';

const WINDOW = {width: 120, height: 56};
const BACKGROUNDS: Record<string, Color> = {black: [0, 0, 0], grey: [64, 64, 64], 'bright grey': [154, 154, 154]};

describe('image: small grains of large pictures', () => {
  for (const [name, background] of Object.entries(BACKGROUNDS))
    for (const [length, width] of [
      [248, 50],
      [155, 36],
      [130, 62],
    ])
      it(`measures one of ${length} x ${width} pixels on ${name}`, () => {
        const drawing = {size: 2500, x: 1140, y: 1222, length, width, angle: 37, background};
        const {grain, notes} = prepareFrame(drawGrain(drawing), WINDOW);
        if (!grain) throw new Error('no grain was found');
        expect(notes).to.deep.equal([]);
        expect(grain.objects).to.equal(1);
        expect(grain.length / length, 'length').to.be.closeTo(1, 0.04);
        expect(grain.width / width, 'width').to.be.closeTo(1, 0.06);
        expect(grain.area / ((Math.PI / 4) * length * width), 'area').to.be.closeTo(1, 0.08);
        expect(Math.hypot(grain.x - 1140, grain.y - 1222), 'place').to.be.below(4);
        expect(grain.angle, 'angle').to.be.closeTo(37, 2);
      });

  it('does not mistake a speck on black for a grain', () => {
    const speck = drawGrain({size: 2500, x: 1140, y: 1222, length: 36, width: 30});
    expect(prepareFrame(speck, WINDOW).grain).to.equal(undefined);
  });
});
