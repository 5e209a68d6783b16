import {expect} from 'chai';
import {prepareFramePatch} from '../../../src/image/prepare.ts';
import type {GrainPatch} from '../../../src/image/window/patch.ts';
import {windowFromPatch} from '../../../src/image/window/window.ts';
import {type AugmentationOptions, augmentationIn, augmentInto} from '../../../src/training/batches/augmentation.ts';
import {addHighlight, recolor, shade} from '../../../src/training/batches/color.ts';
import {axisAfterTilt, shrinkInto, type Warp, warpInto} from '../../../src/training/batches/warp.ts';
import {Random} from '../../../src/training/random.ts';
import {drawGrain} from '../../helpers/images.ts';

const SIZE = {width: 60, height: 28};
const BYTES = SIZE.width * SIZE.height * 3;
/** Not symmetric: wider at one end. */
const PATCH = lopsidedPatch();
const STILL: Warp = {mirror: {x: false, y: false}, angle: 0, scale: 1, shiftX: 0, shiftY: 0};
const STRONG: AugmentationOptions = {
  warped: 1,
  rotation: 8,
  scale: 0.2,
  shrink: 0.2,
  shift: 3,
  stretch: 0,
  tilt: 0,
  recolored: 1,
  brightness: 0.3,
  color: 0.2,
  gamma: 0,
  gradient: 0,
  grey: 0.3,
  highlights: 0,
  untouched: 0,
  degraded: 0,
  blur: 0,
  noise: 0,
  motion: 0,
  coarseness: 1,
  outliers: 0,
  finallyUntouched: 0,
};
const NONE: AugmentationOptions = {...STRONG, warped: 0, recolored: 0};

