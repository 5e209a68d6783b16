import type {Frame} from '../../src/image/frame.ts';
import type {Random} from '../../src/training/random.ts';
import type {GrainPictures} from '../scenes/grain-pictures.ts';
import {drawKind, drawnPiece, type Piece, picturedPiece} from './piece.ts';

/** A grain as it would be seen if none lay on it. */
export interface WholeGrain {
  /** Centroid. */
  x: number;
  y: number;
  /** Half of the axes of the ellipse with its second moments, and the direction of the longer one in radians. */
  a: number;
  b: number;
  angle: number;
}

/** A small scene for training, of which everything is known. */
export interface Crop {
  frame: Frame;
  /** 0 for the ground, otherwise 1 + the number of the grain that is seen. */
  labels: Uint16Array;
  grains: WholeGrain[];
}

const TRIES = 12;
/** What a grain that comes later may cover of one that lies there; more if it lies across it. */
const LARGEST_COVER = 0.4;
const LARGEST_CROSSED = 0.5;

/**
 * Lays grains at, on and beside each other, some of them cut by the border. All at the working scale.
 *
 * @param pictures of the dataset; without them, all grains are drawn
 */
export function makeCrop(side: number, random: Random, pictures?: GrainPictures): Crop {
  const canvas = new CropCanvas(side, random);
  const nextPiece = pieces(random, pictures);
  const wanted = Math.round(
    ((side * side) / 128 ** 2) * (random.chance(0.2) ? random.uniform(2, 5) : random.uniform(5, 26)),
  );
  const sticky = random.uniform(0.5, 1);
  const overlapping = random.chance(0.25) ? 0 : random.uniform(0, LARGEST_COVER);
  const brightnesses = random.uniform(0, 0.2);
  const shadow = {strength: random.chance(0.6) ? random.uniform(0, 0.5) : 0, angle: random.uniform(0, 2 * Math.PI)};
  for (let i = 0; i < wanted; i++) {
    const piece = nextPiece();
    const place = findPlace(canvas, piece, random, random.chance(sticky), overlapping);
    if (!place) continue;
    canvas.shade(piece, place, shadow.strength, shadow.angle);
    canvas.lay(piece, place, 1 + random.uniform(-brightnesses, brightnesses));
  }
  return canvas.expose(random);
}

function pieces(random: Random, pictures: GrainPictures | undefined): () => Piece {
  const share = pictures === undefined ? 0 : random.chance(0.55) ? 1 : random.chance(0.3) ? 0.5 : 0;
  const kinds = Array.from({length: random.chance(0.3) ? 2 : 1}, () => drawKind(random));
  const typical = 40 * Math.exp(random.uniform(-0.4, 0.45));
  const broken = random.chance(0.25) ? random.uniform(0.2, 1) : 0.1;
  return () => {
    if (pictures && random.chance(share))
      return picturedPiece(pictures, typical * Math.exp(0.12 * random.normal()), broken, random);
    return drawnPiece(kinds[random.below(kinds.length)], random);
  };
}

interface Place {
  left: number;
  top: number;
}

