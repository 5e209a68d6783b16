import {expect} from 'chai';
import {labOf} from '../../../src/scanning/measures/lab.ts';
import {measureOutline} from '../../../src/scanning/measures/measure-outline.ts';
import type {Point} from '../../../src/scanning/types.ts';

function ellipse(a: number, b: number, degrees: number, [x, y]: Point = [500, 300], points = 720): Point[] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return Array.from({length: points}, (_, i) => {
    const t = (2 * Math.PI * i) / points;
    const [u, v] = [a * Math.cos(t), b * Math.sin(t)];
    return [x + u * cos - v * sin, y + u * sin + v * cos];
  });
}

describe('measures of an outline', () => {
  it('are those of an ellipse by its formulas', () => {
    for (const degrees of [0, 20, 45, 100, 179]) {
      const [a, b] = [100, 24];
      const found = measureOutline(ellipse(a, b, degrees));
      expect(found.area).to.be.closeTo(Math.PI * a * b, 2);
      // Ramanujan's second formula.
      const h = ((a - b) / (a + b)) ** 2;
      expect(found.perimeter).to.be.closeTo(Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h))), 0.05);
      expect(found.feret).to.be.closeTo(2 * a, 0.01);
      expect(found.length).to.be.closeTo(2 * a, 0.05);
      expect(found.width).to.be.closeTo(2 * b, 0.05);
      expect(Math.abs(((found.angle - degrees + 270) % 180) - 90)).to.be.below(0.5);
      expect([found.x, found.y][0]).to.be.closeTo(500, 1e-6);
      expect(found.y).to.be.closeTo(300, 1e-6);
      expect(found.solidity).to.be.closeTo(1, 1e-6);
    }
  });

  it('do not depend on direction, start or place', () => {
    const outline = ellipse(60, 20, 33, [3e4, 2e4]);
    const turned = [...outline.slice(100), ...outline.slice(0, 100)].reverse();
    const [one, other] = [measureOutline(outline), measureOutline(turned)];
    for (const key of ['area', 'perimeter', 'length', 'width', 'feret', 'x', 'y'] as const)
      expect(one[key], key).to.be.closeTo(other[key], 1e-6);
  });

  it('tell a circle, a square and a star', () => {
    expect(measureOutline(ellipse(50, 50, 0)).circularity).to.be.closeTo(1, 1e-4);
    const square: Point[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    expect(measureOutline(square)).to.include({area: 100, perimeter: 40, length: 10, width: 10, ratio: 1, solidity: 1});
    expect(measureOutline(square).circularity).to.be.closeTo(Math.PI / 4, 1e-9);
    const star = ellipse(50, 50, 0, [0, 0], 10).map(([x, y], i): Point => (i % 2 ? [x * 0.4, y * 0.4] : [x, y]));
    expect(measureOutline(star).solidity).to.be.below(0.6);
  });
});

describe('L*a*b* of a color', () => {
  it('is that of published tables (D65)', () => {
    const known: [number[], number[]][] = [
      [
        [255, 255, 255],
        [100, 0, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [255, 0, 0],
        [53.24, 80.09, 67.2],
      ],
      [
        [0, 128, 0],
        [46.23, -51.7, 49.9],
      ],
      [
        [0, 0, 255],
        [32.3, 79.19, -107.86],
      ],
      [
        [128, 128, 128],
        [53.59, 0, 0],
      ],
    ];
    for (const [[red, green, blue], [L, a, b]] of known) {
      const found = labOf(red, green, blue);
      expect(found.L, `L of ${[red, green, blue]}`).to.be.closeTo(L, 0.03);
      expect(found.a).to.be.closeTo(a, 0.03);
      expect(found.b).to.be.closeTo(b, 0.03);
    }
  });
});
