import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {decodeImage} from '../../src/image/decode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {type PreparedFrame, prepareFrame, prepareFramePatch, type WithPatch} from '../../src/image/prepare.ts';
import {drawFrame, drawGrain, randomNumbers} from '../helpers/images.ts';
import {
  BACKGROUNDS,
  drawScene,
  oneShadow,
  type Scene,
  type SceneOptions,
  twoShadows,
  VARIETIES,
} from '../helpers/scenes.ts';

const WINDOW = {width: 120, height: 56};
const SHARED = join(import.meta.dirname, '../../../shared/data');
/** A pixel counts as covered from this share of the grain's color on, in the scene and in the window. */
const COVERED = 0.25;

interface Limits {
  /** Least intersection over union, for the worst scene and for all but one. */
  worst: number;
  most: number;
  /** Largest relative error of the length. */
  length: number;
  /** Largest error of the angle in degrees. */
  angle: number;
  /** Largest mean difference in levels from the window of the same grain on black. */
  window: number;
}

const LIMITS: Limits = {worst: 0.95, most: 0.96, length: 0.025, angle: 2, window: 3};
const SHADOWS: Record<string, SceneOptions> = {
  'a soft shadow': {shadows: oneShadow(16)},
  'a hard shadow': {shadows: oneShadow(2)},
  'two shadows': {shadows: twoShadows(8)},
};
/** If a grain is as dark as its shadow's edge, the two cannot be separated. */
const HARDER: Record<string, Partial<Limits>> = {
  'bright grey': {length: 0.03, window: 4.5},
  white: {window: 4.5},
  'paper, a soft shadow': {worst: 0.93, most: 0.94, window: 5},
  'paper, two shadows': {window: 4.5},
  'white, a soft shadow': {worst: 0.9, most: 0.91, length: 0.04, angle: 4, window: 8},
  'white, a hard shadow': {window: 5},
  'white, two shadows': {worst: 0.65, most: 0.9, length: 0.14, angle: 4, window: 25},
};

