import {expect} from 'chai';
import {Tensor} from 'onnxruntime-node';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {Graph} from '../../../src/onnx/graph.ts';
import {normalizeGrain} from '../../../src/training/layers/normalized-grain.ts';
import {drawGrain, randomNumbers} from '../../helpers/images.ts';
import {floats, relativeError, runGraph} from '../../helpers/run-graph.ts';

const SIZE = {width: 120, height: 56};
const PIXELS = SIZE.width * SIZE.height;

describe('training: grain without its capture', () => {
  it('equals plain loops over the pixels, for each window', async () => {
    const windows = [
      grainWindow({length: 70, width: 24}),
      grainWindow({length: 44, width: 30, noise: 12}),
      lopsided(grainWindow({length: 60, width: 20, color: [180, 140, 90]})),
      noisyWindow(),
    ];
    const measured = await normalized(windows);
    windows.forEach((window, n) => {
      const expected = reference(window);
      expect(relativeError(measured.pixels[n], expected.pixels)).to.be.below(1e-4);
      for (const name of ['capture', 'outline'] as const) {
        expect(measured[name][n]).to.have.length(expected[name].length);
        measured[name][n].forEach((value, i) => {
          expect(value, `${name} ${i} of window ${n}`).to.be.closeTo(expected[name][i], 2e-3);
        });
      }
    });
  });

  it('measures an ellipse: its aspect ratio, fill and moments', async () => {
    const {capture, outline} = await normalized([grainWindow({length: 80, width: 32})]);
    const [area, aspect] = [0, 1].map((i) => Math.exp(capture[0][i] / [8, 10][i] + [7.5, 0.9][i]));
    expect(area).to.be.closeTo((Math.PI * 80 * 32) / 4, 0.03 * 2011);
    expect(aspect).to.be.closeTo(2.5, 0.05);
    const [skewnessAlong, skewnessAcross, kurtosisAlong, kurtosisAcross, fill] = outline[0];
    expect(skewnessAlong).to.be.below(0.03);
    expect(skewnessAcross).to.be.below(0.03);
    expect(kurtosisAlong).to.be.closeTo(2, 0.05);
    expect(kurtosisAcross).to.be.closeTo(2, 0.05);
    expect(fill).to.be.closeTo(1, 0.02);
  });

  it('is the same under any light and, for a grain of one color, any white balance', async () => {
    // Levels in multiples of four, so that each gain gives whole levels.
    const noisy = lopsided(grainWindow({length: 64, width: 26, noise: 10}));
    const window = noisy.map((_, i) => 4 * (noisy[i - (i % 3)] >> 2));
    const changed = [
      [0.5, 0.5, 0.5],
      [1, 0.75, 0.5],
      [0.25, 0.5, 1],
    ].map((gains) => window.map((level, i) => level * gains[i % 3]));
    const {pixels, capture, outline} = await normalized([window, ...changed]);
    for (const n of [1, 2, 3]) {
      expect(relativeError(pixels[n], pixels[0])).to.be.below(1e-5);
      expect(relativeError(outline[n], outline[0])).to.be.below(1e-3);
      // Area and aspect ratio do not change; mean levels show the gains.
      expect(relativeError(capture[n].slice(0, 2), capture[0].slice(0, 2))).to.be.below(1e-3);
    }
    const [red, blue, level] = [2, 3, 4];
    const moved = (n: number, at: number) => capture[n][at] - capture[0][at];
    expect(moved(1, level)).to.be.closeTo(15 * Math.log(0.5), 1e-3);
    for (const hue of [red, blue]) expect(moved(1, hue)).to.be.closeTo(0, 1e-3);
    expect(moved(2, red)).to.be.closeTo(-30 * Math.log(0.75), 1e-3);
    expect(moved(2, blue)).to.be.closeTo(30 * Math.log(0.5 / 0.75), 1e-3);
    expect(moved(3, level)).to.be.closeTo(15 * Math.log(0.5), 1e-3);
    expect(moved(3, red)).to.be.closeTo(30 * Math.log(0.5), 1e-3);
  });

  it('has the same outline mirrored', async () => {
    const window = lopsided(grainWindow({length: 64, width: 26}));
    const mirrored = window.map((_, i) => {
      const [x, row] = [Math.floor(i / 3) % SIZE.width, Math.floor(i / 3 / SIZE.width)];
      return window[(row * SIZE.width + SIZE.width - 1 - x) * 3 + (i % 3)];
    });
    const {outline, capture} = await normalized([window, mirrored]);
    expect(outline[0][0]).to.be.above(0.05);
    expect(relativeError(outline[1], outline[0])).to.be.below(1e-3);
    expect(relativeError(capture[1], capture[0])).to.be.below(1e-4);
  });

  it('is finite for an empty window, one pixel, a dark one, one line, or only white', async () => {
    const black = new Uint8Array(3 * PIXELS);
    const one = (at: number, level: number) => black.map((_, i) => (Math.floor(i / 3) === at ? level : 0));
    const line = black.map((_, i) => (Math.floor(i / 3 / SIZE.width) === 9 ? 200 : 0));
    const windows = [black, one(3000, 255), one(0, 255), one(PIXELS - 1, 1), line, black.map(() => 255)];
    const {pixels, capture, outline} = await normalized(windows);
    for (const rows of [pixels, capture, outline])
      for (const row of rows) expect(row.every(Number.isFinite)).to.equal(true);
    expect(pixels[0].every((level) => level === 0)).to.equal(true);
    expect(Math.max(...pixels[1])).to.be.closeTo(1, 1e-5);
  });
});

