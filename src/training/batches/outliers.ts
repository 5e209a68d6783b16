/**
 * Outliers for training: things that are no grain of any variety, made out of grains. The network learns to be sure of
 * none of its labels there (outlier exposure: Hendrycks, Mazeika and Dietterich 2019, arXiv:1812.04606). They are made of
 * the training images themselves, so that nothing but what they are, an unusual shape, surface or colour, tells them from
 * rice, and each change is so large that no variety looks like its result.
 */
import {PATCH_SCALE, type WindowSize} from '../../image/canvas.ts';
import type {GrainPatch} from '../../image/patch.ts';
import type {Random} from '../random.ts';

/** Where in a patch a point of the canvas takes its colour from; both from the middle of the canvas, in its pixels. */
type Mapping = (x: number, y: number) => readonly [x: number, y: number];

interface Shape {
  /** The brightest of what they find is shown: more than one for grains that lie on each other. */
  mappings: Mapping[];
  /** Whether a point of the canvas belongs to the thing at all. */
  inside: (x: number, y: number) => boolean;
}

/** By what each of red, green and blue is multiplied at a point of the canvas. */
type Surface = (x: number, y: number) => readonly [number, number, number];

const everywhere = () => true;
const plain: Surface = () => [1, 1, 1];

/**
 * Writes an outlier that is made of a patch to `window`: uint8 RGB, height * width * 3 bytes.
 *
 * @param scale by which it is enlarged
 */
export function outlierInto(
  patch: GrainPatch,
  size: WindowSize,
  scale: number,
  random: Random,
  window: Uint8Array,
): void {
  const half = {x: patch.width / 2, y: patch.height / 2};
  const shaped = random.chance(0.75);
  const tinted = random.chance(shaped ? 0.25 : 0.5);
  const textured = random.chance(shaped || tinted ? 0.35 : 1);
  const shape = scaled(shaped ? drawShape(half, size, random) : {mappings: [identity], inside: everywhere}, scale);
  const texture = textured ? drawTexture(half, random) : plain;
  const tint = tinted ? drawTint(random) : ([1, 1, 1] as const);
  paint(
    patch,
    size,
    shape,
    (x, y) => {
      const [red, green, blue] = texture(x, y);
      return [red * tint[0], green * tint[1], blue * tint[2]];
    },
    window,
  );
}

const identity: Mapping = (x, y) => [x, y];

function scaled({mappings, inside}: Shape, scale: number): Shape {
  return {
    mappings: mappings.map((mapping) => (x, y) => mapping(x / scale, y / scale)),
    inside: (x, y) => inside(x / scale, y / scale),
  };
}

interface Extent {
  x: number;
  y: number;
}

function drawShape(half: Extent, size: WindowSize, random: Random): Shape {
  const draw = [broken, tapered, bent, stretched, bumpy, angular, stuck][random.below(7)];
  return draw(half, size, random);
}

/** A grain cut off, at a third to two thirds of its length, straight or jagged; what is left lies in the middle. */
function broken({x: halfLength}: Extent, _size: WindowSize, random: Random): Shape {
  const kept = random.uniform(0.35, 0.68);
  const shift = halfLength * (1 - kept);
  const slope = random.uniform(-0.8, 0.8);
  const teeth = random.uniform(0, 5);
  const pitch = random.uniform(0.1, 0.4);
  return {
    mappings: [(x, y) => [x - shift, y]],
    inside: (x, y) => x - shift < halfLength * (2 * kept - 1) + slope * y + teeth * Math.sin(pitch * y),
  };
}

/** A drop: one end much wider than the other. */
function tapered({x: halfLength}: Extent, _size: WindowSize, random: Random): Shape {
  const amount = random.uniform(0.45, 0.9) * (random.chance(0.5) ? 1 : -1);
  return {
    mappings: [(x, y) => [x, y / Math.max(0.1, 1 + (amount * x) / halfLength)]],
    inside: everywhere,
  };
}

