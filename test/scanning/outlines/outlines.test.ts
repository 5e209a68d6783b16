import {expect} from 'chai';
import {areaOf, measureOutline} from '../../../src/scanning/measures/measure-outline.ts';
import {coverageOf} from '../../../src/scanning/outlines/coverage.ts';
import {simplify} from '../../../src/scanning/outlines/simplify.ts';
import {traceContour} from '../../../src/scanning/outlines/trace-contour.ts';

/** A field that is the distance to the edge of a disk, positive inside. */
function disk(
  width: number,
  height: number,
  x: number,
  y: number,
  radius: number,
  into = new Float32Array(width * height).fill(-9),
) {
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const inside = radius - Math.hypot(column + 0.5 - x, row + 0.5 - y);
      into[row * width + column] = Math.max(into[row * width + column], inside);
    }
  return into;
}

describe('the contour of a field', () => {
  it('lies between the pixels, where the field is zero', () => {
    for (const [x, y] of [
      [20, 20],
      [20.3, 19.6],
    ]) {
      const contour = traceContour(disk(40, 40, x, y, 12.4), 40, 40)!;
      for (const point of contour) expect(Math.hypot(point[0] - x, point[1] - y)).to.be.closeTo(12.4, 0.03);
      const measured = measureOutline(contour);
      expect(measured.area).to.be.closeTo(Math.PI * 12.4 ** 2, 1);
      expect(measured.x).to.be.closeTo(x, 0.02);
      expect(measured.perimeter).to.be.closeTo(2 * Math.PI * 12.4, 0.3);
    }
  });

  it('is that of the largest of several, closed where the grid ends, and none of nothing', () => {
    const two = disk(60, 30, 45, 15, 9, disk(60, 30, 10, 15, 5));
    expect(measureOutline(traceContour(two, 60, 30)!).x).to.be.closeTo(45, 0.1);
    const cut = traceContour(disk(20, 20, 0, 10, 8), 20, 20)!;
    expect(areaOf(cut)).to.be.within(85, 110);
    expect(traceContour(new Float32Array(100).fill(-1), 10, 10)).to.equal(undefined);
    expect(areaOf(traceContour(new Float32Array(100).fill(1), 10, 10)!)).to.be.closeTo(100, 12);
  });

  it('has the same area when its pixels are covered again, and keeps it when it is simplified', () => {
    const contour = traceContour(disk(50, 50, 24.2, 26.1, 15), 50, 50)!;
    const covered = coverageOf(contour, 50, 50).reduce((sum, share) => sum + share, 0);
    expect(covered).to.be.closeTo(areaOf(contour), 1);
    const simple = simplify(contour, 0.2);
    expect(simple.length).to.be.below(contour.length / 2);
    expect(areaOf(simple)).to.be.closeTo(areaOf(contour), 0.015 * areaOf(contour));
  });

  it('survives checkerboards', () => {
    const board = Float32Array.from({length: 2500}, (_, i) => (((i % 50) + Math.floor(i / 50)) % 2 ? 1 : -1));
    expect(traceContour(board, 50, 50)!.length).to.be.above(2);
  });
});
