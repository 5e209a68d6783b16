import {expect} from 'chai';
import {minimize} from '../../../../src/training/teach/fit/minimize.ts';

describe('minimize', () => {
  it('finds the minimum of the Rosenbrock function, whose valley is bent', () => {
    const found = minimize(
      ([x, y], gradient) => {
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      {iterations: 200, tolerance: 1e-9},
    );
    expect(found[0]).to.be.closeTo(1, 1e-6);
    expect(found[1]).to.be.closeTo(1, 1e-6);
  });

  it('finds the minimum of a quadratic function of many numbers, and does not change the start', () => {
    const start = new Float64Array(40).fill(3);
    const found = minimize(
      (x, gradient) => {
        let value = 0;
        x.forEach((element, i) => {
          const scale = 1 + i * i;
          gradient[i] = scale * (element - i);
          value += (scale * (element - i) ** 2) / 2;
        });
        return value;
      },
      start,
      {tolerance: 1e-8},
    );
    found.forEach((value, i) => {
      expect(value).to.be.closeTo(i, 1e-4);
    });
    expect([...start]).to.deep.equal(new Array(40).fill(3));
  });
});
