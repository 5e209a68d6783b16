import type {Random} from '../../src/training/random.ts';
import type {Canvas} from './canvas.ts';
import type {SceneThing, ThingKind} from './types.ts';

type Color = [red: number, green: number, blue: number];

/** Lengths and widths in dataset pixels: a grain is 100 to 200 long. */
const SIZES: Record<Exclude<ThingKind, 'thread'>, readonly [number, number]> = {
  stone: [35, 90],
  seed: [30, 70],
  coin: [420, 640],
  cap: [500, 720],
};

/** Where a thing will lie, before it is drawn. */
export interface ThingPlan {
  thing: SceneThing;
  /** Radius of the circle that it needs; 0 for a thread, which may lie anywhere. */
  radius: number;
  x: number;
  y: number;
}

export function planThing(kind: ThingKind, x: number, y: number, scale: number, random: Random): ThingPlan {
  const size = kind === 'thread' ? 0 : random.uniform(...SIZES[kind]) * scale;
  const radius = size / 2;
  return {thing: {kind, x: x - radius, y: y - radius, width: size, height: size}, radius, x, y};
}

export function drawThing(canvas: Canvas, plan: ThingPlan, scale: number, random: Random): SceneThing {
  const {kind} = plan.thing;
  if (kind === 'thread') return drawThread(canvas, plan, scale, random);
  if (kind === 'coin' || kind === 'cap') drawDisc(canvas, plan, kind, random);
  else drawBlob(canvas, plan, kind, random);
  const {x, y, radius} = plan;
  return {kind, x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius};
}

function boxed(
  canvas: Canvas,
  {x, y, radius}: ThingPlan,
  pixel: (dx: number, dy: number, color: Color) => number,
): void {
  const side = Math.ceil(radius) + 2;
  const [left, top] = [Math.floor(x) - side, Math.floor(y) - side];
  canvas.paint(left, top, 2 * side + 1, 2 * side + 1, (px, py, color) => pixel(px - x, py - y, color));
}

function clamped(share: number): number {
  return share <= 0 ? 0 : share >= 1 ? 1 : share;
}

/** Metal with rings, or a ribbed cap: round, so a reference of scale. */
function drawDisc(canvas: Canvas, plan: ThingPlan, kind: 'coin' | 'cap', random: Random): void {
  const {radius} = plan;
  const metals: Color[] = [
    [176, 172, 160],
    [186, 150, 88],
    [160, 104, 70],
  ];
  const plastics: Color[] = [
    [30, 130, 60],
    [180, 30, 34],
    [40, 60, 150],
  ];
  const base = (kind === 'coin' ? metals : plastics)[random.below(3)];
  const lamp = random.uniform(0, 2 * Math.PI);
  const relief = Array.from({length: 7}, () => random.uniform(-3, 3));
  boxed(canvas, plan, (dx, dy, color) => {
    const distance = Math.hypot(dx, dy);
    const share = clamped(radius - distance + 0.5);
    if (share === 0) return 0;
    const at = distance / radius;
    const turn = Math.atan2(dy, dx);
    const rim = at > 0.9 ? 0.18 * Math.cos(turn - lamp) : 0;
    const marks =
      kind === 'coin'
        ? 0.14 *
          Math.sin(relief[0] + (relief[1] * 9 * dx) / radius) *
          Math.sin(relief[2] + (relief[3] * 9 * dy) / radius)
        : at > 0.82
          ? 0.2 * Math.sin(turn * 60)
          : 0.05 * Math.sin(relief[4] + 6 * at);
    const gain = 0.9 + rim + (at < 0.86 || kind === 'cap' ? marks : 0) + 0.15 * at * Math.cos(turn - lamp);
    for (let c = 0; c < 3; c++) color[c] = Math.max(0, base[c] * gain);
    return share;
  });
}

/** An uneven stone, or a smooth dark seed. */
function drawBlob(canvas: Canvas, plan: ThingPlan, kind: 'stone' | 'seed', random: Random): void {
  const {radius} = plan;
  const stone = kind === 'stone';
  const grey = random.uniform(70, 150);
  const base: Color = stone
    ? [grey, grey * random.uniform(0.88, 1), grey * random.uniform(0.7, 0.95)]
    : [random.uniform(40, 120), random.uniform(30, 80), random.uniform(10, 40)];
  const flat = stone ? random.uniform(0.6, 0.95) : random.uniform(0.5, 0.8);
  const angle = random.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const waves = Array.from({length: 4}, (_, i) => ({
    size: (stone ? 0.09 : 0.01) / (i + 1),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  const most = 1 + waves.reduce((sum, {size}) => sum + size, 0);
  const spots = Float32Array.from({length: 256}, () => random.uniform(-0.16, 0.16));
  boxed(canvas, plan, (dx, dy, color) => {
    const u = (dx * cos + dy * sin) / radius;
    const v = (dy * cos - dx * sin) / (radius * flat);
    const turn = Math.atan2(v, u);
    let reach = 1;
    waves.forEach(({size, phase}, i) => {
      reach += size * Math.sin((i + 2) * turn + phase);
    });
    const distance = (Math.hypot(u, v) * most) / reach;
    const share = clamped((1 - distance) * radius * flat + 0.5);
    if (share === 0) return 0;
    const spot = stone ? spots[((Math.floor(u * 9) * 31) ^ (Math.floor(v * 9) * 17)) & 255] : 0;
    const gain = 1.1 - 0.45 * distance * distance - 0.12 * u + spot;
    for (let c = 0; c < 3; c++) color[c] = Math.max(0, base[c] * gain);
    return share;
  });
}

/** Lies on whatever is there. */
function drawThread(canvas: Canvas, {x, y}: ThingPlan, scale: number, random: Random): SceneThing {
  const colors: Color[] = [
    [200, 196, 186],
    [150, 40, 50],
    [60, 60, 66],
    [70, 90, 150],
  ];
  const own = colors[random.below(colors.length)];
  const thick = Math.max(0.8, random.uniform(3, 7) * scale) / 2;
  let heading = random.uniform(0, 2 * Math.PI);
  let bend = random.uniform(-0.02, 0.02);
  let [px, py] = [x, y];
  const step = Math.max(0.5, thick / 2);
  const length = random.uniform(300, 900) * scale;
  let [left, right, top, bottom] = [px, px, py, py];
  const side = Math.ceil(thick) + 1;
  for (let gone = 0; gone < length; gone += step) {
    const [middleX, middleY] = [px, py];
    canvas.paint(Math.floor(px) - side, Math.floor(py) - side, 2 * side + 1, 2 * side + 1, (atX, atY, color) => {
      for (let c = 0; c < 3; c++) color[c] = own[c];
      return clamped(thick + 0.5 - Math.hypot(atX - middleX, atY - middleY));
    });
    bend = Math.max(-0.05, Math.min(0.05, bend + random.uniform(-0.006, 0.006)));
    heading += (bend * step) / Math.max(0.3, scale);
    px += step * Math.cos(heading);
    py += step * Math.sin(heading);
    left = Math.min(left, px);
    right = Math.max(right, px);
    top = Math.min(top, py);
    bottom = Math.max(bottom, py);
  }
  return {
    kind: 'thread',
    x: left - thick,
    y: top - thick,
    width: right - left + 2 * thick,
    height: bottom - top + 2 * thick,
  };
}
