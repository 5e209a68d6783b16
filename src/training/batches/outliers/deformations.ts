/** Deformations of a grain: cut, bent, stretched, or combined with a second one. */
import type {WindowSize} from '../../../image/window/canvas.ts';
import type {Random} from '../../random.ts';
import type {Extent, Mapping, Shape} from './shape.ts';

/** A grain cut off at a third to seven tenths of its length, straight or jagged; the rest is centered. */
export function broken({x: halfLength}: Extent, _size: WindowSize, random: Random): Shape {
  const kept = random.uniform(0.35, 0.7);
  const shift = halfLength * (1 - kept);
  const slope = random.uniform(-0.8, 0.8);
  const teeth = random.uniform(0, 5);
  const pitch = random.uniform(0.1, 0.4);
  const end = halfLength * (2 * kept - 1);
  return {
    mappings: [
      (xs, y, sources) => {
        for (let i = 0; i < xs.length; i++) sources.x[i] = xs[i] - shift;
        sources.y.fill(y);
      },
    ],
    inside: (x, y) => x - shift < end + slope * y + teeth * Math.sin(pitch * y),
  };
}

/** A drop: one end much wider than the other. */
export function tapered({x: halfLength}: Extent, _size: WindowSize, random: Random): Shape {
  const amount = random.uniform(0.45, 0.9) * (random.chance(0.5) ? 1 : -1);
  return {
    mappings: [
      (xs, y, sources) => {
        sources.x.set(xs);
        for (let i = 0; i < xs.length; i++) sources.y[i] = y / Math.max(0.1, 1 + (amount * xs[i]) / halfLength);
      },
    ],
  };
}

/** A kidney or a banana. */
export function bent({x: halfLength, y: halfWidth}: Extent, _size: WindowSize, random: Random): Shape {
  const amount = random.uniform(0.7, 1.8) * halfWidth * (random.chance(0.5) ? 1 : -1);
  return {
    mappings: [
      (xs, y, sources) => {
        sources.x.set(xs);
        for (let i = 0; i < xs.length; i++) sources.y[i] = y - amount * ((xs[i] / halfLength) ** 2 - 1 / 3);
      },
    ],
  };
}

/** Round as a ball or thin as a needle, with the same area. */
export function stretched({x: halfLength, y: halfWidth}: Extent, size: WindowSize, random: Random): Shape {
  const aspect = random.chance(0.6) ? random.uniform(1, 1.25) : random.uniform(7, 12);
  const along = Math.min(Math.sqrt((aspect * halfWidth) / halfLength), size.width / halfLength);
  const across = (along * halfLength) / (aspect * halfWidth);
  return {
    mappings: [
      (xs, y, sources) => {
        for (let i = 0; i < xs.length; i++) sources.x[i] = xs[i] / along;
        sources.y.fill(y / across);
      },
    ],
  };
}

/** Two grains that cross each other or touch at their ends. */
export function stuck({x: halfLength}: Extent, size: WindowSize, random: Random): Shape {
  const angle = (random.uniform(20, 80) * Math.PI) / 360;
  const apart = random.uniform(0, 0.8) * halfLength;
  const shrink = Math.max(1, (halfLength + apart / 2) / (0.95 * size.width), halfLength / (0.75 * size.height));
  const mapping = (sign: number): Mapping => {
    const cos = Math.cos(angle);
    const sin = sign * Math.sin(angle);
    const offset = (sign * apart) / 2;
    return (xs, y, sources) => {
      const v = y * shrink;
      for (let i = 0; i < xs.length; i++) {
        const u = xs[i] * shrink + offset;
        sources.x[i] = cos * u + sin * v;
        sources.y[i] = cos * v - sin * u;
      }
    };
  };
  return {mappings: [mapping(1), mapping(-1)]};
}