/** A place in the crop: beside or on a grain that lies there, or anywhere that is free. */
function findPlace(
  canvas: CropCanvas,
  piece: Piece,
  random: Random,
  joined: boolean,
  overlapping: number,
): Place | undefined {
  const crossing = overlapping > 0 && random.chance(0.2);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const {side, grains} = canvas;
    const other = joined && grains.length > 0 ? grains[random.below(grains.length)] : undefined;
    if (!other) {
      const [x, y] = [random.uniform(-8, side + 8), random.uniform(-8, side + 8)];
      const place = {left: Math.round(x - piece.width / 2), top: Math.round(y - piece.height / 2)};
      if (canvas.covers(piece, place) <= 0) return place;
      continue;
    }
    const direction = random.uniform(0, 2 * Math.PI);
    if (crossing) {
      const apart = random.uniform(0, 0.7) * other.a;
      const place = {
        left: Math.round(other.x + apart * Math.cos(direction) - piece.width / 2),
        top: Math.round(other.y + apart * Math.sin(direction) - piece.height / 2),
      };
      if (canvas.covers(piece, place) <= LARGEST_CROSSED) return place;
      continue;
    }
    const target = random.chance(0.35) ? 0 : random.uniform(0, overlapping);
    const at = (distance: number): Place => ({
      left: Math.round(other.x + distance * Math.cos(direction) - piece.width / 2),
      top: Math.round(other.y + distance * Math.sin(direction) - piece.height / 2),
    });
    let [near, far] = [0, other.a + Math.max(piece.width, piece.height) / 2 + 3];
    for (let i = 0; i < 7; i++) {
      const middle = (near + far) / 2;
      if (canvas.covers(piece, at(middle)) > target) near = middle;
      else far = middle;
    }
    // A step nearer or farther now and then: pressed together, or a narrow gap.
    const place = at(far + (target === 0 ? random.below(4) - 1 : 0));
    const {left, top} = place;
    const within = left + piece.width / 2 > -10 && left + piece.width / 2 < side + 10;
    if (!within || top + piece.height / 2 < -10 || top + piece.height / 2 > side + 10) continue;
    if (canvas.covers(piece, place) <= Math.max(target, 0.03) + 0.03) return place;
  }
  return undefined;
}

class CropCanvas {
  readonly grains: WholeGrain[] = [];
  readonly #labels: Uint16Array;
  readonly #pixels: Float32Array;
  /** Number of pixels of each grain that are seen. */
  readonly #seen: number[] = [];

  constructor(
    readonly side: number,
    random: Random,
  ) {
    this.#labels = new Uint16Array(side * side);
    this.#pixels = new Float32Array(side * side * 3);
    const level = random.chance(0.6) ? random.uniform(0, 80) : random.uniform(0, 255);
    const ground = [0, 1, 2].map(() => Math.min(255, Math.max(0, level + random.uniform(-40, 40))));
    for (let i = 0; i < this.#pixels.length; i++) this.#pixels[i] = ground[i % 3];
  }

  /** The largest share of what is seen of a grain that the piece would cover, or of the piece that lies on others. */
  covers(piece: Piece, {left, top}: Place): number {
    const counts = new Uint16Array(this.grains.length + 1);
    let own = 0;
    let on = 0;
    this.#visit(piece, left, top, (at, from) => {
      if (piece.cover[from] < 128) return;
      own++;
      const label = this.#labels[at];
      if (label === 0) return;
      on++;
      counts[label]++;
    });
    let share = own === 0 ? 1 : (on / own) * 0.7;
    for (let label = 1; label < counts.length; label++)
      if (counts[label] > 0) share = Math.max(share, counts[label] / this.#seen[label - 1]);
    return share;
  }

