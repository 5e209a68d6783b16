/** The deletion curve (Petsiuk et al. 2018, arXiv:1806.07421): how fast an answer goes where its most important places go first. */
import type {WindowMap} from '../../src/explanation/spread-map.ts';
import type {Classifier} from '../../src/model/classifier.ts';
import {randomNumbers} from '../helpers/images.ts';

/** Side of a place in pixels of the window. */
const CELL = 8;
/** As much of the grain is deleted: what is left of it then is no grain any more, in whatever order. */
const SHARE = 0.5;

/** The places of a window that show something, as the offsets of their first pixels. */
export function placesOf({width, height}: WindowMap, window: Uint8Array): number[] {
  const places: number[] = [];
  for (let y = 0; y < height; y += CELL)
    for (let x = 0; x < width; x += CELL)
      if (pixelsOf({width}, y * width + x).some((at) => window[at * 3] + window[at * 3 + 1] + window[at * 3 + 2] > 0))
        places.push(y * width + x);
  return places;
}

/** The most important places first. */
export function byImportance(map: WindowMap, places: readonly number[]): number[] {
  const amount = (place: number) => pixelsOf(map, place).reduce((sum, at) => sum + map.values[at], 0);
  const amounts = new Map(places.map((place) => [place, amount(place)]));
  return [...places].sort((a, b) => amounts.get(b)! - amounts.get(a)!);
}

export function inRandomOrder(places: readonly number[], seed: number): number[] {
  const random = randomNumbers(seed);
  const keys = new Map(places.map((place) => [place, random()]));
  return [...places].sort((a, b) => keys.get(a)! - keys.get(b)!);
}

/**
 * The mean of the answer's log probability relative to the next label's, while places turn black one after the other: the area
 * under the curve.
 */
export async function deletionArea(
  classifier: Classifier,
  window: Uint8Array,
  label: string,
  {width}: {width: number},
  order: readonly number[],
): Promise<number> {
  const windows = [window];
  for (const place of order.slice(0, Math.ceil(order.length * SHARE))) {
    const next = Uint8Array.from(windows.at(-1)!);
    for (const at of pixelsOf({width}, place)) next.fill(0, at * 3, at * 3 + 3);
    windows.push(next);
  }
  const index = classifier.model.labels.indexOf(label);
  const margins = (await classifier.probabilities(windows)).map((row) => {
    const others = Math.max(...row.filter((_, i) => i !== index));
    return Math.log(Math.max(row[index], 1e-6) / Math.max(others, 1e-6));
  });
  return margins.reduce((sum, each) => sum + each, 0) / margins.length;
}

function pixelsOf({width}: {width: number}, place: number): number[] {
  return Array.from({length: CELL * CELL}, (_, i) => place + Math.floor(i / CELL) * width + (i % CELL));
}
