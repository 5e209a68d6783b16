import {blurChannels} from '../../src/evaluation/robustness/blur.ts';
import type {Frame} from '../../src/image/frame.ts';
import type {Random} from '../../src/training/random.ts';
import type {Ground} from './grounds.ts';
import type {Sprite} from './sprite.ts';

/** A scene while it is laid: light in levels, not yet rounded. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
  /** See `Scene.labels`. */
  readonly labels: Uint16Array;

  constructor(width: number, height: number, {color, level}: Ground) {
    this.width = width;
    this.height = height;
    this.light = new Float32Array(width * height * 3);
    this.labels = new Uint16Array(width * height);
    for (let i = 0, at = 0; i < level.length; i++, at += 3)
      for (let c = 0; c < 3; c++) this.light[at + c] = Math.max(0, color[c] * level[i]);
  }

  /** Lays a grain with its top left pixel at (left, top). */
  lay({width, height, data, cover}: Sprite, left: number, top: number, label: number, gain: number): void {
    const {light, labels} = this;
    this.#within(left, top, width, height, (from, to) => {
      const share = cover[from];
      if (share === 0) return;
      const rest = 1 - share / 255;
      for (let c = 0; c < 3; c++) light[to * 3 + c] = light[to * 3 + c] * rest + data[from * 3 + c] * gain;
      if (share >= 128) labels[to] = label;
    });
  }

  /** Takes light from what lies beneath. @param depth share of the light that a full cover takes */
  shade({width, height, cover}: Cover, left: number, top: number, depth: number): void {
    const {light} = this;
    this.#within(left, top, width, height, (from, to) => {
      const gain = 1 - depth * cover[from];
      for (let c = 0; c < 3; c++) light[to * 3 + c] *= gain;
    });
  }

  /** Covers each pixel of a box with `pixel`'s color by its share, 0 to 1; it is ground for the labels. */
  paint(
    left: number,
    top: number,
    width: number,
    height: number,
    pixel: (x: number, y: number, color: [number, number, number]) => number,
  ): void {
    const {light, labels} = this;
    const color: [number, number, number] = [0, 0, 0];
    this.#within(left, top, width, height, (from, to) => {
      const share = pixel(left + (from % width) + 0.5, top + Math.floor(from / width) + 0.5, color);
      if (share <= 0) return;
      for (let c = 0; c < 3; c++) light[to * 3 + c] += share * (color[c] - light[to * 3 + c]);
      if (share >= 0.5) labels[to] = 0;
    });
  }

  #within(left: number, top: number, width: number, height: number, use: (from: number, to: number) => void): void {
    const right = Math.min(width, this.width - left);
    const bottom = Math.min(height, this.height - top);
    for (let y = Math.max(0, -top); y < bottom; y++)
      for (let x = Math.max(0, -left); x < right; x++) use(y * width + x, (y + top) * this.width + x + left);
  }

  /** Takes the photograph: uneven light, the lens's blur, the sensor's noise. */
  expose({lamp, blur, noise, gains}: Exposure, random: Random): Frame {
    const {width, height} = this;
    const light = blur >= 0.25 ? blurChannels(this.light, width, height, 3, blur) : this.light;
    const data = new Uint8Array(width * height * 3);
    const normal = Float32Array.from({length: 4099}, () => noise * random.normal());
    for (let y = 0, i = 0; y < height; y++) {
      let next = random.below(normal.length);
      for (let x = 0; x < width; x++) {
        const gain = lamp(x / width - 0.5, y / height - 0.5);
        for (let c = 0; c < 3; c++, i++) {
          const level = light[i] * gain * gains[c] + normal[next] + 0.5;
          data[i] = level <= 0 ? 0 : level >= 255 ? 255 : level;
          if (++next === normal.length) next = 0;
        }
      }
    }
    return {width, height, data};
  }
}

/** Shares of pixels, 0 to 1. */
export interface Cover {
  width: number;
  height: number;
  cover: Float32Array;
}

export interface Exposure {
  /** Light at a place, both coordinates from -0.5 to 0.5. */
  lamp: (x: number, y: number) => number;
  blur: number;
  noise: number;
  gains: readonly [number, number, number];
}

/** A grain's cover with an edge that is blurred over `softness` pixels, and a margin of as much. */
export function softened({width, height, cover}: Pick<Sprite, 'width' | 'height' | 'cover'>, softness: number): Cover {
  const margin = softness + 1;
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  let shares: Float32Array = new Float32Array(w * h);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) shares[(y + margin) * w + x + margin] = cover[y * width + x] / 255;
  const radius = Math.max(1, softness >> 1);
  // Two passes of a box are about a Gaussian.
  for (let pass = 0; pass < 2; pass++) shares = boxBlur(boxBlur(shares, 1, w, h, w, radius), w, h, w, 1, radius);
  return {width: w, height: h, cover: shares};
}

/** Running mean of 2 `radius` + 1 values, along lines of `length` values that are `step` apart; `lines` of them. */
function boxBlur(
  from: Float32Array,
  step: number,
  length: number,
  lines: number,
  lineStep: number,
  radius: number,
): Float32Array {
  const out = new Float32Array(from.length);
  const size = 2 * radius + 1;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * step];
    for (let i = 0; i < length; i++) {
      if (i + radius < length) sum += from[start + (i + radius) * step];
      out[start + i * step] = sum / size;
      if (i >= radius) sum -= from[start + (i - radius) * step];
    }
  }
  return out;
}
