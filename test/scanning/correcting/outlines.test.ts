import {expect} from 'chai';
import {cutOutline} from '../../../src/scanning/correcting/cut-outline.ts';
import {contains, joinOutlines} from '../../../src/scanning/correcting/join-outlines.ts';
import {areaOf, measureOutline} from '../../../src/scanning/measures/measure-outline.ts';
import type {Outline} from '../../../src/scanning/types.ts';

/** A circle of 60 points. */
const circle = (x: number, y: number, radius: number): Outline =>
  Array.from({length: 60}, (_, i) => {
    const turn = (2 * Math.PI * i) / 60;
    return [x + radius * Math.cos(turn), y + radius * Math.sin(turn)];
  });
const U: Outline = [
  [0, 0],
  [10, 0],
  [10, 30],
  [20, 30],
  [20, 0],
  [30, 0],
  [30, 40],
  [0, 40],
];

describe('cutting an outline', () => {
  it('gives two parts that have its area', () => {
    const whole = circle(50, 50, 20);
    for (const angle of [0, 0.7, 1.57, 2.9]) {
      const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
      const parts = cutOutline(whole, [50 - 5 * dx, 50 - 5 * dy], [50 + 5 * dx, 50 + 5 * dy])!;
      for (const part of parts) expect(areaOf(part)).to.be.closeTo(areaOf(whole) / 2, 2);
      expect(areaOf(parts[0]) + areaOf(parts[1])).to.be.closeTo(areaOf(whole), 1e-6);
    }
  });

  it('cuts where the line was drawn, not where its continuation meets the outline again', () => {
    const parts = cutOutline(U, [-2, 10], [12, 10])!;
    expect(parts.map(areaOf).sort((a, b) => a - b)).to.deep.equal([100, areaOf(U) - 100]);
  });

  it('does nothing where the line is beside it, along it or a point', () => {
    const whole = circle(50, 50, 20);
    expect(cutOutline(whole, [0, 0], [100, 0])).to.equal(undefined);
    expect(cutOutline(whole, [80, 50], [90, 50])).to.equal(undefined);
    expect(cutOutline(whole, [50, 50], [50, 50])).to.equal(undefined);
  });
});

describe('joining outlines', () => {
  it('goes around both, whatever their direction', () => {
    const half = (side: 1 | -1): Outline => [
      [50, 40],
      [50, 45],
      [50, 50],
      [50, 55],
      [50, 60],
      [50 + 30 * side, 60],
      [50 + 30 * side, 50],
      [50 + 30 * side, 40],
    ];
    for (const [a, b] of [
      [half(1), half(-1)],
      [half(-1), [...half(1)].reverse()],
    ]) {
      const {area, length, width, perimeter} = measureOutline(joinOutlines(a, b));
      expect(area).to.be.closeTo(1200, 1);
      expect([length, width]).to.deep.equal([60, 20]);
      expect(perimeter).to.be.closeTo(160, 1);
    }
  });

  it('puts the parts of a cut together again', () => {
    const whole = circle(50, 50, 20);
    const joined = joinOutlines(...cutOutline(whole, [45, 30], [56, 71])!);
    expect(areaOf(joined)).to.be.closeTo(areaOf(whole), 1);
    expect(measureOutline(joined).feret).to.be.closeTo(40, 0.2);
  });

  it('covers grains with a gap between them', () => {
    const joined = joinOutlines(circle(30, 50, 15), circle(64, 50, 15));
    expect(measureOutline(joined).length).to.be.closeTo(64, 0.3);
    expect(contains(joined, [47, 50])).to.equal(true);
  });
});

describe('a point in an outline', () => {
  it('is told from one beside it', () => {
    expect(contains(U, [5, 5])).to.equal(true);
    expect(contains(U, [15, 5])).to.equal(false);
    expect(contains(U, [15, 35])).to.equal(true);
    expect(contains(U, [31, 35])).to.equal(false);
  });
});
