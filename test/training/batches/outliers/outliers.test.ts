import {expect} from 'chai';
import {prepareFramePatch} from '../../../../src/image/prepare.ts';
import type {GrainPatch} from '../../../../src/image/window/patch.ts';
import {windowFromPatch} from '../../../../src/image/window/window.ts';
import {angular, bumpy} from '../../../../src/training/batches/outliers/cut-outs.ts';
import {bent, broken, stretched, stuck, tapered} from '../../../../src/training/batches/outliers/deformations.ts';
import {outlierInto} from '../../../../src/training/batches/outliers/outlier.ts';
import {paint} from '../../../../src/training/batches/outliers/paint.ts';
import {type Shape, UNCHANGED} from '../../../../src/training/batches/outliers/shape.ts';
import {
  blotched,
  creased,
  drawTint,
  PLAIN,
  type Surface,
  striped,
  tinted,
} from '../../../../src/training/batches/outliers/surfaces.ts';
import {Random} from '../../../../src/training/random.ts';
import {drawGrain} from '../../../helpers/images.ts';

const SIZE = {width: 120, height: 56};
const BYTES = SIZE.width * SIZE.height * 3;
/** An even ellipse of 100 x 40 canvas pixels, 50 x 20 of the window. */
const PATCH = ellipse(100, 40);
const HALF = {x: PATCH.width / 2, y: PATCH.height / 2};
const SEEDS = Array.from({length: 40}, (_, i) => i);

describe('training: outliers', () => {
  it('depend only on the generator; all differ from each other and from the grain', () => {
    const plain = windowFromPatch(PATCH, SIZE);
    const windows = Array.from({length: 200}, (_, i) => outlier(i));
    windows.forEach((window, i) => {
      expect(outlier(i).equals(window)).to.equal(true);
      expect(differences(window, plain), `outlier ${i}`).to.be.above(100);
    });
    // Of a grain of 50 x 20 pixels, two bends that differ by a fraction of a pixel are the same picture.
    expect(new Set(windows.map((window) => window.toString('base64'))).size).to.be.at.least(195);
  });

  it('are never empty and nowhere brighter than the grain, for all patches and scales', () => {
    const whole = {
      ...ellipse(100, 40),
      x: 0,
      y: 0,
      width: 240,
      height: 112,
      data: new Uint8Array(240 * 112 * 3).fill(90),
    };
    const speck = {x: 118, y: 54, width: 4, height: 4, data: new Uint8Array(48).fill(200)};
    for (const patch of [PATCH, ellipse(230, 100), ellipse(30, 28), whole, speck]) {
      const brightest = patch.data.reduce((most, level) => Math.max(most, level), 0);
      for (const scale of [0.5, 1, 1.6]) {
        for (const seed of SEEDS) {
          const window = new Uint8Array(BYTES).fill(55);
          outlierInto(patch, SIZE, scale, new Random(3, seed), window);
          const levels = window.reduce((most, level) => Math.max(most, level), 0);
          expect(levels).to.be.at.most(brightest);
          if (patch !== speck) expect(levels).to.be.above(0);
        }
      }
    }
  });

  it('write their whole window and nothing else', () => {
    const memory = new Uint8Array(3 * BYTES).fill(77);
    outlierInto(PATCH, SIZE, 1, new Random(1, 5), memory.subarray(BYTES, 2 * BYTES));
    expect(memory.subarray(0, BYTES).every((level) => level === 77)).to.equal(true);
    expect(memory.subarray(2 * BYTES).every((level) => level === 77)).to.equal(true);
    expect(outlier(5).equals(memory.subarray(BYTES, 2 * BYTES))).to.equal(true);
  });
});

