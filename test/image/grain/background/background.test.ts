import {expect} from 'chai';
import {
  cellsOf,
  emptyMask,
  type Mask,
  maskOfShape,
  runsOf,
  setCell,
} from '../../../../src/image/grain/background/cell-mask.ts';
import {sampleOf} from '../../../../src/image/grain/background/cell-samples.ts';
import {deviationFrom} from '../../../../src/image/grain/background/deviation.ts';
import {LeastSquares} from '../../../../src/image/grain/background/least-squares.ts';
import {
  covarianceOf,
  inverseOf,
  meanOf,
  squareOf,
  sumOf,
  times,
} from '../../../../src/image/grain/background/metric.ts';
import {close, dilate, erode, open} from '../../../../src/image/grain/background/morphology.ts';
import {quickselect} from '../../../../src/image/grain/background/quickselect.ts';
import {largestRegion} from '../../../../src/image/grain/background/regions.ts';
import {fitSurface} from '../../../../src/image/grain/background/surface.ts';
import {openKernels} from '../../../../src/image/kernels/kernels.ts';
import {drawFrame, randomNumbers} from '../../../helpers/images.ts';

const [WIDTH, HEIGHT] = [45, 22];

function randomMask(share: number, seed: number, width = WIDTH): Mask {
  const random = randomNumbers(seed);
  return maskOf(() => random() < share, width);
}

function maskOf(inside: (x: number, y: number) => boolean, width = WIDTH): Mask {
  const mask = emptyMask(width, HEIGHT);
  for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < width; x++) if (inside(x, y)) setCell(mask, x, y);
  return mask;
}

/** 1 for every set cell, row-major. */
function bytesOf(mask: Mask): Uint8Array {
  const bytes = new Uint8Array(mask.width * mask.height);
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++)
      bytes[y * mask.width + x] = (mask.words[y * mask.stride + Math.floor(x / 32)] >>> (x % 32)) & 1;
  return bytes;
}

/** Sets the squares around all cells that are set (or not set) to a value. */
function paintSquares(mask: Mask, radius: number, around: 0 | 1, value: 0 | 1): Uint8Array {
  const {width, height} = mask;
  const cells = bytesOf(mask);
  const painted = cells.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (cells[y * width + x] === around)
        for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++)
          painted.fill(value, row * width + Math.max(0, x - radius), row * width + Math.min(width, x + radius + 1));
  return painted;
}

/** Keeps cells at least this far from the grid's border. */
function awayFromBorder({width, height}: Mask, radius: number, cells: Uint8Array): Uint8Array {
  return cells.map((cell, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return Math.min(x, y, width - 1 - x, height - 1 - y) >= radius ? cell : 0;
  });
}

