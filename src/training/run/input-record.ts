import {round} from '../../common/round.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import type {WindowSize} from '../../image/window/canvas.ts';
import {measureWindow, type WindowMeasurements} from '../../image/window/measure-window.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import type {Distribution, InputRecord} from '../../model/metadata.ts';

/**
 * Statistics of the cached pictures as the network sees them; servers compare them with their inputs to detect drift.
 *
 * @param indices the pictures to include
 */
export function recordInputs(cache: PreparedCache, indices: readonly number[], size: WindowSize): InputRecord {
  const measured = indices.map((i) => measureWindow(windowFromPatch(cache.readPatch(i), size)));
  // Ordinary datasets hold none, and the files of their models are as before.
  const {closelyCut = 0} = cache;
  const flaws = Object.entries(cache.flaws).map(([flaw, share]) => [flaw, round(share)] as const);
  return {
    ...summarizeInputs(measured),
    ...(closelyCut === 0 ? {} : {closelyCut: round(closelyCut)}),
    ...(flaws.length === 0 ? {} : {flaws: Object.fromEntries(flaws)}),
  };
}

/** @param measured at least one */
export function summarizeInputs(measured: readonly WindowMeasurements[]): InputRecord {
  return {
    images: measured.length,
    brightness: distributionOf(measured.map(({brightness}) => brightness)),
    area: distributionOf(measured.map(({area}) => area)),
  };
}

/** Mean, standard deviation and deciles; the k-th decile is the smallest value that k tenths of all do not exceed. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const deciles = Array.from({length: 9}, (_, k) => sorted[Math.ceil(((k + 1) / 10) * sorted.length) - 1]);
  return {mean: round(mean), deviation: round(Math.sqrt(variance)), deciles: deciles.map((value) => round(value))};
}