describe('training: augmentation', () => {
  it('gives the window of prediction or a mirror image if nothing is warped or recolored', () => {
    const window = windowFromPatch(PATCH, SIZE);
    const images = [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([x, y]) => mirrored(window, x, y));
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 200; i++) counts[images.findIndex((image) => image.equals(augmented(NONE, i)))]++;
    for (const count of counts) expect(count).to.be.within(25, 75);
    expect(counts.reduce((a, b) => a + b)).to.equal(200);
  });

  it('gives the same window, up to rounding, if the warp is the identity', () => {
    const window = windowFromPatch(PATCH, SIZE);
    for (const x of [false, true]) {
      for (const y of [false, true]) {
        const warped = warp({mirror: {x, y}});
        expect(largestDifference(inside(warped), inside(mirrored(window, x, y)))).to.be.at.most(1);
      }
    }
  });

  it('has the same mirror images with and without a warp', () => {
    for (const x of [false, true]) {
      for (const y of [false, true]) {
        const shrunk = new Uint8Array(BYTES).fill(99);
        shrinkInto(PATCH, SIZE, {x, y}, shrunk);
        expect(Buffer.from(shrunk).equals(mirrored(windowFromPatch(PATCH, SIZE), x, y))).to.equal(true);
      }
    }
  });

  it('mirrors in both directions by half a turn', () => {
    const turned = warp({angle: Math.PI});
    expect(largestDifference(inside(turned), inside(warp({mirror: {x: true, y: true}})))).to.be.at.most(1);
  });

  it('moves the picture by whole pixels', () => {
    const moved = warp({shiftX: 2 * 3, shiftY: -2 * 2});
    const still = warp({});
    for (let y = 4; y < SIZE.height - 4; y++) {
      for (let x = 6; x < SIZE.width - 6; x++)
        expect(moved[((y - 2) * SIZE.width + x + 3) * 3]).to.equal(still[(y * SIZE.width + x) * 3]);
    }
  });

  it('rotates clockwise by the angle, and scales about the middle', () => {
    const straight = moments(warp({}));
    const turned = moments(warp({angle: (10 * Math.PI) / 180}));
    expect(turned.angle - straight.angle).to.be.closeTo(10, 0.5);
    expect(turned.mass / straight.mass).to.be.closeTo(1, 0.02);
    const large = moments(warp({scale: 1.2}));
    expect(large.mass / straight.mass).to.be.closeTo(1.44, 0.03);
    expect(moments(warp({scale: 1 / 1.2})).mass / straight.mass).to.be.closeTo(1 / 1.44, 0.03);
    expect(large.x - SIZE.width / 2).to.be.closeTo(1.2 * (straight.x - SIZE.width / 2), 0.3);
  });

  it('stretches along, and foreshortens in the direction of the tilt, by as much as it says', () => {
    const still = spread(warp({}));
    const long = spread(warp({stretch: 1.2}));
    expect(long.x / still.x).to.be.closeTo(1.2, 0.03);
    expect(long.y / still.y).to.be.closeTo(1, 0.02);
    const narrow = spread(warp({tilt: {shortening: 0.7, direction: Math.PI / 2}}));
    expect(narrow.x / still.x).to.be.closeTo(1, 0.02);
    expect(narrow.y / still.y).to.be.closeTo(0.7, 0.03);
    const mass = moments(warp({tilt: {shortening: 0.7, direction: 0.6}})).mass / moments(warp({})).mass;
    expect(mass).to.be.closeTo(0.7, 0.02);
  });

  it('turns a tilted grain back, so that its long axis is level again', () => {
    const {patch} = prepareFramePatch(drawGrain({size: 125, length: 44, width: 16}), SIZE);
    for (const direction of [0.4, 1, 2.2, 2.9]) {
      for (const shortening of [0.6, 0.8]) {
        const tilt = {shortening, direction};
        const angle = -axisAfterTilt(tilt, patch.width, patch.height);
        for (const mirror of [STILL.mirror, {x: true, y: false}]) {
          const window = new Uint8Array(BYTES);
          warpInto(patch, SIZE, {...STILL, mirror, tilt, angle}, window);
          expect(moments(window).angle, `${direction} ${shortening}`).to.be.closeTo(0, 3);
        }
      }
    }
  });

  it('adds a bright spot on the grain alone, which falls off like a Gaussian', () => {
    const width = 41;
    const pixels = new Uint8Array(width * width * 3).fill(100);
    pixels.fill(0, 0, 3 * width);
    addHighlight(pixels, width, {x: 20, y: 20, radius: 4, strength: 0.5});
    const at = (x: number, y: number) => pixels[3 * (y * width + x)];
    expect(at(20, 20)).to.equal(Math.floor(100 + 0.5 * 155 + 0.5));
    expect(at(24, 20)).to.equal(Math.floor(100 + 0.5 * 155 * Math.exp(-0.5) + 0.5));
    expect(at(20, 36)).to.equal(100);
    addHighlight(pixels, width, {x: 20, y: 1, radius: 9, strength: 1});
    expect(at(20, 0)).to.equal(0);
    expect(at(20, 1)).to.equal(255);
  });

  it('never changes black', () => {
    const pixels = Uint8Array.of(0, 0, 0, 10, 20, 30, 0, 0, 0, 0, 200, 0);
    recolor(pixels, {gains: [1.5, 1, 0.5], gamma: 1, grey: false});
    expect([...pixels]).to.deep.equal([0, 0, 0, 15, 20, 15, 0, 0, 0, 0, 200, 0]);
    const black = new Uint8Array(30);
    recolor(black, {gains: [3, 3, 3], gamma: 0.5, grey: true});
    expect(black.every((level) => level === 0)).to.equal(true);
    const window = windowFromPatch(PATCH, SIZE);
    const images = [false, true].flatMap((x) => [false, true].map((y) => mirrored(window, x, y)));
    const blackIn = (image: Uint8Array) =>
      Array.from({length: BYTES / 3}, (_, i) => image[3 * i] + image[3 * i + 1] + image[3 * i + 2] === 0).join();
    const masks = images.map(blackIn);
    const brighter = {...STRONG, warped: 0, brightness: 0.1, color: 0.1};
    for (let i = 0; i < 50; i++) expect(masks).to.include(blackIn(augmented(brighter, i)));
  });

  it("converts to gray by JPEG's luma, clipped at white", () => {
    const pixels = Uint8Array.of(200, 100, 50, 250, 250, 250);
    recolor(pixels, {gains: [1, 1, 1], gamma: 1, grey: true});
    const luma = Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50);
    expect([...pixels]).to.deep.equal([luma, luma, luma, 250, 250, 250]);
    recolor(pixels, {gains: [1.3, 1.3, 1.3], gamma: 1, grey: false});
    expect([...pixels.subarray(3)]).to.deep.equal([255, 255, 255]);
  });

  it('keeps scale and brightness within their bounds in both directions, symmetric about 1', () => {
    const window = windowFromPatch(PATCH, SIZE);
    const level = brightness(window);
    const options = {...NONE, recolored: 1, brightness: 0.1, color: 0, grey: 0};
    const factors = Array.from({length: 300}, (_, i) => brightness(augmented(options, i)) / level);
    expect(Math.max(...factors)).to.be.within(1.08, 1.105);
    expect(Math.min(...factors)).to.be.within(1 / 1.105, 1 / 1.08);
    const mean = factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length;
    expect(mean).to.be.closeTo(0, 0.01);
    const mass = moments(warp({})).mass;
    const scaled = {...NONE, warped: 1, rotation: 0, shift: 0, scale: 0.1, shrink: 0.1};
    const scales = Array.from({length: 100}, (_, i) => Math.sqrt(moments(augmented(scaled, i)).mass / mass));
    expect(Math.max(...scales)).to.be.within(1.07, 1.115);
    expect(Math.min(...scales)).to.be.within(1 / 1.115, 1 / 1.07);
  });

  it('depends only on the name of the generator, and writes only its own window', () => {
    for (let i = 0; i < 20; i++) expect(augmented(STRONG, i).equals(augmented(STRONG, i))).to.equal(true);
    const windows = Array.from({length: 20}, (_, i) => augmented(STRONG, i).toString('base64'));
    expect(new Set(windows).size).to.equal(20);
    const target = new Uint8Array(3 * BYTES).fill(77);
    augmentInto(PATCH, SIZE, STRONG, new Random(1, 4), target, BYTES);
    expect(target.subarray(0, BYTES).every((level) => level === 77)).to.equal(true);
    expect(target.subarray(2 * BYTES).every((level) => level === 77)).to.equal(true);
    expect(Buffer.from(target.subarray(BYTES, 2 * BYTES)).equals(augmented(STRONG, 4))).to.equal(true);
  });

  it('warps the given share of images', () => {
    const window = windowFromPatch(PATCH, SIZE);
    const plain = [false, true].flatMap((x) => [false, true].map((y) => mirrored(window, x, y)));
    const options = {...NONE, warped: 0.3};
    let warped = 0;
    for (let i = 0; i < 400; i++) if (!plain.some((image) => image.equals(augmented(options, i)))) warped++;
    expect(warped / 400).to.be.closeTo(0.3, 0.08);
  });

  it('leaves the given share of images exactly as in prediction', () => {
    const window = windowFromPatch(PATCH, SIZE);
    const plain = [false, true].flatMap((x) => [false, true].map((y) => mirrored(window, x, y)));
    const everything = {...STRONG, degraded: 1, blur: 2, noise: 8, gamma: 0.25};
    for (const untouched of [0, 0.3, 0.8, 1]) {
      const options = {...everything, untouched};
      let exact = 0;
      for (let i = 0; i < 200; i++) if (plain.some((image) => image.equals(augmented(options, i)))) exact++;
      // Four standard deviations of a binomial distribution.
      const deviation = Math.sqrt(200 * untouched * (1 - untouched));
      expect(Math.abs(exact - 200 * untouched)).to.be.at.most(4 * deviation);
    }
  });

  it('makes the given share of images outliers without a label', () => {
    const window = windowFromPatch(PATCH, SIZE);
    const plain = [false, true].flatMap((x) => [false, true].map((y) => mirrored(window, x, y)));
    const options = {...STRONG, untouched: 1, outliers: 0.2};
    let outliers = 0;
    for (let i = 0; i < 500; i++) {
      const image = Buffer.alloc(BYTES);
      const labelled = augmentInto(PATCH, SIZE, options, new Random(1, i), image, 0);
      expect(plain.some((each) => each.equals(image))).to.equal(labelled);
      if (!labelled) outliers++;
    }
    expect(Math.abs(outliers - 100)).to.be.at.most(4 * Math.sqrt(500 * 0.2 * 0.8));
    for (let i = 0; i < 50; i++)
      expect(augmentInto(PATCH, SIZE, STRONG, new Random(2, i), new Uint8Array(BYTES), 0)).to.equal(true);
  });

  it('increases the share of untouched pictures linearly from the first epoch to the last', () => {
    const options = {...STRONG, untouched: 0.4, finallyUntouched: 0.8, outliers: 0.5};
    const shares = [0, 1, 2, 3, 4].map((epoch) => augmentationIn(epoch, 5, options).untouched);
    for (const [i, share] of shares.entries()) expect(share).to.be.closeTo(0.4 + 0.1 * i, 1e-12);
    expect(augmentationIn(0, 1, options).untouched).to.equal(0.4);
    expect({...augmentationIn(3, 5, options), untouched: 0.4}).to.deep.equal(options);
  });

  it('lights from one side: brighter there, darker on the other by as much, and no change in the middle or to black', () => {
    const width = 21;
    const pixels = new Uint8Array(width * 5 * 3).fill(100);
    pixels.fill(0, 0, 3);
    shade(pixels, width, 0.4, 0);
    const row = Array.from({length: width}, (_, x) => pixels[(2 * width + x) * 3]);
    const expected = row.map((_, x) => Math.floor(100 * (1 + (0.4 * (x - 10)) / 10.5) + 0.5));
    expect(row).to.deep.equal(expected);
    expect(row[10]).to.equal(100);
    expect([...pixels.subarray(0, 3)]).to.deep.equal([0, 0, 0]);
    const down = new Uint8Array(width * 5 * 3).fill(200);
    shade(down, width, 1, Math.PI / 2);
    expect(down[(width * 2 + 3) * 3]).to.equal(200);
    expect(down[(width * 4 + 3) * 3]).to.equal(Math.floor(200 * (1 + (2 * 2) / width) + 0.5));
    shade(down, width, 1, Math.PI / 2);
    expect(down[width * 4 * 3 + 1]).to.equal(255);
  });

  it('never enlarges a grain beyond the window', () => {
    const patch = prepareFramePatch(drawGrain({size: 125, length: 48, width: 16}), SIZE).patch;
    const options = {...NONE, warped: 1, rotation: 0, shift: 0, scale: 3, shrink: 3};
    const whole = moments(windowFromPatch(patch, SIZE)).mass;
    const scales: number[] = [];
    for (let i = 0; i < 200; i++) {
      const window = new Uint8Array(BYTES);
      augmentInto(patch, SIZE, options, new Random(1, i), window, 0);
      scales.push(Math.sqrt(moments(window).mass / whole));
      // The grain's soft edge may come as far as the last pixel.
      for (let y = 0; y < SIZE.height; y++)
        for (const x of [0, SIZE.width - 1]) expect(window[(y * SIZE.width + x) * 3]).to.be.below(100);
    }
    const fitting = Math.min((2 * SIZE.width) / patch.width, (2 * SIZE.height) / patch.height);
    expect(Math.max(...scales)).to.be.closeTo(fitting, 0.03);
    expect(Math.min(...scales)).to.be.within(0.24, 0.3);
  });

  it('applies a tone curve that does not change black and white', () => {
    const pixels = Uint8Array.of(0, 64, 255, 128, 128, 128);
    recolor(pixels, {gains: [1, 1, 1], gamma: 2, grey: false});
    expect([...pixels]).to.deep.equal([0, Math.round(64 ** 2 / 255), 255, 64, 64, 64]);
  });

  it('never writes outside the window, at any strength', () => {
    const options = {...STRONG, rotation: 180, scale: 3, shift: 60};
    for (let i = 0; i < 100; i++) expect(augmented(options, i)).to.have.length(BYTES);
  });
});

