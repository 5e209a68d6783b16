import type {Frame} from '../../src/image/frame.ts';
import {type Color, randomNumbers} from './images.ts';

/** A drawn grain on a drawn background, with what is true of it. Lengths are for a frame of 250 pixels and grow with it. */
export interface Scene {
  frame: Frame;
  /** The same grain under the same light on black. */
  onBlack: Frame;
  /** The share of each pixel that the grain covers. */
  cover: Float32Array;
  grain: DrawnGrain;
}

/** A superellipse |u|^power + |v|^power <= 1 with the axes `length` and `width`; angle in degrees. */
export interface DrawnGrain {
  x: number;
  y: number;
  length: number;
  width: number;
  angle: number;
  power: number;
  color: Color;
}

/** What a background does to a place: its color without a shadow, and the light there (1 is full). */
export interface Texture {
  color(x: number, y: number): Color;
  light?(x: number, y: number): Color;
}

/** A lamp's shadow of the grain: where it falls to, how much light it takes, how wide its edge is. */
export interface Shadow {
  dx: number;
  dy: number;
  depth: number;
  softness: number;
}

const FULL_LIGHT: Color = [1, 1, 1];

type Random = () => number;

/** Mean axes and colors of the five varieties in the Rice Image Dataset. */
export const VARIETIES: Record<string, {length: number; width: number; color: Color}> = {
  Arborio: {length: 138, width: 71, color: [213, 213, 219]},
  Basmati: {length: 202, width: 49, color: [217, 219, 237]},
  Ipsala: {length: 197, width: 92, color: [236, 237, 232]},
  Jasmine: {length: 157, width: 51, color: [209, 216, 225]},
  Karacadag: {length: 115, width: 73, color: [205, 205, 225]},
};

const plain =
  (color: Color): BackgroundMaker =>
  () => ({color: () => color});

type BackgroundMaker = (random: Random) => Texture;

/** Backgrounds by name; each draws what is random about it from the scene's numbers. */
export const BACKGROUNDS: Record<string, BackgroundMaker> = {
  black: plain([3, 3, 4]),
  grey: plain([128, 128, 128]),
  white: plain([255, 255, 255]),
  'bright grey': plain([170, 170, 170]),
  blue: plain([40, 80, 160]),
  wood,
  cloth,
  paper,
  gradient,
  vignette,
  'colored light': (random) => ({...gradient(random), light: tinted(gradient(random).light!)}),
};

/** Draws a scene; everything random follows from the seed. */
export function drawScene(
  background: BackgroundMaker,
  seed: number,
  {variety, size = 250, scale = 1, shadows = () => []}: SceneOptions = {},
): Scene {
  const random = randomNumbers(seed);
  const names = Object.keys(VARIETIES);
  const {length, width, color} = VARIETIES[variety ?? names[Math.floor(random() * names.length)]];
  const zoom = (size / 250) * scale;
  const grain: DrawnGrain = {
    length: length * zoom * (0.95 + 0.1 * random()),
    width: width * zoom * (0.95 + 0.1 * random()),
    angle: 180 * random(),
    power: 2 + 0.5 * random(),
    color,
    x: size / 2 + (random() - 0.5) * 0.08 * size,
    y: size / 2 + (random() - 0.5) * 0.08 * size,
  };
  const under = background(random);
  const cast = shadows(random).map((each) => ({
    dx: each.dx * zoom,
    dy: each.dy * zoom,
    depth: each.depth,
    softness: each.softness * zoom,
  }));
  const texture = grainTexture(grain, random);
  const outline = outlineOf(grain);
  const frame = emptyFrame(size);
  const onBlack = emptyFrame(size);
  const cover = new Float32Array(size * size);
  const unit = 250 / size;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const pixel = y * size + x;
      const share = coverAt(outline, x + 0.5, y + 0.5);
      cover[pixel] = share;
      const below = under.color((x + 0.5) * unit, (y + 0.5) * unit);
      const light = under.light?.((x + 0.5) * unit, (y + 0.5) * unit) ?? FULL_LIGHT;
      let shade = 1;
      for (const each of cast) shade *= 1 - each.depth * shadowAt(outline, each, x + 0.5, y + 0.5);
      const level = share > 0 ? texture(x + 0.5, y + 0.5) : 0;
      for (let c = 0; c < 3; c++) {
        const noise = (random() + random() + random() - 1.5) * 5;
        const own = share * level * color[c] * light[c];
        frame.data[pixel * 3 + c] = clamp(own + (1 - share) * below[c] * light[c] * shade + noise);
        onBlack.data[pixel * 3 + c] = clamp(own + noise * share);
      }
    }
  return {frame, onBlack, cover, grain};
}