describe('training: painting', () => {
  it('gives the window of prediction, up to rounding, for the shape and surface of the grain itself', () => {
    const plain = windowFromPatch(PATCH, SIZE);
    const window = painted(UNCHANGED);
    expect(window.every((level, i) => Math.abs(level - plain[i]) <= 1)).to.equal(true);
  });

  it('enlarges about the middle', () => {
    const [small, large] = [painted(UNCHANGED), painted(UNCHANGED, {scale: 1.3})].map(measure);
    expect(large.area / small.area).to.be.closeTo(1.69, 0.05);
    expect(large.x).to.be.closeTo(0, 0.6);
    expect(large.y).to.be.closeTo(0, 0.6);
  });

  it('multiplies by the surface at the position on the canvas', () => {
    const right: Surface = (x, _y, gains) => gains.set(x > 0 ? [1, 0.5, 0.25] : [0, 0, 0]);
    const window = painted(UNCHANGED, {surface: right});
    const plain = windowFromPatch(PATCH, SIZE);
    const at = (28 * SIZE.width + 65) * 3;
    [1, 0.5, 0.25].forEach((gain, c) => {
      expect(window[at + c]).to.be.closeTo(gain * plain[at + c], 1);
    });
    expect(window[(28 * SIZE.width + 55) * 3]).to.equal(0);
  });
});

describe('training: shapes of outliers', () => {
  const plain = measure(painted(UNCHANGED));

  it('broken: a third to two thirds of the length, in the middle', () => {
    const lengths = SEEDS.map((seed) => {
      const axis = litColumns(painted(broken(HALF, SIZE, new Random(1, seed))), 28);
      expect(axis.first + axis.length / 2).to.be.closeTo(SIZE.width / 2, 3);
      return axis.length / litColumns(painted(UNCHANGED), 28).length;
    });
    expect(Math.min(...lengths)).to.be.within(0.32, 0.42);
    expect(Math.max(...lengths)).to.be.within(0.6, 0.72);
  });

  it('tapered: much wider halfway to one end than halfway to the other', () => {
    for (const seed of SEEDS) {
      const window = painted(tapered(HALF, SIZE, new Random(1, seed)));
      const heights = [-12, 12].map((by) => litRows(window, SIZE.width / 2 + by).length);
      expect(Math.max(...heights) / Math.min(...heights)).to.be.within(1.35, 3.2);
    }
  });

  it('bent: ends off the middle by most of a half width', () => {
    const offsets = SEEDS.map((seed) => {
      const window = painted(bent(HALF, SIZE, new Random(1, seed)));
      const middleOf = (column: number) => {
        const {first, length} = litRows(window, column);
        return first + length / 2;
      };
      const [left, middle, right] = [-20, 0, 19].map((by) => middleOf(SIZE.width / 2 + by));
      expect(left).to.be.closeTo(right, 1.1);
      return (left + right) / 2 - middle;
    });
    // 20 of 25 pixels out: 0.64 of what the ends have, of 10 pixels of half width.
    for (const offset of offsets) expect(Math.abs(offset)).to.be.within(0.64 * 7 - 1.5, 0.64 * 18 + 1.5);
    expect(offsets.some((offset) => offset > 0) && offsets.some((offset) => offset < 0)).to.equal(true);
  });

  it('stretched: round or a needle, of the same area', () => {
    const aspects = SEEDS.map((seed) => {
      const {aspect, area} = measure(painted(stretched(HALF, SIZE, new Random(1, seed))));
      expect(area / plain.area).to.be.within(0.85, 1.1);
      return aspect;
    });
    // A patch is somewhat larger than its grain, and more so across.
    for (const aspect of aspects)
      expect(aspect < 1.4 || (aspect > 6.5 && aspect < 14), `aspect ${aspect}`).to.equal(true);
    expect(aspects.filter((aspect) => aspect < 2).length).to.be.within(14, 34);
    expect(plain.aspect).to.be.closeTo(2.5, 0.1);
  });

  it('stuck: more than one grain, less than three, crossing each other', () => {
    const patch = ellipse(60, 20);
    const one = measure(painted(UNCHANGED, {patch}));
    for (const seed of SEEDS) {
      const {area, determinant} = measure(painted(stuck({x: 31, y: 11}, SIZE, new Random(1, seed)), {patch}));
      expect(area / one.area).to.be.within(1.1, 2.1);
      expect(area / Math.sqrt(determinant)).to.be.below((0.98 * one.area) / Math.sqrt(one.determinant));
    }
  });

  for (const [name, draw] of Object.entries({bumpy, angular})) {
    it(`${name}: cut out of the middle of the grain alone`, () => {
      // What lies farther from the middle than nine tenths of the half width is red.
      const data = PATCH.data.map((level, i) => {
        const x = (Math.floor(i / 3) % PATCH.width) + 0.5 - HALF.x;
        return Math.abs(x) > 0.92 * HALF.y && i % 3 > 0 ? level >> 1 : level;
      });
      for (const seed of SEEDS) {
        const window = painted(draw(HALF, SIZE, new Random(1, seed)), {patch: {...PATCH, data}});
        expect(measure(window).area).to.be.above(100);
        for (let i = 0; i < BYTES; i += 3) if (window[i] > 100) expect(window[i + 1]).to.be.above(0.8 * window[i]);
      }
    });
  }

  it('bumpy: an outline that is not an ellipse', () => {
    const fills = SEEDS.map((seed) => fillOf(bumpy(HALF, SIZE, new Random(1, seed))));
    for (const fill of fills) expect(fill).to.be.within(0.6, 0.9995);
  });

  it('angular: a polygon of three to six corners, or a star', () => {
    const regular = [3, 4, 5, 6].map((corners) => {
      const turn = (2 * Math.PI) / corners;
      return ((corners / 2) * Math.sin(turn)) / (4 * Math.PI * ((2 + Math.cos(turn)) / 12));
    });
    const found = new Set<number>();
    let stars = 0;
    for (const seed of SEEDS) {
      const fill = fillOf(angular(HALF, SIZE, new Random(1, seed)));
      const corners = regular.findIndex((expected) => Math.abs(fill - expected) < 0.003);
      if (corners >= 0) found.add(corners + 3);
      else stars++;
    }
    expect([...found].sort()).to.deep.equal([3, 4, 5, 6]);
    expect(stars).to.be.within(3, 18);
  });

  it('are star-shaped: each ray from the middle leaves them once', () => {
    for (const draw of [bumpy, angular]) {
      for (const seed of SEEDS) {
        const {inside} = draw(HALF, SIZE, new Random(1, seed));
        for (let angle = 0; angle < 6.28; angle += 0.05) {
          const lit = Array.from({length: 200}, (_, i) => inside!(i * Math.cos(angle), i * Math.sin(angle)));
          expect(lit.indexOf(false)).to.equal(lit.lastIndexOf(true) + 1);
        }
      }
    }
  });
});

