import {hash} from 'node:crypto';
import type {Frame} from '../../src/image/frame.ts';
import type {Outline, ScannedGrain, ScannedPicture, ScanSummary, Share} from '../../src/scanning/types.ts';
import {drawFrame, encodeJpeg, randomNumbers} from './images.ts';

/** A drawn picture of many grains, and what a scan that makes no mistake says of it. */
export interface DrawnScan {
  frame: Frame;
  bytes: Buffer;
  picture: ScannedPicture;
}

export interface DrawnScanOptions {
  path?: string;
  /** Grains are laid on a grid of so many columns and rows. */
  columns?: number;
  rows?: number;
  /** Undefined for a picture without a scale. */
  pxPerMm?: number;
  labels?: readonly string[];
}

/** Pixels from one grain to the next. */
const PITCH = 100;

/**
 * Ellipses on black: seven of ten of the first variety, the others of the further ones; every eighth broken, every
 * eleventh unknown, the last one cut by the border.
 */
export function drawnScan(seed: number, options: DrawnScanOptions = {}): DrawnScan {
  const {path = 'scan.jpg', columns = 6, rows = 4, pxPerMm, labels = ['Basmati', 'Arborio', 'Jasmine']} = options;
  const random = randomNumbers(seed);
  const [width, height] = [columns * PITCH, rows * PITCH];
  const grains = Array.from({length: columns * rows}, (_, i) => {
    const variety = random() < 0.7 ? 0 : 1 + Math.floor(random() * (labels.length - 1));
    const last = i === columns * rows - 1;
    return drawnGrain(i, {
      x: last ? width - 4 : ((i % columns) + 0.5) * PITCH + 10 * (random() - 0.5),
      y: (Math.floor(i / columns) + 0.5) * PITCH + 10 * (random() - 0.5),
      angle: 180 * random(),
      length: (variety === 0 ? 76 : 62) * (0.95 + 0.1 * random()) * (i % 8 === 5 ? 0.5 : 1),
      border: last,
      known: i % 11 !== 7,
      variety,
      labels,
      pxPerMm,
    });
  });
  const frame = drawFrame(width, height, () => [4, 4, 5]);
  for (const grain of grains) fill(frame, grain);
  const bytes = encodeJpeg(frame, 92, '444');
  const picture: ScannedPicture = {
    path,
    sha256: hash('sha256', bytes),
    width,
    height,
    scale:
      pxPerMm === undefined
        ? null
        : {pxPerMm, source: 'px-per-mm', description: `${pxPerMm} pixels a millimeter, given`},
    count: grains.length,
    countByArea: grains.length + 0.4,
    grains,
    objects: [],
    warnings: [],
  };
  return {frame, bytes, picture};
}

interface Laid {
  x: number;
  y: number;
  angle: number;
  length: number;
  border: boolean;
  known: boolean;
  variety: number;
  labels: readonly string[];
  pxPerMm: number | undefined;
}

function drawnGrain(i: number, {variety, labels, pxPerMm, ...laid}: Laid): ScannedGrain {
  const {x, y, angle, length, border, known} = laid;
  const broken = i % 8 === 5;
  const width = 24;
  const area = (Math.PI / 4) * length * width;
  const perimeter = Math.PI * Math.sqrt((length ** 2 + width ** 2) / 2);
  const size = {length, width, area, feret: length, perimeter};
  const unit = pxPerMm ?? 1;
  const confidence = known ? 0.98 : 0.5;
  const rest = (1 - confidence) / (labels.length - 1);
  return {
    id: i + 1,
    ...{x, y, angle, border, known, ...size},
    ratio: length / width,
    circularity: (4 * Math.PI * area) / perimeter ** 2,
    color: {L: 86, a: 0.5, b: 4},
    white: 0.1,
    touching: false,
    outline: ellipse(laid, width),
    label: labels[variety],
    confidence,
    ...(known ? {} : {reason: 'low confidence' as const}),
    probabilities: Object.fromEntries(labels.map((label, k) => [label, k === variety ? confidence : rest])),
    ...(border ? {} : {grade: broken ? 'large broken' : 'whole', lengthShare: broken ? 0.5 : 1, broken}),
    discolored: i === 3,
    ...(pxPerMm === undefined
      ? {}
      : {
          mass: 20,
          mm: {
            length: length / unit,
            width: width / unit,
            area: area / unit ** 2,
            feret: length / unit,
            perimeter: perimeter / unit,
          },
        }),
  };
}

