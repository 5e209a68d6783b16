import {expect} from 'chai';
import {endWidth, findCut} from '../../../src/scanning/grading/end-width.ts';
import type {Outline, Point} from '../../../src/scanning/types.ts';

const ellipse = (length: number, width: number): Point[] =>
  Array.from({length: 200}, (_, i) => {
    const t = (i / 200) * 2 * Math.PI;
    return [(length / 2) * Math.cos(t), (width / 2) * Math.sin(t)];
  });
const turned = (outline: Outline, degrees: number): Outline => {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return outline.map(([x, y]) => [x * cos - y * sin, x * sin + y * cos]);
};

describe('the width of an end', () => {
  it('is that of an ellipse by its equation, at any angle', () => {
    for (const ratio of [1.6, 2, 3, 4.2])
      for (const angle of [0, 37, 90, 171]) {
        // At a quarter of the width from the tip, x = a - w / 4, so y / b = sqrt(1 - (1 - 1 / (2 ratio))^2).
        const expected = Math.sqrt(1 - (1 - 1 / (2 * ratio)) ** 2);
        const outline = turned(ellipse(100 * ratio, 100), angle);
        expect(endWidth({outline, angle}), `ratio ${ratio}, ${angle} degrees`).to.be.closeTo(expected, 0.005);
      }
  });

  it('tells cut ends from others, on either side, and the cut side of a piece that is wider than long', () => {
    const half = ellipse(400, 100).filter(([x]) => x <= 0);
    expect(findCut({outline: ellipse(400, 100), angle: 0})).to.equal('none');
    expect(findCut({outline: half, angle: 0})).to.equal('end');
    expect(findCut({outline: half.map(([x, y]) => [-x, y]), angle: 0})).to.equal('end');
    // A third of a round grain: 115 x 72, of which 38 are left.
    const third = ellipse(115, 72).filter(([x]) => x <= -19);
    expect(findCut({outline: third, angle: 90})).to.equal('side');
  });

  it('says nothing of an outline without a shape', () => {
    expect(findCut({outline: [], angle: 0})).to.equal(undefined);
    const line: Outline = Array.from({length: 9}, (_, i) => [i, 0]);
    expect(findCut({outline: line, angle: 0})).to.equal(undefined);
  });
});