describe('training: surfaces of outliers', () => {
  it('striped: darker by a quarter to three fifths, in waves along one direction', () => {
    for (const seed of SEEDS) {
      const levels = gainsOf(striped(HALF, new Random(1, seed)));
      expect(levels.every(([red, green, blue]) => red === green && green === blue)).to.equal(true);
      const reds = levels.map(([red]) => red);
      expect(Math.max(...reds)).to.be.within(0.97, 1);
      expect(Math.min(...reds)).to.be.within(0.4, 0.78);
    }
  });

  it('creased: a line along the grain, dark by at least two fifths, and nothing else', () => {
    for (const seed of SEEDS) {
      const levels = gainsOf(creased(HALF, new Random(1, seed)));
      const dark = levels.filter(([red]) => red !== 1);
      expect(dark.length / levels.length).to.be.within(0.02, 0.3);
      expect(dark.every((level) => level.every((gain) => gain >= 0.15 && gain <= 0.6))).to.equal(true);
      const bright = levels.filter(([red]) => red === 1);
      expect(bright.every(([, green, blue]) => green === 1 && blue === 1)).to.equal(true);
    }
  });

  it('blotched: squares of their own darkness', () => {
    for (const seed of SEEDS) {
      const levels = gainsOf(blotched(HALF, new Random(1, seed))).map(([red]) => red);
      const different = new Set(levels).size;
      // 6 to 20 squares along a grain of 2.5 times its width.
      expect(different).to.be.within(12, 22 * 10);
      expect(Math.min(...levels)).to.be.within(0.3, 0.5);
      expect(Math.max(...levels)).to.be.within(0.7, 1);
    }
  });

  it('tinted: the strongest channel at least 1.9 times the weakest, each channel in its turn', () => {
    const strongest = new Set<number>();
    const weakest = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const tint = drawTint(new Random(1, seed));
      expect(Math.max(...tint)).to.equal(1);
      expect(Math.max(...tint) / Math.min(...tint)).to.be.within(1.9, 10);
      strongest.add(tint.indexOf(Math.max(...tint)));
      weakest.add(tint.indexOf(Math.min(...tint)));
    }
    expect(strongest.size).to.equal(3);
    expect(weakest.size).to.equal(3);
    expect(gainsOf(tinted(PLAIN, [1, 0.5, 0.2]))[0]).to.deep.equal([1, 0.5, 0.2]);
    const striking = striped(HALF, new Random(1, 1));
    const [plain, colored] = [gainsOf(striking), gainsOf(tinted(striking, [0.5, 1, 0.25]))];
    expect(colored[7]).to.deep.equal([0.5 * plain[7][0], plain[7][1], 0.25 * plain[7][2]]);
  });
});

