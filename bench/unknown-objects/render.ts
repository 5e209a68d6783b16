import {blurChannels} from '../../src/evaluation/robustness/blur.ts';
import type {Frame} from '../../src/image/frame.ts';
import type {Random} from '../../src/training/random.ts';
import type {Color} from './colors.ts';
import type {Outline} from './outlines.ts';

/** A part of an object. */
export interface Part {
  outline: Outline;
  /** Height of the surface above the table in pixels. @param depth signed distance from the outline at this point */
  height(x: number, y: number, depth: number): number;
  /** Its color in white light. */
  color(x: number, y: number, depth: number): Color;
  /** Specular reflection, 0 to 1. */
  gloss: number;
}

/** As in the Rice Image Dataset. */
const SIDE = 250;
const SUBSAMPLES = 3;
/** A pixel whose center is farther than this from a part's outline is entirely outside or inside the part. */
const MARGIN = 3;
/** Distance in pixels over which the slope of a surface is computed. */
const STEP = 0.5;
const SHINE = 25;

/** Lamp and camera, with small random variations. */
interface Capture {
  angle: number;
  x: number;
  y: number;
  /** Unit vector towards the lamp. */
  lamp: readonly [number, number, number];
  ambient: number;
  gains: Color;
  background: Color;
  blur: number;
  noise: number;
}

/** A ball or an egg if `radius` is half the shape's width; less gives a flat top. @param bulge 1 is as high as wide */
export function dome(radius: number, bulge = 1): Part['height'] {
  return (_x, _y, depth) => {
    const share = 1 - Math.min(1, Math.max(0, depth) / radius);
    return bulge * radius * Math.sqrt(1 - share ** 2);
  };
}

/**
 * Renders an object on a black table from above, at any angle; later parts cover earlier ones. Blinn-Phong shading; a
 * Gaussian blur for the lens, normal noise for the sensor.
 */
export function renderObject(parts: readonly Part[], random: Random): Frame {
  const capture = drawCapture(random);
  const light = new Float32Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) light.set(pixelAt(parts, x, y, capture), (y * SIDE + x) * 3);
  const data = new Uint8ClampedArray(light.length);
  blurChannels(light, SIDE, SIDE, 3, capture.blur).forEach((level, i) => {
    data[i] = level + capture.noise * random.normal();
  });
  return {width: SIDE, height: SIDE, data: new Uint8Array(data.buffer)};
}

function drawCapture(random: Random): Capture {
  const azimuth = random.uniform(0, 2 * Math.PI);
  const elevation = random.uniform(0.9, 1.4);
  const exposure = random.uniform(0.9, 1.1);
  const warmth = random.uniform(-0.05, 0.05);
  const dark = random.uniform(0, 5);
  return {
    angle: random.uniform(0, 2 * Math.PI),
    x: SIDE / 2 + random.uniform(-6, 6),
    y: SIDE / 2 + random.uniform(-6, 6),
    lamp: [Math.cos(azimuth) * Math.cos(elevation), Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation)],
    ambient: random.uniform(0.35, 0.6),
    gains: [exposure * (1 + warmth), exposure, exposure * (1 - warmth)],
    background: [dark, dark, dark],
    blur: random.uniform(0.45, 0.8),
    noise: random.uniform(0.6, 2),
  };
}

function pixelAt(parts: readonly Part[], column: number, row: number, capture: Capture): Color {
  const {background} = capture;
  const middle = toObject(column + 0.5, row + 0.5, capture);
  const near: Part[] = [];
  let deep = true;
  for (const part of parts) {
    const depth = part.outline(...middle);
    if (depth <= -MARGIN) continue;
    near.push(part);
    if (depth < MARGIN) deep = false;
  }
  if (near.length === 0) return background;
  if (deep) return surfaceAt(near[near.length - 1], ...middle, capture);
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < SUBSAMPLES ** 2; i++) {
    const dx = ((i % SUBSAMPLES) + 0.5) / SUBSAMPLES;
    const dy = (Math.floor(i / SUBSAMPLES) + 0.5) / SUBSAMPLES;
    const point = toObject(column + dx, row + dy, capture);
    const top = near.findLast(({outline}) => outline(...point) > 0);
    const seen = top ? surfaceAt(top, ...point, capture) : background;
    for (let c = 0; c < 3; c++) sum[c] += seen[c] / SUBSAMPLES ** 2;
  }
  return sum;
}

/** Lamp and camera are at infinity, so only a surface's orientation determines its brightness. */
function surfaceAt({outline, height, color, gloss}: Part, x: number, y: number, capture: Capture): Color {
  const {angle, lamp, ambient, gains} = capture;
  const depth = outline(x, y);
  const level = height(x, y, depth);
  const slopeX = (height(x + STEP, y, outline(x + STEP, y)) - level) / STEP;
  const slopeY = (height(x, y + STEP, outline(x, y + STEP)) - level) / STEP;
  const length = Math.hypot(slopeX, slopeY, 1);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const lampX = lamp[0] * cos + lamp[1] * sin;
  const lampY = lamp[1] * cos - lamp[0] * sin;
  const matt = Math.max(0, (lamp[2] - slopeX * lampX - slopeY * lampY) / length);
  const half = Math.hypot(lampX, lampY, lamp[2] + 1);
  const mirrored = Math.max(0, (lamp[2] + 1 - slopeX * lampX - slopeY * lampY) / length / half) ** SHINE;
  const own = color(x, y, depth);
  const shade = (c: number) => gains[c] * (own[c] * (ambient + (1.05 - ambient) * matt) + 200 * gloss * mirrored);
  return [shade(0), shade(1), shade(2)];
}

function toObject(x: number, y: number, {angle, x: centreX, y: centreY}: Capture): [number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [x - centreX, y - centreY];
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}
