import turbo from '@julusian/jpeg-turbo';
import type {Frame} from '../../src/image/frame.ts';
import {exifBlock} from './exif.ts';

export * from './png.ts';
export * from './rasters.ts';

export type Color = readonly [red: number, green: number, blue: number];

export interface GrainDrawing {
  /** Side of the square frame in pixels. */
  size: number;
  /** Axes of the ellipse. */
  length: number;
  width: number;
  /** Degrees of the long axis, from the x axis towards the y axis. */
  angle?: number;
  color?: Color;
  background?: Color;
  /** Centroid; the middle of the top left pixel is (0.5, 0.5). The middle of the frame when left out. */
  x?: number;
  y?: number;
  /** Every channel strays by up to this much, evenly. */
  noise?: number;
  seed?: number;
}

const SUBSAMPLES = 4;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An ellipse with an anti-aliased edge, darker by up to a tenth towards its long sides, on a plain background. */
export function drawGrain(drawing: GrainDrawing): Frame {
  const {size, length, width, angle = 0, color = [215, 217, 225], background = [0, 0, 0]} = drawing;
  const {x: centreX = size / 2, y: centreY = size / 2, noise = 0, seed = 1} = drawing;
  const data = new Uint8Array(size * size * 3);
  const random = randomNumbers(seed);
  const cos = Math.cos((angle * Math.PI) / 180);
  const sin = Math.sin((angle * Math.PI) / 180);
  const across = (x: number, y: number) => ((y - centreY) * cos - (x - centreX) * sin) / (width / 2);
  const inside = (x: number, y: number) =>
    (((x - centreX) * cos + (y - centreY) * sin) / (length / 2)) ** 2 + across(x, y) ** 2 <= 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cover = near(x, y) ? coverage(inside, x, y) : 0;
      const shade = 1 - 0.1 * Math.min(1, across(x + 0.5, y + 0.5) ** 2);
      for (let c = 0; c < 3; c++) {
        const level = cover * color[c] * shade + (1 - cover) * background[c] + (random() * 2 - 1) * noise;
        data[(y * size + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(level)));
      }
    }
  }
  return {width: size, height: size, data};

  function near(x: number, y: number): boolean {
    return Math.hypot(x + 0.5 - centreX, y + 0.5 - centreY) < length / 2 + 2;
  }
}

/** The share of a pixel that lies inside. */
function coverage(inside: (x: number, y: number) => boolean, x: number, y: number): number {
  let hits = 0;
  for (let i = 0; i < SUBSAMPLES; i++)
    for (let j = 0; j < SUBSAMPLES; j++) if (inside(x + (i + 0.5) / SUBSAMPLES, y + (j + 0.5) / SUBSAMPLES)) hits++;
  return hits / SUBSAMPLES ** 2;
}

/** A frame of which every pixel is told by a function. */
export function drawFrame(width: number, height: number, pixel: (x: number, y: number) => Color): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), (y * width + x) * 3);
  return {width, height, data};
}

/** JPEG of quality 1..100, baseline, 4:2:0 or (where colors matter) 4:4:4. */
export function encodeJpeg({width, height, data}: Frame, quality = 90, subsampling: '420' | '444' = '420'): Buffer {
  return Buffer.from(
    turbo.compressSync(Buffer.from(data), {
      format: turbo.FORMAT_RGB,
      width,
      height,
      quality,
      subsampling: subsampling === '444' ? turbo.SAMP_444 : turbo.SAMP_420,
    }),
  );
}

/** A JPEG with one channel, the green one. */
export function encodeGreyJpeg({width, height, data}: Frame, quality = 90): Buffer {
  const grey = Buffer.from(data.filter((_, i) => i % 3 === 1));
  const options = {format: turbo.FORMAT_GRAY, width, height, quality, subsampling: turbo.SAMP_GRAY};
  return Buffer.from(turbo.compressSync(grey, options));
}

/** Puts an EXIF segment with an orientation (1..8) behind the start of a JPEG. */
export function withExifOrientation(jpeg: Buffer, orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const tiff = exifBlock(orientation, order);
  const segment = Buffer.concat([Buffer.of(0xff, 0xe1, 0, tiff.length + 8), Buffer.from('Exif\0\0'), tiff]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