  lay(piece: Piece, {left, top}: Place, gain: number): void {
    const label = this.grains.push(wholeGrain(piece, left, top));
    this.#seen.push(0);
    this.#visit(piece, left, top, (at, from) => {
      const share = piece.cover[from] / 255;
      if (share === 0) return;
      for (let c = 0; c < 3; c++)
        this.#pixels[at * 3 + c] = this.#pixels[at * 3 + c] * (1 - share) + piece.data[from * 3 + c] * gain;
      if (share < 0.5) return;
      const before = this.#labels[at];
      if (before > 0) this.#seen[before - 1]--;
      this.#labels[at] = label;
      this.#seen[label - 1]++;
    });
  }

  /** Darkens what lies beside the piece, on the side away from the lamp; softly, by shifted covers. */
  shade(piece: Piece, {left, top}: Place, strength: number, angle: number): void {
    if (strength === 0) return;
    for (const reach of [1, 2, 3]) {
      const [dx, dy] = [Math.round(reach * Math.cos(angle)), Math.round(reach * Math.sin(angle))];
      this.#visit(piece, left + dx, top + dy, (at, from) => {
        const share = (piece.cover[from] / 255) * (strength / 3);
        for (let c = 0; c < 3; c++) this.#pixels[at * 3 + c] *= 1 - share;
      });
    }
  }

  /** What a camera makes of it: light, blur, noise, contrast. */
  expose(random: Random): Crop {
    const {side} = this;
    const blurred = random.chance(0.75) ? blur(this.#pixels, side, random.uniform(0.3, 1.6)) : this.#pixels;
    const gamma = Math.exp(random.uniform(-0.5, 0.5));
    const [contrast, offset] = [random.uniform(0.35, 1.1), random.uniform(-10, 40)];
    const noise = random.chance(0.7) ? random.uniform(0, 8) : 0;
    const [slopeX, slopeY] = [random.uniform(-0.25, 0.25), random.uniform(-0.25, 0.25)];
    const data = new Uint8Array(blurred.length);
    const curve = Float32Array.from({length: 512}, (_, level) => 255 * (level / 255) ** gamma);
    for (let i = 0; i < side * side; i++) {
      const light = contrast * (1 + slopeX * ((i % side) / side - 0.5) + slopeY * (Math.floor(i / side) / side - 0.5));
      const common = noise > 0 ? noise * (random.uniform(-1, 1) + random.uniform(-1, 1)) : 0;
      for (let c = i * 3; c < i * 3 + 3; c++) {
        const level = curve[Math.min(511, Math.max(0, Math.round(blurred[c])))];
        data[c] = Math.max(0, Math.min(255, offset + light * level + common));
      }
    }
    return {frame: {width: side, height: side, data}, labels: this.#labels, grains: this.grains};
  }

  #visit({width, height}: Piece, left: number, top: number, use: (at: number, from: number) => void): void {
    const {side} = this;
    for (let y = Math.max(0, -top); y < Math.min(height, side - top); y++)
      for (let x = Math.max(0, -left); x < Math.min(width, side - left); x++)
        use((y + top) * side + x + left, y * width + x);
  }
}

function wholeGrain({width, height, cover}: Piece, left: number, top: number): WholeGrain {
  let [sum, sumX, sumY, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const share = cover[i];
      if (share === 0) continue;
      sum += share;
      sumX += share * x;
      sumY += share * y;
      xx += share * x * x;
      xy += share * x * y;
      yy += share * y * y;
    }
  const [x, y] = [sumX / sum, sumY / sum];
  return {x: left + x + 0.5, y: top + y + 0.5, ...axesOf(xx / sum - x * x, xy / sum - x * y, yy / sum - y * y)};
}

/** The ellipse that has these central second moments: its half axes are twice the roots of the eigenvalues. */
export function axesOf(xx: number, xy: number, yy: number): {a: number; b: number; angle: number} {
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  return {
    a: 2 * Math.sqrt(Math.max(0, middle + spread)),
    b: 2 * Math.sqrt(Math.max(0, middle - spread)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}

/** Gaussian, in two passes. */
export function blur(pixels: Float32Array, side: number, sigma: number, channels = 3): Float32Array {
  const radius = Math.ceil(2.5 * sigma);
  const weights = Float32Array.from({length: 2 * radius + 1}, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const pass = (from: Float32Array, step: number, other: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < side; line++)
      for (let i = 0; i < side; i++) {
        const low = Math.max(0, radius - i);
        const high = Math.min(2 * radius, side - 1 - i + radius);
        for (let c = 0; c < channels; c++) {
          const start = (line * other + (i - radius) * step) * channels + c;
          let sum = 0;
          let total = 0;
          for (let k = low; k <= high; k++) {
            sum += weights[k] * from[start + k * step * channels];
            total += weights[k];
          }
          out[start + radius * step * channels] = sum / total;
        }
      }
    return out;
  };
  return pass(pass(pixels, 1, side), side, 1);
}