function lopsidedPatch(): GrainPatch {
  const {patch} = prepareFramePatch(drawGrain({size: 125, length: 40, width: 16}), SIZE);
  const data = patch.data.slice();
  // One quarter is darker, so that no mirror image equals another.
  for (let y = 0; y < patch.height / 2; y++) {
    for (let x = 0; x < patch.width / 2; x++) {
      for (let c = 0; c < 3; c++) data[(y * patch.width + x) * 3 + c] *= 0.6 + 0.1 * c;
    }
  }
  return {...patch, data};
}

function augmented(options: AugmentationOptions, index: number): Buffer {
  const window = new Uint8Array(BYTES).fill(55);
  augmentInto(PATCH, SIZE, options, new Random(1, index), window, 0);
  return Buffer.from(window);
}

function warp(changes: Partial<Warp>): Buffer {
  const window = new Uint8Array(BYTES).fill(55);
  warpInto(PATCH, SIZE, {...STILL, ...changes}, window);
  return Buffer.from(window);
}

function mirrored(window: Uint8Array, x: boolean, y: boolean): Buffer {
  const out = Buffer.alloc(BYTES);
  for (let row = 0; row < SIZE.height; row++) {
    for (let column = 0; column < SIZE.width; column++) {
      const from = ((y ? SIZE.height - 1 - row : row) * SIZE.width + (x ? SIZE.width - 1 - column : column)) * 3;
      out.set(window.subarray(from, from + 3), (row * SIZE.width + column) * 3);
    }
  }
  return out;
}

