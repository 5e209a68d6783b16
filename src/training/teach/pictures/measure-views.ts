import type {PreparedCache} from '../../../dataset/cache/prepared-cache.ts';
import type {RunOver} from '../../scores/run-over.ts';
import {concatenated} from '../../scores/run-over.ts';
import {UNCHANGED_VIEWS, viewOf, viewsOf} from './views.ts';

/** What a network computes of all views of some pictures, view by view: first all pictures as they are. */
export interface MeasuredViews {
  /** Pictures. */
  count: number;
  views: number;
  /** Of each picture. */
  labels: number[];
  /** By the name of the output: [views N, D]. */
  rows: Record<string, Float32Array>;
}

/** Pictures that are measured at once. */
const CHUNK = 256;

export async function measureViews(
  run: RunOver,
  cache: PreparedCache,
  labels: readonly number[],
  {seed, onProgress, signal}: {seed: number; onProgress: (done: number, total: number) => void; signal: AbortSignal},
): Promise<MeasuredViews> {
  const {count, size} = cache;
  const views = viewsOf(count);
  const parts: Record<string, Float32Array[]> = {};
  for (let view = 0; view < views; view++) {
    for (let start = 0; start < count; start += CHUNK) {
      signal.throwIfAborted();
      const pictures = Array.from({length: Math.min(CHUNK, count - start)}, (_, i) => start + i);
      const measured = await run(pictures, (picture) => viewOf(cache, picture, view, size, seed));
      for (const [name, rows] of Object.entries(measured)) {
        parts[name] ??= [];
        parts[name].push(rows);
      }
      onProgress(view * count + start + pictures.length, views * count);
    }
  }
  const rows = Object.fromEntries(Object.entries(parts).map(([name, each]) => [name, concatenated(...each)]));
  return {count, views, labels: [...labels], rows};
}

/** The number of columns of an output. */
export function widthOf({count, views, rows}: MeasuredViews, name: string): number {
  return rows[name].length / (count * views);
}

/** The rows of the pictures as they are. */
export function plainRows(measured: MeasuredViews, name: string): Float32Array {
  return measured.rows[name].subarray(0, measured.count * widthOf(measured, name));
}

/** The rows of some views of some pictures, and the picture of each row. */
export function rowsOfPictures(
  measured: MeasuredViews,
  name: string,
  views: number,
  chosen: (picture: number) => boolean,
): {rows: Float32Array; pictures: number[]} {
  const width = widthOf(measured, name);
  const pictures: number[] = [];
  const at: number[] = [];
  for (let view = 0; view < views; view++) {
    for (let picture = 0; picture < measured.count; picture++) {
      if (!chosen(picture)) continue;
      pictures.push(picture);
      at.push(view * measured.count + picture);
    }
  }
  const rows = new Float32Array(at.length * width);
  at.forEach((from, to) => {
    rows.set(measured.rows[name].subarray(from * width, (from + 1) * width), to * width);
  });
  return {rows, pictures};
}

/** How many of the views show the picture unchanged, but for mirroring. */
export function unchangedViews({views}: MeasuredViews): number {
  return Math.min(views, UNCHANGED_VIEWS);
}