describe('image: grains on any background', () => {
  for (const background of Object.keys(BACKGROUNDS)) it(background, () => expectFound(background, background, {}));
  for (const background of ['grey', 'cloth', 'paper', 'white'])
    for (const [what, options] of Object.entries(SHADOWS))
      it(`${background}, with ${what}`, () => expectFound(`${background}, ${what}`, background, options));
  it('wood, in larger pictures', () => expectFound('wood', 'wood', {size: 450}));

  // What people shrink pictures to before they are classified: the texture is then as fine as the pixels.
  for (const size of [100, 126, 160, 200, 224, 240, 249, 250, 256, 400, 1000])
    it(`on rough cloth, in a picture of ${size} pixels`, () => {
      for (let seed = 0; seed < 4; seed++) {
        const random = randomNumbers(seed + 77);
        const color = (): [number, number, number] => {
          const level = 104 + 43 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
          return [level, level, level + 7];
        };
        const scene = drawScene(() => ({color}), 300 + seed, {size});
        const [found, reference] = [scene.frame, scene.onBlack].map((frame) => prepareFrame(frame, WINDOW).grain);
        expect(found, `seed ${seed}`).to.not.equal(undefined);
        expect(found!.length / reference!.length, `seed ${seed}`).to.be.closeTo(1, 0.05);
        expect(found!.area / reference!.area, `seed ${seed}`).to.be.closeTo(1, 0.12);
      }
    });

  for (const background of Object.keys(BACKGROUNDS))
    it(`none on ${background} alone`, () => {
      for (let seed = 0; seed < 2; seed++) {
        const {frame} = drawScene(BACKGROUNDS[background], 900 + seed, {scale: 1e-4});
        expect(prepareFrame(frame, WINDOW).grain, `${seed}`).to.equal(undefined);
      }
    });

  for (const level of [168, 196])
    it(`brighter and darker parts of a grain on light gray of level ${level}`, () => {
      Object.keys(VARIETIES).forEach((variety, i) => {
        const scene = drawScene(() => ({color: () => [level, level, level]}), 100 + i, {variety});
        const [found, reference] = [scene.frame, scene.onBlack].map((frame) => prepareFrame(frame, WINDOW).grain!);
        expect(found.objects, variety).to.equal(1);
        expect(found.area / reference.area, variety).to.be.closeTo(1, 0.13);
        expect(found.length / reference.length, variety).to.be.closeTo(1, 0.06);
      });
    });

  it('does not count a faint shadow on light gray as a part of the grain', () => {
    const scene = (variety: string) =>
      drawScene(() => ({color: () => [168, 168, 168]}), 101, {variety, shadows: oneShadow(16, 0.1)});
    for (const variety of Object.keys(VARIETIES)) {
      const {frame, onBlack} = scene(variety);
      const [found, reference] = [frame, onBlack].map((each) => prepareFrame(each, WINDOW).grain!);
      expect(found.area / reference.area, variety).to.be.closeTo(1, 0.08);
    }
  });

  for (const level of [238, 225])
    it(`does not count a soft shadow on white paper of level ${level} as a part of the grain`, () => {
      Object.keys(VARIETIES).forEach((variety, i) => {
        const shadows = oneShadow(18, 0.25, 9);
        const scene = drawScene(() => ({color: () => [level, level - 3, level - 8]}), 100 + i, {variety, shadows});
        const [found, reference] = [scene.frame, scene.onBlack].map((frame) => prepareFrame(frame, WINDOW));
        expect(found.grain!.objects, variety).to.equal(1);
        expect(found.grain!.area / reference.grain!.area, variety).to.be.closeTo(1, 0.04);
        expect(meanDifference(found.window, reference.window), variety).to.be.below(5);
      });
    });

  it('finds a grain as bright as its paper by the edges of its rim', () => {
    for (const [angle, length, width] of [
      [20, 190, 84],
      [75, 170, 76],
      [140, 120, 70],
    ]) {
      const {found, area} = rimOnPaper(angle, length, width, 14);
      expect(found, `${angle}`).to.not.equal(undefined);
      expect(found!.objects, `${angle}`).to.equal(1);
      expect(found!.area / area, `${angle}`).to.be.closeTo(1, 0.08);
      expect(found!.length / length, `${angle}`).to.be.closeTo(1, 0.05);
      expect(rimOnPaper(angle, length, width, 0).found, `${angle}, no rim`).to.equal(undefined);
    }
  });

  for (const background of ['grey', 'blue', 'paper', 'white'])
    it(`counts two on ${background}`, () => {
      const [left, right] = ['Arborio', 'Jasmine'].map(
        (variety) => drawScene(BACKGROUNDS[background], 31, {variety, scale: 0.8}).frame,
      );
      expect(prepareFrame(beside(left, right), WINDOW).grain?.objects).to.equal(2);
    });
});

describe('image: the scale of grains', () => {
  const RED = {background: [120, 40, 40] as const};

  it("is the picture's own, but a grain shorter than 96 canvas pixels is enlarged to that", () => {
    for (const background of [[0, 0, 0] as const, RED.background])
      for (const [length, expected] of [
        [50, 48],
        [70, 48],
        [90, 48],
        [160, 80],
      ]) {
        const {window} = prepareFrame(drawGrain({size: 250, length, width: length / 2, angle: 20, background}), WINDOW);
        expect(litColumns(window), `${length}`).to.be.closeTo(expected, 1.5);
      }
  });

  it('shrinks a grain larger than the canvas until it fits', () => {
    for (const background of [[0, 0, 0] as const, RED.background])
      for (const [length, width, angle] of [
        [310, 60, 45],
        [200, 160, 10],
      ]) {
        const {window} = prepareFrame(drawGrain({size: 250, length, width, angle, background}), WINDOW);
        const [columns, rows] = [litColumns(window), litRows(window)];
        expect(columns / rows, 'proportions').to.be.closeTo(length / width, (0.04 * length) / width);
        expect(Math.max(columns / 120, rows / 56)).to.be.within(0.93, 1);
        expect(edgeLevel(window), 'nothing cut off').to.be.below(120);
      }
  });

  it('samples a small grain of a large picture at full resolution', () => {
    const reference = prepareFrame(drawGrain({size: 250, length: 84, width: 34, angle: 33, ...RED}), WINDOW).window;
    const large = {size: 2000, length: 210, width: 85, angle: 33, x: 700, y: 1310, ...RED};
    const {window, grain} = prepareFrame(drawGrain(large), WINDOW);
    expect(grain?.x).to.be.closeTo(700, 1);
    expect(grain?.y).to.be.closeTo(1310, 1);
    expect(grain?.length).to.be.closeTo(210, 3);
    expect(grain?.objects).to.equal(1);
    expect(steepest(window)).to.be.above(0.8 * steepest(reference));
  });

  it('is not affected by a hair', () => {
    for (const [length, width] of [
      [400, 3],
      [200, 2],
      [240, 6],
    ])
      for (const size of [250, 600]) {
        const zoom = size / 250;
        const hair = drawGrain({size, length: length * zoom, width: width * zoom, angle: 41, ...RED});
        expect(prepareFrame(hair, WINDOW).window).to.have.length(120 * 56 * 3);
      }
  });
});

