import {expect} from 'chai';
import {covarianceOf, inverseOf, meanOf, squareOf, sumOf, times} from '../../src/image/ground/metric.ts';
import {close, dilate, erode, type Mask, open} from '../../src/image/ground/morphology.ts';
import {largestRegion} from '../../src/image/ground/regions.ts';
import {fitSurface} from '../../src/image/ground/surface.ts';
import {drawFrame, randomNumbers} from '../helpers/images.ts';

const [WIDTH, HEIGHT] = [31, 22];

function randomMask(share: number, seed: number): Mask {
  const random = randomNumbers(seed);
  return maskOf(() => random() < share);
}

function maskOf(inside: (x: number, y: number) => boolean): Mask {
  const cells = Uint8Array.from({length: WIDTH * HEIGHT}, (_, i) => Number(inside(i % WIDTH, Math.floor(i / WIDTH))));
  return {width: WIDTH, height: HEIGHT, cells};
}

/** Cells of the square around a place; undefined beyond the grid. */
function around({cells}: Mask, x: number, y: number, radius: number): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  for (let row = y - radius; row <= y + radius; row++)
    for (let column = x - radius; column <= x + radius; column++)
      values.push(column < 0 || column >= WIDTH || row < 0 || row >= HEIGHT ? undefined : cells[row * WIDTH + column]);
  return values;
}

describe('image: the ground of a grain', () => {
  it('dilates and erodes as the square around each cell says', () => {
    for (const radius of [1, 2, 4])
      for (const share of [0.02, 0.4, 0.97]) {
        const mask = randomMask(share, radius);
        expect(dilate(mask, radius).cells).to.deep.equal(
          maskOf((x, y) => around(mask, x, y, radius).some((cell) => cell === 1)).cells,
        );
        expect(erode(mask, radius).cells).to.deep.equal(
          maskOf((x, y) => around(mask, x, y, radius).every((cell) => cell === 1)).cells,
        );
      }
  });

  it('opens without the corners: a hair goes, what it hung on stays as it was', () => {
    const body = (x: number, y: number) => x >= 5 && x < 16 && y >= 4 && y < 14;
    const opened = open(
      maskOf((x, y) => body(x, y) || (y === 9 && x < 30)),
      1,
    );
    expect(opened.cells[9 * WIDTH + 25]).to.equal(0);
    for (let y = 4; y < 14; y++) for (let x = 5; x < 16; x++) expect(opened.cells[y * WIDTH + x]).to.equal(1);
  });

  it('closes gaps that are thin enough', () => {
    const gap = (width: number) => maskOf((x, y) => y > 5 && y < 16 && x > 3 && x < 27 && !(x >= 10 && x < 10 + width));
    expect(close(gap(4), 2).cells[10 * WIDTH + 11]).to.equal(1);
    expect(close(gap(5), 2).cells[10 * WIDTH + 12]).to.equal(0);
  });

  it('prefers what does not touch the border, and takes no hook for a grain', () => {
    const bar = (_: number, y: number) => y >= 14;
    const disc = (x: number, y: number) => (x - 12) ** 2 + (y - 6) ** 2 <= 16;
    const both = largestRegion(
      maskOf((x, y) => bar(x, y) || disc(x, y)),
      3,
      10,
    );
    expect(both?.area).to.equal(49);
    expect(largestRegion(maskOf(bar), 3, 10)?.area).to.be.above(49);
    const hook = (x: number, y: number) => x > 2 && x < 28 && y > 1 && y < 21 && !(x > 7 && y > 6 && y < 16);
    expect(largestRegion(maskOf(hook), 3, 10)).to.equal(undefined);
  });

  it('fits the surface under a grain that covers a fifth of the frame', () => {
    const ground = (x: number, y: number) =>
      90 + 0.5 * x - 0.3 * y + 0.004 * (x - 60) ** 2 - 0.003 * (x - 50) * (y - 40);
    const frame = drawFrame(125, 100, (x, y) => {
      const level = Math.round(ground(x, y));
      return ((x - 60) / 45) ** 2 + ((y - 52) / 22) ** 2 < 1 ? [210, 205, 215] : [level, level - 20, 60];
    });
    const surface = fitSurface(frame);
    for (const [x, y] of [
      [0, 0],
      [60, 52],
      [124, 99],
      [20, 80],
    ]) {
      const at = (y * 125 + x) * 3;
      expect(surface[at], `${x} ${y}`).to.be.closeTo(ground(x, y), 1);
      expect(surface[at + 1], `${x} ${y}`).to.be.closeTo(ground(x, y) - 20, 1);
      expect(surface[at + 2], `${x} ${y}`).to.be.closeTo(60, 1);
    }
  });

  it('inverts what it makes of colours', () => {
    const random = randomNumbers(3);
    const values = Float32Array.from({length: 300}, () => random() * 50);
    const chosen = {width: 100, height: 1, cells: new Uint8Array(100).fill(1)};
    const matrix = sumOf(covarianceOf(values, chosen.cells, meanOf(values, chosen)), [0, 0, 0, 0, 0, 0], 2);
    const vector = [3, -1, 7] as const;
    const back = times(inverseOf(matrix), times(matrix, vector));
    back.forEach((value, i) => {
      expect(value).to.be.closeTo(vector[i], 1e-9);
    });
    const product = times(matrix, vector).reduce((sum, value, i) => sum + value * vector[i], 0);
    expect(squareOf(matrix, ...vector)).to.be.closeTo(product, 1e-6);
  });
});