interface Measured {
  pixels: number[][];
  capture: number[][];
  outline: number[][];
}

async function normalized(windows: Uint8Array[]): Promise<Measured> {
  const graph = new Graph();
  const grain = normalizeGrain(graph, graph.input('image', 'uint8', ['N', SIZE.height, SIZE.width, 3]));
  for (const [name, value] of Object.entries(grain)) graph.output(name, value);
  const image = new Tensor('uint8', Buffer.concat(windows), [windows.length, SIZE.height, SIZE.width, 3]);
  const results = await runGraph(graph, {image});
  const rows = (name: string) => {
    const values = floats(results[name]);
    const width = values.length / windows.length;
    return windows.map((_, n) => Array.from(values.subarray(n * width, (n + 1) * width)));
  };
  return {pixels: rows('pixels'), capture: rows('capture'), outline: rows('outline')};
}

/** Straight from the definitions, in double precision. */
function reference(window: Uint8Array) {
  const brightest = Array.from({length: PIXELS}, (_, i) => Math.max(...window.subarray(3 * i, 3 * i + 3)));
  const sum = brightest.reduce((total, level) => total + level, 0);
  const mean = brightest.reduce((total, level) => total + level * level, 0) / sum;
  const cover = brightest.map((level) => Math.min(1, Math.max(0, (level / mean - 0.35) / (0.65 - 0.35))));
  const weighted = (value: (i: number) => number) => cover.reduce((total, weight, i) => total + weight * value(i), 0);
  const area = weighted(() => 1);
  const means = [0, 1, 2].map((c) => weighted((i) => window[3 * i + c]) / area);
  const places = [(i: number) => i % SIZE.width, (i: number) => Math.floor(i / SIZE.width)];
  const [x, y] = places.map((place) => {
    const middle = weighted(place) / area;
    const moment = (power: number) => weighted((i) => (place(i) - middle) ** power) / area;
    return {middle, second: moment(2), third: moment(3), fourth: moment(4)};
  });
  const total = weighted((i) => brightest[i]);
  const contrast = weighted((i) => (brightest[i] - total / area) ** 2) / area / (total / area) ** 2;
  const slope = (axis: 0 | 1) => {
    const {middle, second} = [x, y][axis];
    return Math.abs(weighted((i) => brightest[i] * (places[axis](i) - middle)) / total) / Math.sqrt(second);
  };
  const softness = cover.reduce((edge, weight) => edge + weight * (1 - weight), 0);
  const white = brightest.reduce((share, level) => share + Math.min(1, Math.max(0, (level - 245) / 10)), 0);
  return {
    pixels: Array.from({length: 3 * PIXELS}, (_, at) => {
      const [c, i] = [Math.floor(at / PIXELS), at % PIXELS];
      return window[3 * i + c] / means[c];
    }),
    capture: [
      8 * (Math.log(area) - 7.5),
      10 * (Math.log(Math.sqrt(x.second / y.second)) - 0.9),
      30 * Math.log(means[0] / means[1]),
      30 * Math.log(means[2] / means[1]),
      15 * (Math.log(means[1]) - 5.35),
      6 * (Math.log(Math.max(0.5, softness) / Math.sqrt(x.second)) + 0.9),
      4 * (white / area - 0.1),
      4 * (0.5 * Math.log(Math.max(1e-4, contrast)) + 2),
      20 * slope(0),
      20 * slope(1),
    ],
    outline: [
      Math.abs(x.third) / x.second ** 1.5,
      Math.abs(y.third) / y.second ** 1.5,
      x.fourth / x.second ** 2,
      y.fourth / y.second ** 2,
      area / (4 * Math.PI * Math.sqrt(x.second * y.second)),
    ],
  };
}

/** Lengths in window pixels. */
function grainWindow(drawing: {length: number; width: number; noise?: number; color?: [number, number, number]}) {
  const {length, width, ...rest} = drawing;
  return prepareFrame(drawGrain({size: 250, length: 2 * length, width: 2 * width, ...rest}), SIZE).window.slice();
}

/** Darker towards one end, and blunt at the other. */
function lopsided(window: Uint8Array): Uint8Array {
  return window.map((level, i) => {
    const x = Math.floor(i / 3) % SIZE.width;
    return x > 0.68 * SIZE.width ? 0 : Math.round(level * (0.7 + (0.3 * x) / SIZE.width));
  });
}

/** Random levels instead of a grain. */
function noisyWindow(): Uint8Array {
  const random = randomNumbers(8);
  return Uint8Array.from({length: 3 * PIXELS}, () => Math.floor(random() * 256));
}