describe('image: grains on photographed backgrounds (needs ../shared/data)', () => {
  before(function () {
    if (!existsSync(join(SHARED, 'photos'))) this.skip();
  });

  it('give nearly the same window as the picture on black', async () => {
    for (const [photo, x, y] of [
      ['counted/count-60.jpg', 0, 300],
      ['phone-boxes/IMG_0510.jpg', 20, 20],
      ['phone-boxes/IMG_0478.jpg', 20, 950],
    ] as const) {
      const background = crop(await decoded(join(SHARED, 'photos', photo)), x, y);
      for (const label of Object.keys(VARIETIES)) {
        const folder = join(SHARED, 'sample', label);
        for (const name of readdirSync(folder).slice(0, 4)) {
          const onBlack = await decoded(join(folder, name));
          const expected = prepareFrame(onBlack, WINDOW);
          const {grain, window} = prepareFrame(compositeOn(background, onBlack), WINDOW);
          expect(grain?.area ?? 0, `${photo} ${name}`).to.be.closeTo(expected.grain!.area, 0.08 * expected.grain!.area);
          expect(meanDifference(window, expected.window), `${photo} ${name}`).to.be.below(6);
        }
      }
    }
  });
});

/** An ellipse on paper of the same color, with a rim that is brighter by some levels. */
function rimOnPaper(angle: number, length: number, width: number, brighter: number) {
  const random = randomNumbers(angle);
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const frame = drawFrame(250, 250, (x, y) => {
    const [dx, dy] = [x + 0.5 - 125, y + 0.5 - 125];
    const radius = Math.hypot((dx * cos + dy * sin) / (length / 2), (dy * cos - dx * sin) / (width / 2));
    const rim = radius < 1 ? brighter * Math.exp(-(((1 - radius) * width) / 12)) : 0;
    const noise = (random() + random() + random() - 1.5) * 2;
    return [236 + rim + noise, 234 + rim + noise, 230 + rim + noise];
  });
  return {found: prepareFrame(frame, WINDOW).grain, area: (Math.PI / 4) * length * width};
}

/** One grain of each variety on a background. */
function expectFound(kind: string, background: string, options: SceneOptions): void {
  const limits = {...LIMITS, ...HARDER[kind]};
  const overlaps: number[] = [];
  Object.keys(VARIETIES).forEach((variety, i) => {
    const scene = drawScene(BACKGROUNDS[background], 100 + i, {...options, variety});
    const prepared = prepareFramePatch(scene.frame, WINDOW);
    const reference = prepareFrame(scene.onBlack, WINDOW);
    if (!prepared.grain) throw new Error(`no grain was found: ${kind}, ${variety}`);
    overlaps.push(overlapOf(scene, prepared));
    expect(prepared.grain.objects, `${variety}: objects`).to.equal(1);
    expect(prepared.grain.length / reference.grain!.length, `${variety}: length`).to.be.closeTo(1, limits.length);
    const turn = Math.abs(prepared.grain.angle - scene.grain.angle) % 180;
    expect(Math.min(turn, 180 - turn), `${variety}: angle`).to.be.below(limits.angle);
    expect(meanDifference(prepared.window, reference.window), `${variety}: window`).to.be.below(limits.window);
  });
  overlaps.sort((a, b) => a - b);
  expect(overlaps[0], 'worst overlap').to.be.above(limits.worst);
  expect(overlaps[1], 'overlap of all but one').to.be.above(limits.most);
}