export interface SceneOptions {
  /** Any of the five where left out. */
  variety?: string;
  /** Side of the square frame. */
  size?: number;
  /** How large the grain is relative to the dataset's. */
  scale?: number;
  shadows?: (random: Random) => Shadow[];
}

/** How far a shadow falls. */
const OFFSET = 14;

/** One lamp from anywhere. */
export function oneShadow(softness: number, depth = 0.5, offset = OFFSET): (random: Random) => Shadow[] {
  return (random) => [shadowFrom(2 * Math.PI * random(), softness, depth, offset)];
}

/** Two lamps, about a right angle apart. */
export function twoShadows(softness: number, depth = 0.35): (random: Random) => Shadow[] {
  return (random) => {
    const angle = 2 * Math.PI * random();
    return [shadowFrom(angle, softness, depth), shadowFrom(angle + 1.2 + 0.7 * random(), softness, depth)];
  };
}

function shadowFrom(angle: number, softness: number, depth: number, offset = OFFSET): Shadow {
  return {dx: offset * Math.cos(angle), dy: offset * Math.sin(angle), depth, softness};
}

function emptyFrame(size: number): Frame {
  return {width: size, height: size, data: new Uint8Array(size * size * 3)};
}

function clamp(level: number): number {
  return level <= 0 ? 0 : level >= 255 ? 255 : Math.floor(level + 0.5);
}

/** Gives places in the grain's own axes, 1 being its ends. */
function axesOf({
  x: centreX,
  y: centreY,
  length,
  width,
  angle,
}: DrawnGrain): (x: number, y: number) => [number, number] {
  const cos = Math.cos((angle * Math.PI) / 180);
  const sin = Math.sin((angle * Math.PI) / 180);
  return (x, y) => {
    const [dx, dy] = [x - centreX, y - centreY];
    return [(dx * cos + dy * sin) / (length / 2), (dy * cos - dx * sin) / (width / 2)];
  };
}

/** About how many pixels a place lies outside; negative inside. Where it is plainly more than `most`, that is enough to know. */
type Outline = (x: number, y: number, most: number) => number;

function outlineOf(grain: DrawnGrain): Outline {
  const {length, width, power} = grain;
  const along = axesOf(grain);
  const steepest = Math.hypot(2 / length, 2 / width);
  return (x, y, most) => {
    const [ownU, ownV] = along(x, y);
    const [u, v] = [Math.abs(ownU), Math.abs(ownV)];
    // The outline lies between the ellipse and the rectangle, and nowhere rises faster than that.
    if (Math.max(u, v) - 1 > most * steepest) return most;
    if (1 - Math.sqrt(u * u + v * v) > most * steepest) return -most;
    const radius = (u ** power + v ** power) ** (1 / power);
    const slopeU = u ** (power - 1) / (length / 2);
    const slopeV = v ** (power - 1) / (width / 2);
    const slope = Math.hypot(slopeU, slopeV) / Math.max(1e-9, radius ** (power - 1));
    return (radius - 1) / Math.max(1e-9, slope);
  };
}

/** The lens leaves an edge of about two pixels. */
function coverAt(outline: Outline, x: number, y: number): number {
  return ramp(0.5 - outline(x, y, 1) / 2);
}

function shadowAt(outline: Outline, {dx, dy, softness}: Shadow, x: number, y: number): number {
  const width = Math.max(2, softness);
  return ramp(0.5 - outline(x - dx, y - dy, width / 2) / width);
}

/** From 0 to 1 without a kink. */
function ramp(value: number): number {
  const t = Math.max(0, Math.min(1, value));
  return t * t * (3 - 2 * t);
}

