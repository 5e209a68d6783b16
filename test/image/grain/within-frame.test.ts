import {expect} from 'chai';
import type {Frame} from '../../../src/image/frame.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {type Color, drawFrame, drawGrain, type GrainDrawing} from '../../helpers/images.ts';

const WINDOW = {width: 120, height: 56};
const WHITE: Color = [255, 255, 255];
const GRAIN = {size: 250, length: 150, width: 60, angle: 25};

describe('image: pictures with a frame around them', () => {
  for (const [name, background] of Object.entries({black: [0, 0, 0] as Color, blue: [40, 80, 160] as Color}))
    it(`finds the grain on ${name} within a white frame`, () => {
      const bare = prepareFrame(drawGrain({...GRAIN, background}), WINDOW).grain!;
      const {grain, notes} = prepareFrame(framed({...GRAIN, background}, 8), WINDOW);
      if (!grain) throw new Error('no grain was found');
      expect(notes).to.deep.equal([]);
      expect(grain.objects).to.equal(1);
      for (const axis of ['x', 'y'] as const) expect(grain[axis], axis).to.be.closeTo(bare[axis] + 8, 1);
      for (const size of ['length', 'width', 'area'] as const) expect(grain[size] / bare[size]).to.be.closeTo(1, 0.03);
    });

  it('finds no grain in an empty frame, and none that touches the frame', () => {
    const empty = framed({...GRAIN, length: 0.001, width: 0.001}, 8);
    expect(prepareFrame(empty, WINDOW).grain).to.equal(undefined);
    expect(prepareFrame(framed({...GRAIN, x: 20}, 8), WINDOW).grain).to.equal(undefined);
  });
});

/** A drawn grain with a white rim around the picture. */
function framed(drawing: GrainDrawing, rim: number): Frame {
  const {width, height, data} = drawGrain(drawing);
  return drawFrame(width + 2 * rim, height + 2 * rim, (column, row) => {
    const [x, y] = [column - rim, row - rim];
    if (x < 0 || y < 0 || x >= width || y >= height) return WHITE;
    const at = (y * width + x) * 3;
    return [data[at], data[at + 1], data[at + 2]];
  });
}
