import {expect} from 'chai';
import type {Frame} from '../../../src/image/frame.ts';
import {findGrain, type GrainMeasurements} from '../../../src/image/grain/find-grain.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {type Color, drawFrame, drawGrain, type GrainDrawing} from '../../helpers/images.ts';

const WINDOW = {width: 120, height: 56};

/** The drawn ellipse at a frame side of 250; its size is proportional to the side. */
function drawn(size: number, angle: number, more: Partial<GrainDrawing> = {}): GrainDrawing & {x: number; y: number} {
  const scale = size / 250;
  return {size, length: 160 * scale, width: 62 * scale, angle, x: 120.3 * scale, y: 131.8 * scale, ...more};
}

function expectMeasured(grain: GrainMeasurements | undefined, expected: GrainDrawing & {x: number; y: number}): void {
  const scale = expected.size / 250;
  if (!grain) throw new Error('no grain was found');
  expect(grain.x, 'x').to.be.closeTo(expected.x, 0.5 * scale);
  expect(grain.y, 'y').to.be.closeTo(expected.y, 0.5 * scale);
  expect(grain.length, 'length').to.be.closeTo(expected.length, 2.5 * scale);
  expect(grain.width, 'width').to.be.closeTo(expected.width, 2.5 * scale);
  const area = (Math.PI / 4) * expected.length * expected.width;
  expect(grain.area / area, 'area').to.be.closeTo(1, 0.035);
  const turn = Math.abs(grain.angle - (((expected.angle ?? 0) % 180) + 180)) % 180;
  expect(Math.min(turn, 180 - turn), 'angle').to.be.below(0.7);
  expect(grain.angle).to.be.within(0, 179.999999);
  expect(grain.objects).to.equal(1);
}

describe('image: grain', () => {
  for (const size of [224, 250, 400, 499, 500, 1000, 3000])
    for (const angle of size === 3000 ? [40] : [0, 17, 45, 90, 133, 179])
      it(`measures an ellipse at ${angle} degrees in a frame of ${size}`, () => {
        const drawing = drawn(size, angle, {noise: 3});
        expectMeasured(prepareFrame(drawGrain(drawing), WINDOW).grain, drawing);
      });

  const backgrounds: Record<string, [Color, Color]> = {
    black: [
      [0, 0, 0],
      [215, 217, 225],
    ],
    grey: [
      [128, 128, 128],
      [215, 217, 225],
    ],
    white: [
      [255, 255, 255],
      [205, 205, 215],
    ],
    blue: [
      [30, 60, 190],
      [215, 217, 225],
    ],
    'white, under a dark grain': [
      [250, 250, 250],
      [60, 40, 30],
    ],
  };
  for (const [name, [background, color]] of Object.entries(backgrounds))
    it(`measures on ${name} with noise`, () => {
      for (const angle of [5, 80, 120]) {
        const drawing = drawn(250, angle, {background, color, noise: 6});
        expectMeasured(prepareFrame(drawGrain(drawing), WINDOW).grain, drawing);
      }
    });

  it('measures at any position', () => {
    for (const [x, y] of [
      [40, 40],
      [210, 60],
      [60, 205],
      [200, 200],
    ]) {
      const drawing = drawn(250, 30, {length: 70, width: 30, x, y});
      expectMeasured(findGrain(drawGrain(drawing)), drawing as GrainDrawing & {x: number; y: number});
    }
  });

  it('measures frames that are not square', () => {
    const tall = drawGrain(drawn(250, 100, {length: 100, width: 40, x: 60, y: 125}));
    const cut = crop(tall, 120, 250);
    expectMeasured(findGrain(cut), drawn(250, 100, {length: 100, width: 40, x: 60, y: 125}) as never);
  });

  it('counts grain-like objects, but not dust', () => {
    const frame = drawGrain(drawn(250, 20, {length: 80, width: 30, x: 70, y: 70}));
    paste(frame, drawGrain(drawn(250, 100, {length: 70, width: 28, x: 180, y: 180})));
    for (const [x, y] of [
      [20, 200],
      [200, 20],
      [120, 230],
    ])
      paste(frame, drawGrain(drawn(250, 0, {length: 4, width: 4, x, y})));
    const grain = findGrain(frame);
    expect(grain?.objects).to.equal(2);
    expect(grain?.x).to.be.closeTo(70, 0.6);
  });

  it('fills holes: glare of the color of the background does not change the measurements', () => {
    const drawing = drawn(250, 60);
    const frame = drawGrain(drawing);
    for (let y = 125; y < 138; y++) frame.data.fill(0, (y * 250 + 114) * 3, (y * 250 + 127) * 3);
    expectMeasured(findGrain(frame), drawing);
  });

  for (const [name, background] of Object.entries({black: [0, 0, 0] as Color, grey: [70, 70, 70] as Color}))
    it(`finds a grain on ${name} with others across the border, and counts them`, () => {
      const middle = drawn(250, 70, {length: 120, width: 42, background, noise: 3});
      const frame = drawGrain(middle);
      paste(frame, drawGrain(drawn(250, 10, {length: 150, width: 60, x: 20, y: 4, background})));
      paste(frame, drawGrain(drawn(250, 85, {length: 150, width: 60, x: 248, y: 190, background})));
      const {grain, notes} = prepareFrame(frame, WINDOW);
      expect(grain?.objects).to.equal(3);
      expectMeasured({...grain!, objects: 1}, middle);
      expect(notes).to.deep.equal([]);
    });

  it('notes that a part may be missing if the grain is at the border', () => {
    for (const y of [245, 210]) {
      const {grain, notes} = prepareFrame(drawGrain(drawn(250, 90, {length: 140, width: 90, y})), WINDOW);
      expect(grain?.objects).to.equal(1);
      expect(notes).to.deep.equal(['the grain touches the border of the picture: a part of it may be missing']);
    }
  });

  const empty: Record<string, Frame> = {
    'plain black': drawFrame(250, 250, () => [0, 0, 0]),
    'plain white': drawFrame(250, 250, () => [255, 255, 255]),
    'faint noise': drawGrain(drawn(250, 0, {color: [20, 20, 20], background: [20, 20, 20], noise: 6})),
    'strong noise': drawGrain(drawn(250, 0, {color: [128, 128, 128], background: [128, 128, 128], noise: 100})),
    'a speck': drawGrain(drawn(250, 0, {length: 6, width: 6})),
    'a frame full of grain': drawGrain(drawn(250, 0, {length: 330, width: 290, x: 125, y: 125})),
    'one pixel': drawFrame(1, 1, () => [200, 10, 10]),
    'one row': drawFrame(300, 1, (x) => [x % 256, 0, 0]),
  };
  for (const [name, frame] of Object.entries(empty))
    it(`finds no grain in ${name}`, () => {
      expect(findGrain(frame)).to.equal(undefined);
    });
});

function crop({data, width}: Frame, toWidth: number, height: number): Frame {
  return drawFrame(toWidth, height, (x, y) => {
    const i = (y * width + x) * 3;
    return [data[i], data[i + 1], data[i + 2]];
  });
}

function paste(onto: Frame, other: Frame): void {
  other.data.forEach((level, i) => {
    onto.data[i] = Math.max(onto.data[i], level);
  });
}
