import {expect} from 'chai';
import {placeFrame} from '../../../src/image/resize/placement.ts';

describe('image: placement', () => {
  const scaled = (side: number, cropPct: number) =>
    placeFrame({width: 1000, height: 1000}, {width: side, height: side}, 'crop', cropPct).size.width;

  it('scales to the same size as timm and torchvision', () => {
    // timm: floor(size / crop_pct), according to its documentation of crop_pct.
    for (const [side, cropPct, expected] of [
      [224, 0.875, 256],
      [224, 0.9, 248],
      [224, 0.95, 235],
      [288, 0.96, 300],
      [384, 1, 384],
    ])
      expect(scaled(side, cropPct)).to.equal(expected);
    // torchvision has both sizes as parameters; crop_pct is their quotient.
    for (const [crop, resize] of [
      [224, 232],
      [224, 236],
      [299, 342],
      [480, 493],
      [240, 255],
    ])
      expect(scaled(crop, crop / resize)).to.equal(resize);
  });

  it('is not affected by floating-point error in cropPct', () => {
    for (let side = 32; side <= 1024; side += 8)
      for (let thousandths = 500; thousandths <= 1000; thousandths++) {
        const cropPct = thousandths / 1000;
        const exact = Math.floor((side * 1000) / thousandths);
        expect(scaled(side, cropPct), `${side} / ${cropPct}`).to.equal(exact);
      }
  });

  it('crops the center, rounding halves to even like Python', () => {
    const regionOf = (width: number, height: number) =>
      placeFrame({width, height}, {width: 10, height: 10}, 'crop', 1).region;
    expect(regionOf(15, 10)).to.deep.equal({left: 2, top: 0, width: 10, height: 10});
    expect(regionOf(10, 17)).to.deep.equal({left: 0, top: 4, width: 10, height: 10});
  });

  it('puts the odd row or column of a letterbox after the picture', () => {
    const window = {width: 20, height: 21};
    expect(placeFrame({width: 40, height: 20}, window, 'letterbox', 1)).to.deep.equal({
      size: {width: 20, height: 10},
      region: {left: 0, top: 0, width: 20, height: 10},
      x: 0,
      y: 5,
    });
  });
});
