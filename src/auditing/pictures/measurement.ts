import {FLAWS, type Flaw} from '../../image/flaws/flaw.ts';
import {severeFlaws} from '../../image/flaws/flaws.ts';
import type {PreparedFrame} from '../../image/prepare.ts';
import type {WindowSize} from '../../image/window/canvas.ts';
import {FINGERPRINT_BYTES, fingerprintOf} from './fingerprint.ts';
import {sharpnessOf} from './sharpness.ts';

/** The window that pictures are measured in. */
export const MEASURED_WINDOW: WindowSize = {width: 120, height: 56};

/** What an audit knows of a picture without any model. */
export interface Measurement {
  /** Number of grains in it. */
  grains: number;
  flaws: Flaw[];
  /** Of the grain, as shares of the picture's longer side, its area of that side's square; 0 without a grain. */
  length: number;
  width: number;
  area: number;
  /** See `sharpnessOf`; 0 without a grain. */
  sharpness: number;
  /** See `fingerprintOf`. */
  fingerprint: Uint8Array;
}

/** Bytes of a packed measurement: six 32-bit numbers, then the fingerprint. */
export const MEASUREMENT_BYTES = 6 * 4 + FINGERPRINT_BYTES;

/** Changes whenever the same picture is measured otherwise. */
export const MEASUREMENT_VERSION = 1;

export function measure(prepared: PreparedFrame): Measurement {
  const {grain, window, width, height} = prepared;
  const side = Math.max(width, height);
  return {
    grains: grain?.objects ?? 0,
    flaws: severeFlaws(prepared),
    length: (grain?.length ?? 0) / side,
    width: (grain?.width ?? 0) / side,
    area: (grain?.area ?? 0) / side ** 2,
    sharpness: grain ? sharpnessOf(window, MEASURED_WINDOW) : 0,
    fingerprint: fingerprintOf(window, MEASURED_WINDOW),
  };
}

export function packMeasurement({grains, flaws, fingerprint, ...sizes}: Measurement, into: Buffer, at: number): void {
  const bits = flaws.reduce((sum, flaw) => sum | (1 << FLAWS.indexOf(flaw)), 0);
  const numbers = [grains, bits, sizes.length, sizes.width, sizes.area, sizes.sharpness];
  for (const [i, value] of numbers.entries()) into.writeFloatLE(value, at + 4 * i);
  into.set(fingerprint, at + 4 * numbers.length);
}

export function unpackMeasurement(from: Buffer, at: number): Measurement {
  const number = (i: number) => from.readFloatLE(at + 4 * i);
  return {
    grains: number(0),
    flaws: FLAWS.filter((_, bit) => number(1) & (1 << bit)),
    length: number(2),
    width: number(3),
    area: number(4),
    sharpness: number(5),
    fingerprint: from.subarray(at + MEASUREMENT_BYTES - FINGERPRINT_BYTES, at + MEASUREMENT_BYTES),
  };
}
