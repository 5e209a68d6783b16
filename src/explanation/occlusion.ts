import type {WindowSize} from '../image/window/canvas.ts';
import type {ModelAdapter} from '../model/model-adapter.ts';
import type {WindowMap} from './spread-map.ts';

/** Patches along the longer side of the window, of which two neighbors share a half. */
const PATCHES = 20;
const BATCH = 64;
/** Least probability, so that its logarithm exists. */
const LEAST = 1e-7;

export interface OcclusionOptions {
  /** Called after each batch with the patches done and their number. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * What hiding each part of a window takes from an answer (Zeiler and Fergus 2014, arXiv:1311.2901): the fall of its log odds where
 * a patch has the color of the window's border, at the patch's place, positive where the patch speaks for the answer.
 * It needs nothing of the network but its probabilities.
 */
export async function occlude(
  adapter: ModelAdapter,
  window: Uint8Array,
  label: number,
  {onProgress}: OcclusionOptions = {},
): Promise<WindowMap> {
  const {width, height} = adapter.metadata.input;
  const size = Math.max(2, 2 * Math.round((2 * Math.max(width, height)) / PATCHES / 2));
  const patches = patchesOf({width, height}, size);
  const hidden = borderColor(window, {width, height});
  const [whole] = await adapter.infer([window], {features: false});
  const before = logOdds(whole.probabilities, label);
  const map: WindowMap = {width, height, values: new Float64Array(width * height)};
  for (let start = 0; start < patches.length; start += BATCH) {
    const batch = patches.slice(start, start + BATCH);
    const windows = batch.map((patch) => withPatch(window, width, patch, hidden));
    const outputs = await adapter.infer(windows, {features: false});
    batch.forEach((patch, i) => {
      const fall = before - logOdds(outputs[i].probabilities, label);
      const pixels = (patch.right - patch.left) * (patch.bottom - patch.top);
      for (let y = patch.top; y < patch.bottom; y++)
        for (let x = patch.left; x < patch.right; x++) map.values[y * width + x] += fall / pixels;
    });
    onProgress?.(Math.min(patches.length, start + BATCH), patches.length);
  }
  return map;
}

interface Patch {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Every half patch, so that no border of patches stays unseen. */
function patchesOf({width, height}: WindowSize, size: number): Patch[] {
  const patches: Patch[] = [];
  for (let top = -size / 2; top < height; top += size / 2)
    for (let left = -size / 2; left < width; left += size / 2)
      patches.push({
        left: Math.max(0, left),
        top: Math.max(0, top),
        right: Math.min(width, left + size),
        bottom: Math.min(height, top + size),
      });
  return patches;
}

/** The mean color of the window's border: black around a grain that was cut out. */
export function borderColor(window: Uint8Array, {width, height}: WindowSize): [number, number, number] {
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step, count++)
      for (let c = 0; c < 3; c++) sums[c] += window[(y * width + x) * 3 + c];
  }
  return sums.map((sum) => Math.round(sum / count)) as [number, number, number];
}

/** A copy of a window, in which a part has one color. */
export function withPatch(
  window: Uint8Array,
  width: number,
  {left, top, right, bottom}: Patch,
  color: readonly number[],
): Uint8Array {
  const copy = Uint8Array.from(window);
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) copy.set(color, (y * width + x) * 3);
  return copy;
}

function logOdds(probabilities: Float32Array, label: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, probabilities[label]));
  return Math.log(p / (1 - p));
}
