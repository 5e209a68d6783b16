import {expect} from 'chai';
import {gradeGrains} from '../../../src/scanning/grading/grade-grains.ts';
import {HiddenEnds} from '../../../src/scanning/grading/hidden-ends.ts';
import type {Point} from '../../../src/scanning/types.ts';
import {GrainMaker, KINDS} from '../../helpers/scanning/made-grains.ts';

const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const grain = (outline: Point[], angle = 0) => ({outline, angle, width: 20});

describe('ends that another grain may cover', () => {
  it('are those that border on another grain with most of their outline', () => {
    const short = grain(box(0, 0, 50, 20));
    const across = grain(box(51, -40, 71, 60), 90);
    const beside = grain(box(0, 21, 80, 41));
    const tip = grain([
      [51, 10],
      [90, 0],
      [90, 20],
    ]);
    expect(new HiddenEnds([short, across]).has(0)).to.equal(true);
    expect(new HiddenEnds([short, across]).has(1)).to.equal(false);
    expect(new HiddenEnds([short, beside]).has(0)).to.equal(false);
    expect(new HiddenEnds([short, tip]).has(0)).to.equal(false);
    expect(new HiddenEnds([short]).has(0)).to.equal(false);
  });

  it('leave a short grain undecided, where a whole one beside it stays whole', () => {
    const whole = new GrainMaker('hidden').some(KINDS.Basmati, 40);
    const far = whole.map((one, i) => ({...one, outline: one.outline.map(([x, y]): Point => [x + 500 * (i + 2), y])}));
    const size = {...whole[0], length: 80, width: 46, angle: 0, touching: true};
    const short = {...size, outline: box(0, 0, 80, 46)};
    const cover = {...whole[1], touching: true, angle: 90, outline: box(81, -70, 127, 120)};
    const [covered, covering] = gradeGrains([short, cover, ...far]);
    expect(covered).to.deep.equal({discolored: false});
    expect(covering.broken).to.equal(false);
    const [alone] = gradeGrains([short, ...far]);
    expect(alone.broken).to.equal(true);
  });
});
