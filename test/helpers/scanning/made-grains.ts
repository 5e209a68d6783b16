import {measureOutline} from '../../../src/scanning/measures/measure-outline.ts';
import type {GrainName, MeasuredGrain, Outline, Point, Size} from '../../../src/scanning/types.ts';
import {Random} from '../../../src/training/random.ts';

/** Whole grains of a kind: mean sizes in px, and how much they vary, as measured on single grains. */
export interface Kind {
  label: string;
  length: number;
  width: number;
  variation?: number;
}

/** Sizes in px of the Rice Image Dataset at full scale. */
export const KINDS = {
  Arborio: {label: 'Arborio', length: 140, width: 70},
  Basmati: {label: 'Basmati', length: 196, width: 46.5},
  Ipsala: {label: 'Ipsala', length: 199, width: 91},
  Jasmine: {label: 'Jasmine', length: 146, width: 46},
  Karacadag: {label: 'Karacadag', length: 115, width: 72},
} satisfies Record<string, Kind>;

export interface MadeGrain extends MeasuredGrain, GrainName {
  mm?: Size;
  /** What it truly is. */
  truth: {kind: string; kept: number};
}

/** Makes grains with known truth: ellipses, whole or cut, at random angles, named as a model would. */
export class GrainMaker {
  readonly #random: Random;
  #id = 0;

  constructor(seed: string) {
    this.#random = new Random(seed);
  }

  whole(kind: Kind): MadeGrain {
    return this.#make(kind, 1);
  }

  /** Cut across, up to about 30 degrees off, 30 to 60 % of the length kept, from a tip or from the middle. */
  broken(kind: Kind): MadeGrain {
    return this.#make(kind, this.#random.uniform(0.3, 0.6));
  }

  /** `count` grains of a kind, of which a share is broken. */
  some(kind: Kind, count: number, broken = 0): MadeGrain[] {
    const pieces = Math.round(count * broken);
    return Array.from({length: count}, (_, i) => (i < pieces ? this.broken(kind) : this.whole(kind)));
  }

  #make(kind: Kind, kept: number): MadeGrain {
    const random = this.#random;
    const variation = kind.variation ?? 0.06;
    const length = kind.length * (1 + variation * random.normal());
    const width = kind.width * (1 + variation * random.normal());
    const turn = random.uniform(0, Math.PI);
    let shape: Point[] = Array.from({length: 96}, (_, i) => {
      const t = (i / 96) * 2 * Math.PI;
      return [(length / 2) * Math.cos(t), (width / 2) * Math.sin(t)];
    });
    if (kept < 1) {
      const start = random.chance(0.3) ? random.uniform(0, 1 - kept) : 0;
      shape = clip(shape, (start + kept - 0.5) * length, 0.25 * random.normal());
      if (start > 0) shape = clip(shape.map(flip), (0.5 - start) * length, 0.25 * random.normal()).map(flip);
    }
    const outline = resample(shape.map((point) => rotate(point, turn)));
    const size = measureOutline(outline);
    const name = this.#name(kind, kept, size.length / size.width);
    return {
      ...size,
      ...name,
      id: ++this.#id,
      color: {L: 80 + 2 * random.normal(), a: random.normal(), b: 12 + random.normal()},
      white: 0,
      border: false,
      touching: false,
      outline,
      truth: {kind: kind.label, kept},
    };
  }

  /** A whole grain gets its name; a piece, the name of the variety of its shape, half of the time. */
  #name({label}: Kind, kept: number, ratio: number): GrainName {
    const near = Object.values(KINDS).map((kind) => ({
      label: kind.label,
      off: Math.abs(kind.length / kind.width - ratio),
    }));
    const likely = near.sort((a, b) => a.off - b.off)[0].label;
    const known = this.#random.chance(kept === 1 ? 0.98 : 0.5);
    return {label: kept === 1 ? label : likely, confidence: known ? 0.99 : 0.5, known, probabilities: {}};
  }
}

/** The grain in millimeters, too. */
export function withScale<Grain extends Size>(grain: Grain, pxPerMm: number): Grain & {mm: Size} {
  const {length, width, feret, area, perimeter} = grain;
  const mm = {
    length: length / pxPerMm,
    width: width / pxPerMm,
    feret: feret / pxPerMm,
    area: area / pxPerMm ** 2,
    perimeter: perimeter / pxPerMm,
  };
  return {...grain, mm};
}

/** Keeps what is left of the line x = `at`, turned by `angle`. */
function clip(shape: readonly Point[], at: number, angle: number): Point[] {
  const side = ([x, y]: Point) => at - x - y * Math.tan(angle);
  return shape.flatMap((point, i) => {
    const next = shape[(i + 1) % shape.length];
    const [here, there] = [side(point), side(next)];
    const kept: Point[] = here >= 0 ? [point] : [];
    if (here < 0 !== there < 0) {
      const share = here / (here - there);
      kept.push([point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])]);
    }
    return kept;
  });
}

const flip = ([x, y]: Point): Point => [-x, -y];

function rotate([x, y]: Point, angle: number): Point {
  return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
}

/** Points at most 2 px apart, as an outline of pixels has. */
function resample(shape: readonly Point[]): Outline {
  return shape.flatMap(([x, y], i) => {
    const [toX, toY] = shape[(i + 1) % shape.length];
    const steps = Math.max(1, Math.ceil(Math.hypot(toX - x, toY - y) / 2));
    return Array.from({length: steps}, (_, k): Point => [x + ((toX - x) * k) / steps, y + ((toY - y) * k) / steps]);
  });
}