function ellipse({x, y, angle, length}: Pick<Laid, 'x' | 'y' | 'angle' | 'length'>, width: number): Outline {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return Array.from({length: 48}, (_, k) => {
    const turn = (2 * Math.PI * k) / 48;
    const [u, v] = [(length / 2) * Math.cos(turn), (width / 2) * Math.sin(turn)];
    return [x + u * cos - v * sin, y + u * sin + v * cos] as const;
  });
}

function fill({width, height, data}: Frame, grain: ScannedGrain): void {
  const [cos, sin] = [Math.cos((grain.angle * Math.PI) / 180), Math.sin((grain.angle * Math.PI) / 180)];
  const reach = grain.length / 2 + 2;
  for (let y = Math.max(0, Math.floor(grain.y - reach)); y < Math.min(height, grain.y + reach); y++)
    for (let x = Math.max(0, Math.floor(grain.x - reach)); x < Math.min(width, grain.x + reach); x++) {
      const [dx, dy] = [x + 0.5 - grain.x, y + 0.5 - grain.y];
      const u = (dx * cos + dy * sin) / (grain.length / 2);
      const v = (dy * cos - dx * sin) / (grain.width / 2);
      const cover = Math.max(0, Math.min(1, (1 - Math.hypot(u, v)) * (grain.width / 2) + 0.5));
      if (cover > 0)
        data.set(
          [214, 216, 222].map((level) => Math.round(level * cover + 4 * (1 - cover))),
          (y * width + x) * 3,
        );
    }
}

/** The sums of a drawn scan; the intervals are made up. */
export function drawnSummary(pictures: readonly ScannedPicture[]): ScanSummary {
  const grains = pictures.flatMap((picture) => picture.grains);
  const measured = grains.filter(({border}) => !border);
  const share = (chosen: readonly ScannedGrain[]): Share => {
    const value = chosen.length / measured.length;
    const mass = Math.max(0, value - 0.01);
    const spread = (of: number) => [Math.max(0, of - 0.08), Math.min(1, of + 0.08)];
    const [[low, high], [massLow, massHigh]] = [spread(value), spread(mass)];
    return {count: chosen.length, share: value, low, high, massShare: mass, massLow, massHigh};
  };
  const names = [...new Set(measured.filter(({known}) => known).map(({label}) => label))].sort();
  const of = (label: string) => measured.filter((grain) => grain.known && grain.label === label);
  const unknown = measured.filter(({known}) => !known);
  const millimeters = pictures.every(({scale}) => scale !== null);
  const lengths = measured.map((grain) => (millimeters ? grain.mm!.length : grain.length));
  const edges = Array.from({length: 9}, (_, i) => (millimeters ? 3 + i : 30 + 8 * i));
  return {
    pictures: pictures.length,
    grains: grains.length,
    countByArea: grains.length + 0.4 * pictures.length,
    measured: measured.length,
    labels: Object.fromEntries(names.map((name) => [name, of(name).length])),
    shares: {
      ...Object.fromEntries(names.map((name) => [name, share(of(name))])),
      ...(unknown.length > 0 ? {unknown: share(unknown)} : {}),
    },
    broken: share(measured.filter(({broken}) => broken)),
    grades: {
      whole: share(measured.filter(({grade}) => grade === 'whole')),
      'large broken': share(measured.filter(({grade}) => grade === 'large broken')),
    },
    discolored: share(measured.filter(({discolored}) => discolored)),
    lengths: {
      unit: millimeters ? 'mm' : 'px',
      mean: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
      deviation: 0.3,
      variation: 0.04,
      histogram: {
        edges,
        counts: edges.slice(1).map((edge, i) => lengths.filter((length) => length >= edges[i] && length < edge).length),
      },
      ratio: 3.1,
      width: millimeters ? 2 : 24,
    },
    ...(millimeters
      ? {
          sizeClasses: {usda: 'long' as const, eu: 'long A' as const, codex: 'long' as const},
          thousandKernelMass: {grams: 20.1, low: 19.2, high: 21},
        }
      : {}),
    needed: 1825,
    warnings: [],
  };
}
