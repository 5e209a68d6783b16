import {expect} from 'chai';
import {LAYOUT, openKernels} from '../../../src/image/kernels/kernels.ts';
import {randomNumbers} from '../../helpers/images.ts';

const kernels = openKernels();
const {functions} = kernels;

function randomBytes(count: number, seed: number, most = 256): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({length: count}, () => Math.floor(random() * most));
}

/** Compares each kernel with a plain loop, on sizes around the SIMD width of sixteen. */
describe('image: kernels', () => {
  for (const [width, height, step] of [
    [250, 250, 2],
    [249, 251, 2],
    [60, 47, 1],
    [499, 33, 3],
    [17, 300, 2],
    [5, 5, 1],
  ]) {
    it(`measure distances from a color: ${width} x ${height}, step ${step}`, () => {
      const data = randomBytes(width * height * 3, width + step);
      const [red, green, blue, floor] = [12, 200, 77, 90];
      const [columns, rows, offset] = [Math.ceil(width / step), Math.ceil(height / step), step >> 1];
      const stride = Math.ceil(columns / 16) * 16;
      kernels.place({width, height, data});
      kernels.bytes.fill(255, LAYOUT.cells, LAYOUT.cells + stride * rows);
      const histogram = new Uint32Array(kernels.bytes.buffer, LAYOUT.histogram, 256).fill(0);
      const color = red | (green << 8) | (blue << 16);
      const above = functions.measureDistances(
        ...([LAYOUT.frame, width, height, step, offset, color, floor] as const),
        ...([LAYOUT.cells, columns, rows, stride, LAYOUT.histogram] as const),
      );
      const counts = new Uint32Array(256);
      const cells = new Uint8Array(stride * rows);
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          const row = Math.min(height - 1, y * step + offset);
          const at = (row * width + Math.min(width - 1, x * step + offset)) * 3;
          const distance = Math.max(
            ...[red, green, blue].map((level, channel) => Math.abs(data[at + channel] - level)),
          );
          if (distance <= floor) continue;
          cells[y * stride + x] = distance;
          counts[distance]++;
        }
      }
      expect(Buffer.compare(kernels.bytes.subarray(LAYOUT.cells, LAYOUT.cells + stride * rows), cells)).to.equal(0);
      expect([...histogram]).to.deep.equal([...counts]);
      expect(above).to.equal(counts.reduce((sum, count) => sum + count, 0));
    });
  }

  it('count levels along the border and their distances from a color', () => {
    for (const [width, height, step] of [
      [250, 250, 2],
      [31, 7, 1],
      [1, 1, 1],
      [400, 3, 3],
    ]) {
      const data = randomBytes(width * height * 3, width);
      kernels.place({width, height, data});
      const counts = new Uint32Array(kernels.bytes.buffer, LAYOUT.border, 1024).fill(0);
      const color = [100, 20, 250];
      functions.countBorder(LAYOUT.frame, width, height, step, LAYOUT.border);
      const number = color[0] | (color[1] << 8) | (color[2] << 16);
      functions.countBorderDistances(LAYOUT.frame, width, height, step, number, LAYOUT.border + 3072);
      const indices: number[] = [];
      for (let x = 0; x < width; x += step) indices.push(x, (height - 1) * width + x);
      for (let y = 0; y < height; y += step) indices.push(y * width, y * width + width - 1);
      const expected = new Uint32Array(1024);
      for (const index of indices) {
        const pixel = [...data.subarray(index * 3, index * 3 + 3)];
        pixel.forEach((level, channel) => {
          expected[channel * 256 + level]++;
        });
        expected[768 + Math.max(...pixel.map((level, channel) => Math.abs(level - color[channel])))]++;
      }
      expect([...counts]).to.deep.equal([...expected]);
    }
  });

  it('find the runs of cells above a threshold', () => {
    for (const [stride, height, threshold, most] of [
      [16, 9, 4, 8],
      [128, 40, 3, 5],
      [48, 30, 250, 256],
      [32, 8, 0, 200],
      [64, 4, 255, 256],
    ]) {
      const cells = randomBytes(stride * height, stride + height, most);
      kernels.bytes.set(cells, LAYOUT.cells);
      const count = functions.findRuns(LAYOUT.cells, height, stride, threshold, LAYOUT.runs);
      const expected: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < stride; x++) {
          if (cells[y * stride + x] <= threshold) continue;
          const start = x;
          while (x < stride && cells[y * stride + x] > threshold) x++;
          expected.push(y, start, x);
        }
      }
      expect([...kernels.integers(LAYOUT.runs, count * 3)]).to.deep.equal(expected);
    }
  });

  it('classify cells by the square around them', () => {
    for (const [width, height, radius] of [
      [40, 30, 1],
      [33, 21, 2],
      [19, 50, 1],
    ]) {
      const random = randomNumbers(width);
      const inside = (x: number, y: number) =>
        x >= radius + 2 && y >= radius + 2 && x < width - radius - 2 && y < height - radius - 2;
      const shape = Uint8Array.from({length: width * height}, (_, i) =>
        inside(i % width, Math.floor(i / width)) && random() < 0.8 ? 1 : 0,
      );
      kernels.bytes.fill(0, LAYOUT.shape, LAYOUT.shape + shape.length + 16).set(shape, LAYOUT.shape);
      functions.classifyCells(LAYOUT.shape, width, height, radius, LAYOUT.sums, LAYOUT.kinds);
      const expected = shape.map((_, i) => {
        let sum = 0;
        for (let dy = -radius; dy <= radius; dy++)
          for (let dx = -radius; dx <= radius; dx++) sum += shape[i + dy * width + dx] ?? 0;
        return sum === 0 ? 0 : sum === (2 * radius + 1) ** 2 ? 2 : 1;
      });
      expect([...kernels.bytes.subarray(LAYOUT.kinds, LAYOUT.kinds + shape.length)]).to.deep.equal([...expected]);
    }
  });

  it('average boxes of pixels', () => {
    for (const [width, height, factor] of [
      [40, 30, 2],
      [41, 30, 2],
      [40, 29, 2],
      [50, 37, 3],
      [17, 9, 1],
      [4, 3, 5],
    ]) {
      const data = randomBytes(width * height * 3, width);
      const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
      kernels.place({width, height, data});
      functions.averageBoxes(LAYOUT.frame, width, height, factor, LAYOUT.cellColors);
      const expected = Array.from({length: columns * rows * 3}, (_, i) => {
        const [left, top] = [(Math.floor(i / 3) % columns) * factor, Math.floor(i / 3 / columns) * factor];
        let [sum, count] = [0, 0];
        for (let y = top; y < Math.min(height, top + factor); y++)
          for (let x = left; x < Math.min(width, left + factor); x++, count++)
            sum += data[(y * width + x) * 3 + (i % 3)];
        return Math.floor(sum / count + 0.5);
      });
      const out = kernels.bytes.subarray(LAYOUT.cellColors, LAYOUT.cellColors + expected.length);
      expect([...out], `${width} ${height} ${factor}`).to.deep.equal(expected);
    }
  });

  it('subtract a surface from a frame', () => {
    const [width, height] = [23, 11];
    const data = randomBytes(width * height * 3, 9);
    const coefficients = [
      [120, 30, -20, 8, 5, -9],
      // Beyond the range of levels at both ends.
      [200, 90, 0, 0, 0, 0],
      [40, 0, 70, 0, 0, 3],
    ];
    kernels.bytes.set(data, LAYOUT.cellColors);
    kernels.doubles(LAYOUT.doubles, 18).set(coefficients.flat());
    functions.takeSurface(LAYOUT.cellColors, width, height, LAYOUT.doubles, LAYOUT.surface, LAYOUT.raw);
    const surface = kernels.floats(LAYOUT.surface, data.length);
    const raw = kernels.floats(LAYOUT.raw, data.length);
    data.forEach((level, i) => {
      const [column, row] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      const [x, y] = [(2 * column + 1) / width - 1, (2 * row + 1) / height - 1];
      const terms = [1, x, y, x * x, x * y, y * y];
      const own = coefficients[i % 3].reduce((sum, coefficient, k) => sum + coefficient * terms[k], 0);
      expect(surface[i], `surface ${i}`).to.be.closeTo(Math.max(1, Math.min(255, own)), 1e-4);
      expect(raw[i], `rest ${i}`).to.equal(Math.fround(level - surface[i]));
    });
  });

  it('average neighbors', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 4],
      [2, 3],
      [3, 1],
      [9, 7],
      [30, 20],
    ]) {
      const random = randomNumbers(width);
      const values = Float32Array.from({length: width * height * 3}, () => random() * 400 - 200);
      kernels.floats(LAYOUT.raw, values.length).set(values);
      functions.averageNeighbours(LAYOUT.raw, width, height, LAYOUT.neighbours, LAYOUT.smooth);
      const out = kernels.floats(LAYOUT.smooth, values.length);
      const within = (place: number, count: number) => Math.max(0, Math.min(count - 1, place));
      out.forEach((value, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        let sum = 0;
        for (const row of [y - 1, y, y + 1])
          for (const column of [x - 1, x, x + 1])
            sum += values[(within(row, height) * width + within(column, width)) * 3 + (i % 3)];
        expect(value, `${width} ${height} ${i}`).to.be.closeTo(sum / 9, 1e-4);
      });
    }
  });

  it('measure lengths, and sum the products of short colors', () => {
    const metric = [0.9, 0.7, 1.1, -0.2, 0.1, 0.3];
    for (const count of [1, 2, 7, 60]) {
      const random = randomNumbers(count);
      const values = Float32Array.from({length: count * 3}, () => random() * 500 - 250);
      kernels.floats(LAYOUT.smooth, values.length).set(values);
      kernels.doubles(LAYOUT.doubles, 6).set(metric);
      kernels.bytes.fill(7, LAYOUT.cells, LAYOUT.cells + count + 1);
      functions.measureLengths(LAYOUT.smooth, count, LAYOUT.doubles, LAYOUT.cells);
      const limit = 50_000;
      const near = functions.sumProducts(LAYOUT.smooth, count, limit, LAYOUT.doubles);
      const colors = Array.from({length: count}, (_, i) => [...values.subarray(i * 3, i * 3 + 3)]);
      const lengths = colors.map(([r, g, b]) => {
        const squares = metric[0] * r * r + metric[1] * g * g + metric[2] * b * b;
        const mixed = 2 * (metric[3] * r * g + metric[4] * r * b + metric[5] * g * b);
        return Math.min(255, Math.floor(Math.sqrt(squares + mixed) + 0.5));
      });
      expect([...kernels.bytes.subarray(LAYOUT.cells, LAYOUT.cells + count)]).to.deep.equal(lengths);
      expect(kernels.bytes[LAYOUT.cells + count], 'behind the last').to.equal(7);
      const short = colors.filter(([r, g, b]) => r * r + g * g + b * b <= limit);
      expect(near).to.equal(short.length);
      const sum = (product: (color: number[]) => number) => short.reduce((total, each) => total + product(each), 0);
      const sums = [
        sum(([r]) => r * r),
        sum(([, g]) => g * g),
        sum(([, , b]) => b * b),
        sum(([r, g]) => r * g),
        sum(([r, , b]) => r * b),
        sum(([, g, b]) => g * b),
      ];
      expect([...kernels.doubles(LAYOUT.doubles, 6)]).to.deep.equal(sums);
    }
  });

  it('remove the background from the edge', () => {
    for (const [width, height, cell, cellX, cellY] of [
      [60, 44, 2, 3, 2],
      [60, 44, 2, -1, -2],
      [45, 40, 3, 4, 1],
      [30, 26, 1, 2, 2],
    ]) {
      const [columns, rows] = [26, 22];
      const data = randomBytes(width * height * 3, 5);
      // An ellipse with so wide an edge that its sides are near, far or out of the search radius.
      const kinds = Uint8Array.from({length: columns * rows}, (_, i) => {
        const [x, y] = [(i % columns) - 12, Math.floor(i / columns) - 10];
        const radius = Math.sqrt(x * x + 1.6 * y * y);
        return radius < (x < 0 ? 3 : 6) ? 2 : radius < (y < 0 ? 8 : 13) ? 1 : 0;
      });
      kernels.place({width, height, data});
      kernels.bytes.set(kinds, LAYOUT.kinds);
      functions.placeOnBlack(
        ...([LAYOUT.frame, width, height, LAYOUT.kinds, cell, cellX, cellY, columns, rows, LAYOUT.cellSums] as const),
      );
      const expected = data.slice();
      let changed = 0;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          if (kinds[row * columns + column] !== 1) continue;
          const grain = meanAround(column, row, 2);
          const background = meanAround(column, row, 0);
          if (grain && background)
            for (const pixel of pixelsOf(column, row)) removeBackground(pixel, grain, background);
        }
      const out = kernels.bytes.subarray(LAYOUT.frame, LAYOUT.frame + data.length);
      expect(Buffer.compare(out, expected), `${width} ${cell} ${cellX}`).to.equal(0);
      expect(changed).to.be.above(100);

      /** Byte offsets of the pixels within the frame. */
      function pixelsOf(column: number, row: number): number[] {
        const pixels: number[] = [];
        for (let y = (cellY + row) * cell; y < (cellY + row + 1) * cell; y++)
          for (let x = (cellX + column) * cell; x < (cellX + column + 1) * cell; x++)
            if (x >= 0 && y >= 0 && x < width && y < height) pixels.push((y * width + x) * 3);
        return pixels;
      }

      function meanAround(column: number, row: number, kind: number): number[] | undefined {
        for (const reach of [3, 6]) {
          const pixels: number[] = [];
          for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++)
            for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++) {
              const own = pixelsOf(x, y);
              if (kinds[y * columns + x] === kind && own.length === cell * cell) pixels.push(...own);
            }
          if (pixels.length > 0)
            return [0, 1, 2].map((c) => pixels.reduce((sum, pixel) => sum + data[pixel + c], 0) / pixels.length);
        }
        return undefined;
      }

      function removeBackground(pixel: number, grain: number[], background: number[]): void {
        const way = grain.map((level, c) => level - background[c]);
        const along = way.reduce((sum, step, c) => sum + (data[pixel + c] - background[c]) * step, 0);
        const length = way.reduce((sum, step) => sum + step * step, 0);
        const share = Math.max(0, along) / Math.max(1, length);
        if (share >= 1) return;
        for (let c = 0; c < 3; c++) {
          const level = Math.floor(data[pixel + c] - (1 - share) * background[c] + 0.5);
          expected[pixel + c] = share <= 0 ? 0 : Math.max(0, Math.min(255, level));
        }
        changed++;
      }
    }
  });

  describe('sample the masked frame', () => {
    const [WIDTH, HEIGHT] = [60, 44];
    const MASK = {cell: 2, cellX: 2, cellY: -1, cellColumns: 26, cellRows: 25};
    const data = randomBytes(WIDTH * HEIGHT * 3, 5);
    const kinds = randomBytes(MASK.cellColumns * MASK.cellRows, 6, 3);
    // The mask's outermost cells are empty.
    kinds.forEach((_, i) => {
      if (i % MASK.cellColumns === 0 || i < MASK.cellColumns) kinds[i] = 0;
    });

    for (const {what, angle, x, y} of [
      {what: 'level, inside of the frame', angle: 0, x: 8.25, y: 6.5},
      {what: 'turned', angle: 37, x: 20.3, y: 2.1},
      {what: 'beyond all sides of the frame', angle: 20, x: -9.7, y: -12.2},
    ]) {
      it(what, () => {
        const [width, height, one] = [70, 50, 65_536];
        const stepX = Math.round(Math.cos((angle * Math.PI) / 180) * 0.9 * one);
        const stepY = Math.round(Math.sin((angle * Math.PI) / 180) * 0.9 * one);
        const starts = Array.from({length: height}, (_, row) => [
          Math.round(x * one - row * stepY),
          Math.round(y * one + row * stepX),
        ]);
        kernels.place({width: WIDTH, height: HEIGHT, data});
        kernels.bytes.set(kinds, LAYOUT.kinds);
        const startsAt = LAYOUT.canvas + 32_768;
        kernels.reserve(startsAt, height * 8);
        kernels.integers(startsAt, height * 2).set(starts.flat());
        functions.sampleGrain(
          ...([LAYOUT.frame, WIDTH, HEIGHT, LAYOUT.kinds, MASK.cell, MASK.cellX, MASK.cellY] as const),
          ...([MASK.cellColumns, MASK.cellRows, LAYOUT.lookup, startsAt, stepX, stepY, LAYOUT.canvas] as const),
          ...([width, height] as const),
        );
        const expected = starts.flatMap(([u, v]) =>
          Array.from({length: width}, (_, column) => sample(u + column * stepX, v + column * stepY)).flat(),
        );
        const out = kernels.bytes.subarray(LAYOUT.canvas, LAYOUT.canvas + expected.length);
        expect(Buffer.compare(out, Uint8Array.from(expected))).to.equal(0);
        expect(expected.filter((level) => level > 0).length).to.be.above(1000);

        function sample(u: number, v: number): number[] {
          const [px, py] = [Math.floor(u / one), Math.floor(v / one)];
          const [cellX, cellY] = [Math.floor(px / MASK.cell) - MASK.cellX, Math.floor(py / MASK.cell) - MASK.cellY];
          const there =
            px >= 0 && py >= 0 && px < WIDTH && py < HEIGHT && cellX >= 0 && cellY >= 0 && cellX < MASK.cellColumns;
          const kind = there && cellY < MASK.cellRows ? kinds[cellY * MASK.cellColumns + cellX] : 0;
          if (kind === 0) return [0, 0, 0];
          const [fx, fy] = [u, v].map((place) => Math.floor(((place - one / 2) % one) / 256 + 256) % 256);
          const [left, top] = [u, v].map((place) => Math.floor((place - one / 2) / one));
          const level = (column: number, row: number, channel: number) => {
            const [cx, cy] = [Math.min(WIDTH - 1, Math.max(0, column)), Math.min(HEIGHT - 1, Math.max(0, row))];
            return data[(cy * WIDTH + cx) * 3 + channel];
          };
          return [0, 1, 2].map((channel) => {
            const row = (y: number) => level(left, y, channel) * (256 - fx) + level(left + 1, y, channel) * fx;
            return (row(top) * (256 - fy) + row(top + 1) * fy + one / 2) >> 16;
          });
        }
      });
    }
  });

  it('shrink the canvas to a window', () => {
    for (const [width, height, x, y] of [
      [16, 4, 3, 1],
      [18, 6, 0, 0],
      [2, 2, 5, 2],
      [30, 2, 1, 4],
    ]) {
      const canvas = randomBytes(width * height * 3, width);
      const [windowWidth, windowHeight] = [24, 8];
      const windowAt = LAYOUT.canvas + 8192;
      kernels.reserve(windowAt, windowWidth * windowHeight * 3);
      kernels.bytes.set(canvas, LAYOUT.canvas);
      kernels.bytes.fill(0, windowAt, windowAt + windowWidth * windowHeight * 3);
      functions.shrink(LAYOUT.canvas, width, height, windowAt, windowWidth * 3, x, y);
      const expected = new Uint8Array(windowWidth * windowHeight * 3);
      for (let row = 0; row < height / 2; row++)
        for (let column = 0; column < (width / 2) * 3; column++) {
          const at = row * 2 * width * 3 + Math.floor(column / 3) * 6 + (column % 3);
          const sum = canvas[at] + canvas[at + 3] + canvas[at + width * 3] + canvas[at + width * 3 + 3];
          expected[(y + row) * windowWidth * 3 + x * 3 + column] = (sum + 2) >> 2;
        }
      const out = kernels.bytes.subarray(windowAt, windowAt + expected.length);
      expect([...out]).to.deep.equal([...expected]);
    }
  });
});
