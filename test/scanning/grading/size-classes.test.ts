import {expect} from 'chai';
import {sizeClasses} from '../../../src/scanning/grading/size-classes.ts';

describe('classes of size', () => {
  it('by USDA: written with one decimal, 3.0 is long, 2.9 and 2.0 medium, 1.9 short', () => {
    const usda = (ratio: number) => sizeClasses(ratio).usda;
    expect([3.6, 3, 2.95, 2.949, 2.9, 2, 1.95, 1.949, 1.9, 1.2].map(usda)).to.deep.equal([
      'long',
      'long',
      'long',
      'medium',
      'medium',
      'medium',
      'medium',
      'short',
      'short',
      'short',
    ]);
  });

  it('by the EU: at and beside its limits of 5.2 and 6.0 mm and of ratios 2 and 3', () => {
    const cases: [number, number, string | undefined][] = [
      [5.2, 1.99, 'round'],
      [5.2, 2, undefined],
      [5.21, 1.5, 'medium'],
      [6, 3, 'medium'],
      [6, 3.01, undefined],
      [6.01, 2, undefined],
      [6.01, 2.01, 'long A'],
      [7, 2.99, 'long A'],
      [7, 3, 'long B'],
      [6.01, 4.2, 'long B'],
    ];
    for (const [length, ratio, name] of cases)
      expect(sizeClasses(ratio, length).eu, `${length} mm, ratio ${ratio}`).to.equal(name);
  });

  it('by Codex: 6.6 mm is long, 6.2 medium', () => {
    const codex = (length: number) => sizeClasses(3, length).codex;
    expect([6.6, 6.59, 6.2, 6.19].map(codex)).to.deep.equal(['long', 'medium', 'medium', 'short']);
  });

  it('need millimeters, except the USDA', () => {
    expect(sizeClasses(2.5)).to.deep.equal({usda: 'medium'});
  });
});