/** A kidney or a banana. */
function bent({x: halfLength, y: halfWidth}: Extent, _size: WindowSize, random: Random): Shape {
  const amount = random.uniform(0.7, 1.8) * halfWidth * (random.chance(0.5) ? 1 : -1);
  return {
    mappings: [(x, y) => [x, y - amount * ((x / halfLength) ** 2 - 1 / 3)]],
    inside: everywhere,
  };
}

/** As round as a ball, or as thin as a needle; the area stays. */
function stretched({x: halfLength, y: halfWidth}: Extent, size: WindowSize, random: Random): Shape {
  const aspect = random.chance(0.6) ? random.uniform(1, 1.25) : random.uniform(7, 12);
  const along = Math.min(Math.sqrt((aspect * halfWidth) / halfLength), size.width / halfLength);
  const across = (along * halfLength) / (aspect * halfWidth);
  return {mappings: [(x, y) => [x / along, y / across]], inside: everywhere};
}

/** A crumb, a leaf, a pebble: an outline of waves around a circle or an ellipse, cut out of the middle of a grain. */
function bumpy(half: Extent, size: WindowSize, random: Random): Shape {
  const waves = Array.from({length: 5}, (_, i) => ({
    count: i + 2,
    height: random.uniform(0, 0.5 / (i + 2)) + (i === 1 ? 0.08 : 0),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return cutOut(half, size, random, (angle) =>
    waves.reduce((radius, {count, height, phase}) => radius + height * Math.cos(count * angle + phase), 1),
  );
}

/** A polygon of three to six corners, or a star. */
function angular(half: Extent, size: WindowSize, random: Random): Shape {
  const corners = 3 + random.below(4);
  const turn = random.uniform(0, 2 * Math.PI);
  const star = random.chance(0.25) ? random.uniform(0.4, 0.7) : 1;
  const wedge = Math.PI / corners;
  return cutOut(half, size, random, (angle) => {
    const from = Math.abs(((((angle + turn) % (2 * wedge)) + 2 * wedge) % (2 * wedge)) - wedge);
    // In a star the way from a corner (at a wedge's side) to the next leads over a point nearer to the middle.
    return star < 1 ? 1 - (1 - star) * (1 - from / wedge) : Math.cos(wedge) / Math.cos(from);
  });
}

/** The middle of a grain, magnified, within an outline that is given as the radius for each angle. */
function cutOut({y: halfWidth}: Extent, size: WindowSize, random: Random, radiusAt: (angle: number) => number): Shape {
  const largest = Math.min(size.height, 1.5 * halfWidth);
  const across = random.uniform(0.5, 1) * largest;
  const along = across * random.uniform(1, 2.6);
  return {
    mappings: [(x, y) => [(0.5 * halfWidth * x) / along, (0.5 * halfWidth * y) / across]],
    inside: (x, y) => {
      const [u, v] = [x / along, y / across];
      return Math.hypot(u, v) < radiusAt(Math.atan2(v, u));
    },
  };
}

/** Two grains that lie across each other or touch at their ends. */
function stuck({x: halfLength}: Extent, size: WindowSize, random: Random): Shape {
  const angle = (random.uniform(20, 80) * Math.PI) / 360;
  const apart = random.uniform(0, 0.8) * halfLength;
  const shrink = Math.max(1, (halfLength + apart / 2) / (0.95 * size.width), halfLength / (0.75 * size.height));
  const mapping = (sign: number): Mapping => {
    const [cos, sin] = [Math.cos(angle), sign * Math.sin(angle)];
    return (x, y) => {
      const [u, v] = [x * shrink + (sign * apart) / 2, y * shrink];
      return [cos * u + sin * v, cos * v - sin * u];
    };
  };
  return {mappings: [mapping(1), mapping(-1)], inside: everywhere};
}

/** Stripes, a dark crease along the middle, or blotches: stronger than any that rice shows. */
function drawTexture(half: Extent, random: Random): Surface {
  const draw = [striped, creased, blotched][random.below(3)];
  return draw(half, random);
}

function striped({x: halfLength}: Extent, random: Random): Surface {
  const angle = random.uniform(0, Math.PI);
  const pitch = (2 * Math.PI * random.uniform(3, 10)) / (2 * halfLength);
  const [u, v] = [pitch * Math.cos(angle), pitch * Math.sin(angle)];
  const depth = random.uniform(0.25, 0.6);
  return (x, y) => {
    const gain = 1 - depth * (0.5 + 0.5 * Math.sin(u * x + v * y));
    return [gain, gain, gain];
  };
}

function creased({y: halfWidth}: Extent, random: Random): Surface {
  const thickness = random.uniform(0.06, 0.25) * halfWidth;
  const tilt = random.uniform(-0.2, 0.2);
  const offset = random.uniform(-0.5, 0.5) * halfWidth;
  const dark = [0, 1, 2].map(() => random.uniform(0.15, 0.6)) as [number, number, number];
  return (x, y) => (Math.abs(y - offset - tilt * x) < thickness ? dark : [1, 1, 1]);
}

function blotched({x: halfLength}: Extent, random: Random): Surface {
  const cell = (2 * halfLength) / random.uniform(6, 20);
  const columns = 64;
  const gains = Float64Array.from({length: columns * columns}, () => random.uniform(0.3, 1));
  return (x, y) => {
    const column = Math.floor(x / cell) & (columns - 1);
    const row = Math.floor(y / cell) & (columns - 1);
    const gain = gains[row * columns + column];
    return [gain, gain, gain];
  };
}

/** A colour that no lamp gives to something white: its strongest channel at least 1.9 times its weakest. */
function drawTint(random: Random): [number, number, number] {
  const strongest = random.below(3);
  const weakest = (strongest + 1 + random.below(2)) % 3;
  const low = random.uniform(0.1, 0.52);
  const gains: [number, number, number] = [0, 0, 0].map(() => random.uniform(low, 1)) as [number, number, number];
  gains[strongest] = 1;
  gains[weakest] = low;
  return gains;
}

/** Samples the patch through the mappings: each pixel of the window is the mean of 2 x 2 of the canvas, as everywhere. */
function paint(patch: GrainPatch, size: WindowSize, shape: Shape, surface: Surface, window: Uint8Array): void {
  const found = new Float64Array(3);
  const sums = new Float64Array(3);
  for (let row = 0, target = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++, target += 3) {
      sums.fill(0);
      for (let tap = 0; tap < PATCH_SCALE * PATCH_SCALE; tap++) {
        const x = PATCH_SCALE * column + (tap & 1) + 0.5 - size.width;
        const y = PATCH_SCALE * row + (tap >> 1) + 0.5 - size.height;
        if (!shape.inside(x, y)) continue;
        found.fill(0);
        for (const mapping of shape.mappings) sampleInto(patch, size, mapping(x, y), found);
        if (found[1] === 0) continue;
        const gains = surface(x, y);
        for (let c = 0; c < 3; c++) sums[c] += found[c] * gains[c];
      }
      for (let c = 0; c < 3; c++) window[target + c] = sums[c] / 4 + 0.5;
    }
  }
}

/** The patch's nearest pixel at a point, where that is brighter than what was found before. */
function sampleInto(patch: GrainPatch, size: WindowSize, [x, y]: readonly [number, number], found: Float64Array): void {
  const column = Math.floor(x + size.width) - patch.x;
  const row = Math.floor(y + size.height) - patch.y;
  if (column < 0 || row < 0 || column >= patch.width || row >= patch.height) return;
  const at = (row * patch.width + column) * 3;
  if (patch.data[at + 1] <= found[1]) return;
  for (let c = 0; c < 3; c++) found[c] = patch.data[at + c];
}