/** Intersection over union of the lit canvas pixels and the true area of the scene's grain. */
function overlapOf({cover, frame, grain}: Scene, {patch, grain: found}: WithPatch<PreparedFrame>): number {
  const step = frame.width / 250;
  const angle = (found!.angle * Math.PI) / 180;
  const side = Math.cos(angle) < 0 ? -1 : 1;
  const [cos, sin] = [side * Math.cos(angle), side * Math.sin(angle)];
  const dark = COVERED * (grain.color[0] + grain.color[1] + grain.color[2]);
  const truth = cover.reduce((sum, share) => sum + Number(share >= COVERED), 0) / (step * step);
  let lit = 0;
  let both = 0;
  for (let y = 0; y < patch.height; y++)
    for (let x = 0; x < patch.width; x++) {
      const at = (y * patch.width + x) * 3;
      if (patch.data[at] + patch.data[at + 1] + patch.data[at + 2] < dark) continue;
      lit++;
      const [along, across] = [(x + patch.x + 0.5 - 120) * step, (y + patch.y + 0.5 - 56) * step];
      const column = Math.floor(found!.x + along * cos - across * sin);
      const row = Math.floor(found!.y + along * sin + across * cos);
      if (column < 0 || row < 0 || column >= frame.width || row >= frame.height) continue;
      if (cover[row * frame.width + column] >= COVERED) both++;
    }
  return both / (lit + truth - both);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, level, i) => sum + Math.abs(level - b[i]), 0) / a.length;
}

function levelAt(window: Uint8Array, x: number, y: number): number {
  return window[(y * 120 + x) * 3 + 1];
}

/** Number of a window's columns with a pixel above half brightness. */
function litColumns(window: Uint8Array): number {
  const columns = new Set<number>();
  for (let y = 0; y < 56; y++) for (let x = 0; x < 120; x++) if (levelAt(window, x, y) > 108) columns.add(x);
  return columns.size;
}

function litRows(window: Uint8Array): number {
  const rows = new Set<number>();
  for (let y = 0; y < 56; y++) for (let x = 0; x < 120; x++) if (levelAt(window, x, y) > 108) rows.add(y);
  return rows.size;
}

/** The brightest level along a window's border. */
function edgeLevel(window: Uint8Array): number {
  let most = 0;
  for (let y = 0; y < 56; y++)
    for (let x = 0; x < 120; x++)
      if (x === 0 || y === 0 || x === 119 || y === 55) most = Math.max(most, levelAt(window, x, y));
  return most;
}

/** The largest difference between neighbors in the middle column: the sharpness of the outline. */
function steepest(window: Uint8Array): number {
  let most = 0;
  for (let y = 0; y < 55; y++) most = Math.max(most, Math.abs(levelAt(window, 60, y) - levelAt(window, 60, y + 1)));
  return most;
}

function beside(left: Frame, right: Frame): Frame {
  return drawFrame(left.width + right.width, left.height, (x, y) => {
    const from = x < left.width ? left : right;
    const at = (y * from.width + (x % left.width)) * 3;
    return [from.data[at], from.data[at + 1], from.data[at + 2]];
  });
}

async function decoded(path: string): Promise<Frame> {
  const {width, height, data} = (await decodeImage(readFileSync(path))).frame;
  return {width, height, data: data.slice()};
}

function crop({width, data}: Frame, left: number, top: number): Frame {
  return drawFrame(250, 250, (x, y) => {
    const at = ((top + y) * width + left + x) * 3;
    return [data[at], data[at + 1], data[at + 2]];
  });
}

/** Composites a picture on black over a background; brightness is the alpha. */
function compositeOn(background: Frame, {width, height, data}: Frame): Frame {
  return drawFrame(width, height, (x, y) => {
    const at = (y * width + x) * 3;
    const level = Math.max(data[at], data[at + 1], data[at + 2]);
    const rest = 1 - Math.min(1, Math.max(0, level - 12) / 120);
    const mixed = (c: number) => Math.min(255, Math.round(data[at + c] + rest * background.data[at + c]));
    return [mixed(0), mixed(1), mixed(2)];
  });
}