/** Darker towards the rim and one side, with chalky spots and a cloudy inside. */
function grainTexture(grain: DrawnGrain, random: Random): (x: number, y: number) => number {
  const spots = Array.from({length: 2}, () => ({
    u: random() - 0.5,
    v: (random() - 0.5) * 0.8,
    size: 0.15 + 0.2 * random(),
    gain: 0.1 * random(),
  }));
  const clouds = noiseField(random);
  const lean = (random() - 0.5) * 0.1;
  const along = axesOf(grain);
  return (x, y) => {
    const [u, v] = along(x, y);
    let level = 1 - 0.12 * Math.min(1, u * u + v * v) ** 2 + lean * v + 0.08 * (clouds(u * 4, v * 4) - 0.5);
    for (const spot of spots)
      level += spot.gain * ramp(1.5 - (3 * Math.hypot(u - spot.u, (v - spot.v) * 0.6)) / (3 * spot.size));
    return level;
  };
}

/** Smooth random values in [0, 1], about one bump a unit. */
function noiseField(random: Random): (x: number, y: number) => number {
  const values = Float32Array.from({length: 1024}, random);
  const at = (i: number, j: number) => values[(((i * 37) ^ (j * 113)) + i * 7 + j * 3) & 1023];
  return (x, y) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [ramp(x - i), ramp(y - j)];
    const upper = at(i, j) + fx * (at(i + 1, j) - at(i, j));
    const lower = at(i, j + 1) + fx * (at(i + 1, j + 1) - at(i, j + 1));
    return upper + fy * (lower - upper);
  };
}

function shaded([red, green, blue]: Color, gain: number): Color {
  return [red * gain, green * gain, blue * gain];
}

/** Brown boards: long streaks in one direction, fine fibres between them. */
function wood(random: Random): Texture {
  const angle = Math.PI * random();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const streaks = noiseField(random);
  const fibres = noiseField(random);
  const base: Color = random() < 0.5 ? [158, 112, 68] : [105, 72, 48];
  return {
    color: (x, y) => {
      const [u, v] = [x * cos + y * sin, y * cos - x * sin];
      const level = 0.34 * (streaks(u / 90 + 50, v / 7 + 50) - 0.5) + 0.2 * (fibres(u / 25 + 50, v / 1.7 + 90) - 0.5);
      return shaded(base, 1 + level);
    },
  };
}

/** A plain weave: threads over and under, each a little lighter or darker than the next. */
function cloth(random: Random): Texture {
  const angle = Math.PI * random();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const threads = noiseField(random);
  const pitch = 4 + 3 * random();
  const bases: Color[] = [
    [70, 84, 120],
    [120, 60, 55],
    [150, 140, 115],
  ];
  const base = bases[Math.floor(random() * bases.length)];
  return {
    color: (x, y) => {
      const [u, v] = [(x * cos + y * sin) / pitch, (y * cos - x * sin) / pitch];
      const weave = 0.13 * Math.sin(2 * Math.PI * u) * Math.sin(2 * Math.PI * v);
      const uneven = 0.16 * (threads(u + 90, v / 12 + 90) - 0.5) + 0.16 * (threads(u / 12 + 40, v + 40) - 0.5);
      return shaded(base, 1 + weave + uneven);
    },
  };
}

/** Bright, with fibres and clouds. */
function paper(random: Random): Texture {
  const fibres = noiseField(random);
  const clouds = noiseField(random);
  const base: Color = random() < 0.5 ? [246, 241, 226] : [188, 162, 122];
  return {
    color: (x, y) =>
      shaded(base, 1 + 0.05 * (fibres(x / 2 + 70, y / 2 + 70) - 0.5) + 0.03 * (clouds(x / 14 + 70, y / 14 + 70) - 0.5)),
  };
}

/** Grey, lit from one side. */
function gradient(random: Random): Texture {
  const angle = 2 * Math.PI * random();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    color: () => [150, 150, 146],
    light: (x, y) => shaded([1, 1, 1], 0.78 + ((x - 125) * cos + (y - 125) * sin) * 0.002),
  };
}

/** Grey, darker towards the corners. */
function vignette(random: Random): Texture {
  const [x0, y0] = [125 + 40 * (random() - 0.5), 125 + 40 * (random() - 0.5)];
  return {
    color: () => [140, 142, 148],
    light: (x, y) => shaded([1, 1, 1], 1 / (1 + 0.5 * (((x - x0) / 125) ** 2 + ((y - y0) / 125) ** 2) * 0.6)),
  };
}

function tinted(light: NonNullable<Texture['light']>): NonNullable<Texture['light']> {
  return (x, y) => {
    const [red, green, blue] = light(x, y);
    return [red, green * 0.88, blue * 0.7];
  };
}
