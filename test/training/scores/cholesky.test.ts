import {expect} from 'chai';
import {cholesky, invertLower} from '../../../src/training/scores/cholesky.ts';
import {randomValues, relativeError} from '../../helpers/run-graph.ts';

describe('training: Cholesky factors', () => {
  it('equal a textbook example', () => {
    const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
    expect([...cholesky(matrix, 3)]).to.deep.equal([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  it('multiply to the matrix, and are inverted correctly', () => {
    for (const n of [1, 2, 7, 30]) {
      const matrix = positiveDefinite(n);
      const lower = cholesky(matrix, n);
      expect(relativeError(product(lower, transposed(lower, n), n), matrix)).to.be.below(1e-13);
      const inverse = invertLower(lower, n);
      const identity = Float64Array.from({length: n * n}, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
      expect(relativeError(product(lower, inverse, n), identity)).to.be.below(1e-12);
      for (let row = 0; row < n; row++) {
        for (let column = row + 1; column < n; column++) {
          expect(lower[row * n + column]).to.equal(0);
          expect(inverse[row * n + column]).to.equal(0);
        }
      }
    }
  });

  it('do not exist for a matrix that is not positive definite', () => {
    for (const matrix of [
      Float64Array.of(1, 2, 2, 1),
      Float64Array.of(0, 0, 0, 0),
      Float64Array.of(1, 0, 0, Number.NaN),
    ])
      expect(() => cholesky(matrix, 2)).to.throw(RangeError, 'not positive definite');
  });
});

/** B B' + I. */
function positiveDefinite(n: number): Float64Array {
  const factor = randomValues(n * n, n);
  return product(factor, transposed(factor, n), n).map((value, i) => value + (i % (n + 1) === 0 ? 1 : 0));
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return a.map((_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[row * n + k] * b[k * n + column];
    return sum;
  });
}

function transposed(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % n) * n + Math.floor(at / n)]);
}
