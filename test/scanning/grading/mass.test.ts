import {expect} from 'chai';
import {grainMass, relativeMass} from '../../../src/scanning/grading/mass.ts';

describe('the mass of a grain', () => {
  it('is within the published range of milled US varieties', () => {
    // Means of the published sizes in mm, and masses in mg: long, medium and short grain.
    for (const [length, width, least, most] of [
      [7, 2.05, 15, 21],
      [5.7, 2.5, 17, 21],
      [5.1, 2.7, 18, 22],
    ])
      expect(grainMass({length, width}), `${length} x ${width}`).to.be.within(least, most);
  });

  it('is 18 mg for a long grain of 7 x 2.05 mm, computed apart', () => {
    // pi / 6 x 7.0 x 2.05 x 1.65 = 12.40 mm3; by 1.45 mg/mm3 17.98 mg.
    expect(grainMass({length: 7, width: 2.05})).to.be.closeTo(17.98, 0.02);
  });

  it('is half for half of a grain, and needs no unit to be compared', () => {
    const whole = {area: 100, width: 20};
    expect(relativeMass({area: 50, width: 20}) / relativeMass(whole)).to.equal(0.5);
  });
});