describe('image: the background of a grain', () => {
  it('dilates and erodes by the square around each cell', () => {
    for (const width of [31, 32, 45, 64, 100])
      for (const radius of [1, 2, 4, 17, 40])
        for (const share of [0.002, 0.02, 0.4, 0.97, 1]) {
          const mask = randomMask(share, radius, width);
          const what = `${width} ${radius} ${share}`;
          const dilated = paintSquares(mask, radius, 1, 1);
          expect(dilate(mask, radius), what).to.deep.equal(maskOf((x, y) => dilated[y * width + x] === 1, width));
          const eroded = awayFromBorder(mask, radius, paintSquares(mask, radius, 0, 0));
          expect(erode(mask, radius), what).to.deep.equal(maskOf((x, y) => eroded[y * width + x] === 1, width));
        }
  });

  it('lists the cells and the runs of a mask', () => {
    for (const width of [1, 31, 32, 33, 64, 70])
      for (const share of [0, 0.1, 0.5, 0.9, 1]) {
        const mask = randomMask(share, width, width);
        const bytes = bytesOf(mask);
        const cells = [...bytes.keys()].filter((cell) => bytes[cell] === 1);
        expect([...cellsOf(mask)], `${width} ${share}`).to.deep.equal(cells);
        const runs: number[] = [];
        for (const cell of cells) {
          const [x, y] = [cell % width, Math.floor(cell / width)];
          if (x > 0 && bytes[cell - 1] === 1) runs[runs.length - 1] = x + 1;
          else runs.push(y, x, x + 1);
        }
        expect([...runsOf(mask)], `${width} ${share}`).to.deep.equal(runs);
        const spans = Int32Array.from(runs);
        const shape = {x: 0, y: 0, width, height: HEIGHT, spans, open: spans};
        expect(maskOfShape(shape, mask), `${width} ${share}`).to.deep.equal(mask);
      }
  });

  it('opens but keeps corners: a hair is removed, the rest does not change', () => {
    const body = (x: number, y: number) => x >= 5 && x < 16 && y >= 4 && y < 14;
    const opened = open(
      maskOf((x, y) => body(x, y) || (y === 9 && x < 30)),
      1,
    );
    expect(bytesOf(opened)[9 * WIDTH + 25]).to.equal(0);
    for (let y = 4; y < 14; y++) for (let x = 5; x < 16; x++) expect(bytesOf(opened)[y * WIDTH + x]).to.equal(1);
  });

  it('closes thin gaps', () => {
    const gap = (width: number) => maskOf((x, y) => y > 5 && y < 16 && x > 3 && x < 27 && !(x >= 10 && x < 10 + width));
    expect(bytesOf(close(gap(4), 2))[10 * WIDTH + 11]).to.equal(1);
    expect(bytesOf(close(gap(5), 2))[10 * WIDTH + 12]).to.equal(0);
  });

  it('prefers regions that do not touch the border, and rejects a hook', () => {
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
    const background = (x: number, y: number) =>
      90 + 0.5 * x - 0.3 * y + 0.004 * (x - 60) ** 2 - 0.003 * (x - 50) * (y - 40);
    const frame = drawFrame(125, 100, (x, y) => {
      const level = Math.round(background(x, y));
      return ((x - 60) / 45) ** 2 + ((y - 52) / 22) ** 2 < 1 ? [210, 205, 215] : [level, level - 20, 60];
    });
    const {surface} = deviationFrom(fitSurface(frame), frame, openKernels());
    for (const [x, y] of [
      [0, 0],
      [60, 52],
      [124, 99],
      [20, 80],
    ]) {
      const at = (y * 125 + x) * 3;
      expect(surface[at], `${x} ${y}`).to.be.closeTo(background(x, y), 1);
      expect(surface[at + 1], `${x} ${y}`).to.be.closeTo(background(x, y) - 20, 1);
      expect(surface[at + 2], `${x} ${y}`).to.be.closeTo(60, 1);
    }
  });

  it('ignores objects at the border when fitting the surface', () => {
    const random = randomNumbers(8);
    const background = (x: number, y: number) => 120 + 0.3 * x - 0.2 * y;
    const frame = drawFrame(110, 90, (x, y) => {
      const noise = 8 * (random() + random() - 1);
      const level = x > 70 && x < 96 && y < 60 ? 225 : Math.round(background(x, y) + noise);
      return [level, level, level];
    });
    const {surface} = deviationFrom(fitSurface(frame), frame, openKernels());
    for (const [x, y] of [
      [83, 0],
      [83, 30],
      [109, 0],
      [0, 89],
    ])
      expect(surface[(y * 110 + x) * 3], `${x} ${y}`).to.be.closeTo(background(x, y), 1.5);
  });

  it('can remove samples from a fit', () => {
    const random = randomNumbers(4);
    const frame = drawFrame(12, 10, () => [255 * random(), 255 * random(), 255 * random()]);
    const places = sampleOf(frame);
    const [all, some] = [new LeastSquares(frame, places), new LeastSquares(frame, places)];
    for (let place = 0; place < places.cells.length; place++) {
      all.add(place, 1);
      if (place % 4 > 0) some.add(place, 1);
    }
    for (let place = 0; place < places.cells.length; place += 4) all.add(place, -1);
    all.solve().forEach((surface, c) => {
      surface.forEach((coefficient, i) => {
        expect(coefficient, `${c} ${i}`).to.be.closeTo(some.solve()[c][i], 1e-6);
      });
    });
  });

  it('finds the kth smallest value', () => {
    for (const levels of [2, 10, 1e6])
      for (const count of [1, 2, 3, 50, 333]) {
        const random = randomNumbers(count);
        const values = Float64Array.from({length: count}, () => Math.floor(random() * levels));
        const ordered = values.slice().sort();
        for (const place of [0, 1, count >> 1, count - 2, count - 1].filter((each) => each >= 0 && each < count))
          expect(quickselect(values.slice(), place), `${levels} ${count} ${place}`).to.equal(ordered[place]);
      }
  });

  it('inverts covariance matrices', () => {
    const random = randomNumbers(3);
    const values = Float32Array.from({length: 300}, () => random() * 50);
    const all = Int32Array.from({length: 100}, (_, cell) => cell);
    const matrix = sumOf(covarianceOf(values, all, meanOf(values, all)), [0, 0, 0, 0, 0, 0], 2);
    const vector = [3, -1, 7] as const;
    const back = times(inverseOf(matrix), times(matrix, vector));
    back.forEach((value, i) => {
      expect(value).to.be.closeTo(vector[i], 1e-9);
    });
    const product = times(matrix, vector).reduce((sum, value, i) => sum + value * vector[i], 0);
    expect(squareOf(matrix, ...vector)).to.be.closeTo(product, 1e-6);
  });
});