function ellipse(length: number, width: number): GrainPatch {
  return prepareFramePatch(drawGrain({size: 250, length, width}), SIZE).patch;
}

function outlier(seed: number): Buffer {
  const window = new Uint8Array(BYTES).fill(55);
  outlierInto(PATCH, SIZE, 1, new Random(1, seed), window);
  return Buffer.from(window);
}

function painted(shape: Shape, {patch = PATCH, scale = 1, surface = PLAIN} = {}): Uint8Array {
  const window = new Uint8Array(BYTES).fill(55);
  paint(patch, SIZE, shape, scale, surface, window);
  return window;
}

/** How many pixels differ by more than rounding. */
function differences(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < BYTES; i += 3) if ([0, 1, 2].some((c) => Math.abs(a[i + c] - b[i + c]) > 2)) count++;
  return count;
}

function isLit(window: Uint8Array, x: number, y: number): boolean {
  return window[(y * SIZE.width + x) * 3 + 1] > 100;
}

function litColumns(window: Uint8Array, row: number) {
  const lit = Array.from({length: SIZE.width}, (_, x) => x).filter((x) => isLit(window, x, row));
  return {first: lit[0], length: lit[lit.length - 1] + 1 - lit[0]};
}

function litRows(window: Uint8Array, column: number) {
  const lit = Array.from({length: SIZE.height}, (_, y) => y).filter((y) => isLit(window, column, y));
  return {first: lit[0], length: lit[lit.length - 1] + 1 - lit[0]};
}

/** Area, offset from the window's middle, and aspect ratio of the lit pixels. */
function measure(window: Uint8Array) {
  const points: [number, number][] = [];
  for (let y = 0; y < SIZE.height; y++)
    for (let x = 0; x < SIZE.width; x++)
      if (isLit(window, x, y)) points.push([x + 0.5 - SIZE.width / 2, y + 0.5 - SIZE.height / 2]);
  return {area: points.length, ...spreadOf(points)};
}

function spreadOf(points: [number, number][]) {
  const mean = (of: (point: [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const xx = mean((point) => (point[0] - x) ** 2);
  const yy = mean((point) => (point[1] - y) ** 2);
  const xy = mean((point) => (point[0] - x) * (point[1] - y));
  const root = Math.hypot((xx - yy) / 2, xy);
  const aspect = Math.sqrt(((xx + yy) / 2 + root) / ((xx + yy) / 2 - root));
  return {x, y, aspect, determinant: xx * yy - xy * xy};
}

/** Area relative to the ellipse with the same second moments: 1 for an ellipse, less for other shapes. */
function fillOf({inside}: Shape): number {
  const points: [number, number][] = [];
  for (let y = -60; y < 60; y += 0.5) for (let x = -170; x < 170; x += 0.5) if (inside!(x, y)) points.push([x, y]);
  return points.length / 4 / (4 * Math.PI * Math.sqrt(spreadOf(points).determinant));
}

/** Values at the points of a grid over the grain. */
function gainsOf(surface: Surface): number[][] {
  const gains = new Float64Array(3);
  const all: number[][] = [];
  for (let y = -HALF.y; y < HALF.y; y++) {
    for (let x = -HALF.x; x < HALF.x; x++) {
      surface(x, y, gains);
      all.push([...gains]);
    }
  }
  return all;
}
