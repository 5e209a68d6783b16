import type {Frame} from '../../src/image/frame.ts';
import type {Homography, Point} from '../../src/scanning/types.ts';
import {type Color, randomNumbers} from './images.ts';

/** How a plane is photographed. */
export interface PlaneCamera {
  width: number;
  height: number;
  /** Pixels per mm in the middle of the picture, along the axis of the tilt. */
  pxPerMm: number;
  /** The point of the plane, in mm, that is seen in the middle. */
  middle: Point;
  /** Degrees between the camera and the vertical, and the direction in which it leans. */
  tilt?: number;
  towards?: number;
  /** Degrees by which the picture is turned. */
  turn?: number;
  /** Focal length in longer sides of the picture; a phone has about 0.75. */
  focal?: number;
}

export interface PlaneScene {
  camera: PlaneCamera;
  /** The color at a point of the plane in mm. */
  color(x: number, y: number): Color;
  /** Light falls off by this share from one corner to the opposite one. */
  uneven?: number;
  /** Standard deviations of the blur in pixels and of the noise in levels. */
  blur?: number;
  noise?: number;
  seed?: number;
}

/** The plane transform from mm to pixels of a pinhole camera. */
export function projection({
  width,
  height,
  pxPerMm,
  middle,
  tilt = 0,
  towards = 0,
  turn = 0,
  focal = 0.75,
}: PlaneCamera): Homography {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const f = focal * Math.max(width, height);
  const distance = f / pxPerMm;
  const [ct, st] = [Math.cos(radians(tilt)), Math.sin(radians(tilt))];
  const [ca, sa] = [Math.cos(radians(towards)), Math.sin(radians(towards))];
  const [cs, ss] = [Math.cos(radians(turn - towards)), Math.sin(radians(turn - towards))];
  // Turned by `turn - towards` in the plane, tilted about the x axis, turned back by `towards` around the axis of the camera.
  const column = (x: number, y: number): [number, number, number] => {
    const [u, v] = [cs * x - ss * y, (ss * x + cs * y) * ct];
    return [ca * u - sa * v, sa * u + ca * v, (ss * x + cs * y) * st];
  };
  const [a, b] = [column(1, 0), column(0, 1)];
  const c = [0, 1, 2].map((i) => -a[i] * middle[0] - b[i] * middle[1] + (i === 2 ? distance : 0));
  const row = (i: 0 | 1, m: number) => [f * a[i] + m * a[2], f * b[i] + m * b[2], f * c[i] + m * c[2]];
  return [...row(0, width / 2), ...row(1, height / 2), a[2], b[2], c[2]] as unknown as Homography;
}

/** A photograph of a plane: 2 x 2 samples per pixel, light, blur and noise. */
export function photographPlane(scene: PlaneScene): Frame {
  const {camera, uneven = 0, blur = 0.8, noise = 0, seed = 1} = scene;
  const {width, height} = camera;
  const [a, b, c, d, e, f, g, h, i] = inverse(projection(camera));
  const levels = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const light = 1 - uneven * ((x / width + y / height) / 2);
      for (let sample = 0; sample < 4; sample++) {
        const [px, py] = [x + 0.25 + 0.5 * (sample & 1), y + 0.25 + 0.5 * (sample >> 1)];
        const w = g * px + h * py + i;
        const color = scene.color((a * px + b * py + c) / w, (d * px + e * py + f) / w);
        for (let k = 0; k < 3; k++) levels[at + k] += (color[k] * light) / 4;
      }
    }
  const random = randomNumbers(seed);
  const data = Uint8Array.from(blurred(levels, width, height, blur), (level) => {
    // The sum of four even ones has a deviation of the square root of 1/3.
    const stray = noise === 0 ? 0 : (random() + random() + random() + random() - 2) * noise * 1.732;
    return Math.max(0, Math.min(255, Math.round(level + stray)));
  });
  return {width, height, data};
}

/** A disc, a rectangle and an ellipse of the plane. */
export const disc = (x0: number, y0: number, diameter: number) => (x: number, y: number) =>
  (x - x0) ** 2 + (y - y0) ** 2 < (diameter / 2) ** 2;

export const box =
  (x0: number, y0: number, width: number, height: number, radius = 0) =>
  (x: number, y: number) => {
    const [dx, dy] = [Math.abs(x - x0 - width / 2) - width / 2, Math.abs(y - y0 - height / 2) - height / 2];
    if (dx >= 0 || dy >= 0) return false;
    return dx < -radius || dy < -radius || (dx + radius) ** 2 + (dy + radius) ** 2 < radius ** 2;
  };

/** Ellipses of 7 x 2 mm that are not in order, within a box. */
export function scatteredGrains(
  count: number,
  [x0, y0, width, height]: readonly [number, number, number, number],
  seed = 1,
) {
  const random = randomNumbers(seed);
  const cells = new Map<number, {x: number; y: number; cos: number; sin: number}[]>();
  const cellOf = (x: number, y: number) => Math.floor(x / 10) * 1000 + Math.floor(y / 10);
  for (let i = 0; i < count; i++) {
    const turn = random() * Math.PI;
    const grain = {x: x0 + random() * width, y: y0 + random() * height, cos: Math.cos(turn), sin: Math.sin(turn)};
    for (const dx of [-4, 4])
      for (const dy of [-4, 4]) {
        const cell = cellOf(grain.x + dx, grain.y + dy);
        cells.set(cell, [...(cells.get(cell) ?? []), grain]);
      }
  }
  return (x: number, y: number) =>
    (cells.get(cellOf(x, y)) ?? []).some((grain) => {
      const [dx, dy] = [x - grain.x, y - grain.y];
      return ((dx * grain.cos + dy * grain.sin) / 3.5) ** 2 + (dy * grain.cos - dx * grain.sin) ** 2 < 1;
    });
}

/** By cofactors, apart from the code under test. */
function inverse([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

function blurred(levels: Float32Array, width: number, height: number, sigma: number): Float32Array {
  if (sigma === 0) return levels;
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let from = levels;
  for (const [step, size, limit] of [
    [3, width, (i: number) => Math.floor(i / 3) % width],
    [3 * width, height, (i: number) => Math.floor(i / (3 * width))],
  ] as const) {
    const to = new Float32Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const at = limit(i);
      for (let k = -reach; k <= reach; k++) {
        const near = Math.max(0, Math.min(size - 1, at + k)) - at;
        to[i] += (from[i + near * step] * weights[k + reach]) / sum;
      }
    }
    from = to;
  }
  return from;
}