/** All but the outermost pixels of the patch, which have no neighbor to interpolate with. */
function inside(window: Buffer): Uint8Array {
  const left = Math.min(PATCH.x / 2, SIZE.width - (PATCH.x + PATCH.width) / 2) + 1;
  const top = Math.min(PATCH.y / 2, SIZE.height - (PATCH.y + PATCH.height) / 2) + 1;
  return window.filter((_, i) => {
    const x = Math.floor(i / 3) % SIZE.width;
    const y = Math.floor(i / 3 / SIZE.width);
    return x >= left && x < SIZE.width - left && y >= top && y < SIZE.height - top;
  });
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).to.equal(b.length);
  return a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i])), 0);
}

function brightness(window: Uint8Array): number {
  return window.reduce((sum, level) => sum + level, 0);
}

/** Standard deviations along both axes. */
function spread(window: Uint8Array): {x: number; y: number} {
  const {mass, x, y} = moments(window);
  let [xx, yy] = [0, 0];
  for (let i = 0; i < window.length; i += 3) {
    xx += window[i + 1] * ((Math.floor(i / 3) % SIZE.width) + 0.5 - x) ** 2;
    yy += window[i + 1] * (Math.floor(i / 3 / SIZE.width) + 0.5 - y) ** 2;
  }
  return {x: Math.sqrt(xx / mass), y: Math.sqrt(yy / mass)};
}

/** Mass, centroid and the angle of the long axis in degrees. */
function moments(window: Uint8Array) {
  const sums = {mass: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0};
  for (let i = 0; i < window.length; i += 3) {
    const level = window[i + 1];
    const x = (Math.floor(i / 3) % SIZE.width) + 0.5;
    const y = Math.floor(i / 3 / SIZE.width) + 0.5;
    sums.mass += level;
    sums.x += level * x;
    sums.y += level * y;
    sums.xx += level * x * x;
    sums.xy += level * x * y;
    sums.yy += level * y * y;
  }
  const x = sums.x / sums.mass;
  const y = sums.y / sums.mass;
  const [xx, xy, yy] = [sums.xx / sums.mass - x * x, sums.xy / sums.mass - x * y, sums.yy / sums.mass - y * y];
  return {mass: sums.mass, x, y, angle: (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI};
}
