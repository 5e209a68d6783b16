import type {Audited} from '../audit.ts';
import type {Measurement} from '../pictures/measurement.ts';

const SIZES = ['length', 'width', 'area'] as const;
/** The least spread of a logarithm of a size, where all are equal. */
const LEAST_SPREAD = 0.01;

/**
 * Typical pictures of a label: a single grain without flaws, nothing in doubt, and of the half whose sizes are nearest to
 * the middle of the label, from the middle outwards, so that they show how much its grains vary.
 *
 * @param index of the label
 * @returns up to `count` paths
 */
export function typicalPictures(
  {audit, dataset, measurements, probabilities}: Audited,
  index: number,
  count: number,
): string[] {
  const doubtful = new Set([
    ...audit.suspects.map(({path}) => path),
    ...audit.pictures.map(({path}) => path),
    ...audit.duplicates.flatMap(({paths}) => paths.slice(1)),
    ...audit.nearDuplicates.map(({paths}) => paths[1]),
  ]);
  const members = dataset.files.flatMap(({path, label}, i) => {
    const measured = label === index && !doubtful.has(path) ? measurements[i] : undefined;
    return measured ? [{path, file: i, measured}] : [];
  });
  const single = members.filter(({measured: {grains, flaws}}) => grains === 1 && flaws.length === 0);
  const agreed = single.filter(({file}) => agrees(probabilities, file, index, dataset.labels.length));
  const candidates = [agreed, single, members].find((each) => each.length > 0) ?? [];
  const distance = distanceFromMiddle(candidates.map(({measured}) => measured));
  const ranked = candidates
    .map(({path, measured}) => ({path, away: distance(measured)}))
    .sort((a, b) => a.away - b.away || (a.path < b.path ? -1 : 1));
  const near = ranked.slice(0, Math.max(count, Math.ceil(ranked.length / 2)));
  const chosen = Math.min(count, near.length);
  return Array.from({length: chosen}, (_, i) => near[Math.floor((i * near.length) / chosen)].path);
}

/** Whether whoever judged the labels takes a picture for its own label. */
function agrees(probabilities: Audited['probabilities'], file: number, label: number, classes: number): boolean {
  const at = probabilities ? lowerBound(probabilities.files, file) : -1;
  if (!probabilities || probabilities.files[at] !== file) return true;
  const row = probabilities.rows.subarray(at * classes, (at + 1) * classes);
  return row.every((value) => value <= row[label]);
}

/** The place of a number in an ascending list. */
function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far sizes are from their medians, in median absolute deviations of their logarithms. */
function distanceFromMiddle(measurements: readonly Measurement[]): (measured: Measurement) => number {
  const logarithm = (value: number) => Math.log(Math.max(value, Number.EPSILON));
  const middles = SIZES.map((name) => {
    const values = measurements.map((each) => logarithm(each[name]));
    const median = medianOf(values);
    return {name, median, spread: Math.max(LEAST_SPREAD, medianOf(values.map((value) => Math.abs(value - median))))};
  });
  return (measured) =>
    Math.hypot(...middles.map(({name, median, spread}) => (logarithm(measured[name]) - median) / spread));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
