import type {Dataset} from '../../dataset/dataset.ts';
import {findDuplicates} from '../../dataset/duplicates.ts';
import type {Part} from '../../dataset/split.ts';
import {findNearDuplicates, type NearDuplicateOptions} from '../duplicates/near-duplicates.ts';
import type {Measurement} from '../pictures/measurement.ts';
import type {DuplicateFinding, NearDuplicateFinding} from './types.ts';

type Hashes = readonly {sha256: string}[];

/** Equal files: those with several labels first, then those in several parts of a given split. */
export function duplicateFindings(dataset: Dataset, hashes: Hashes): DuplicateFinding[] {
  const partOf = new Map(dataset.files.map(({path, part}) => [path, part]));
  const found = findDuplicates(dataset, hashes).groups.map(({sha256, paths, labels}) => {
    return {sha256, paths, labels, ...partsOf(paths.map((path) => partOf.get(path)))};
  });
  return found.sort((a, b) => concern(b) - concern(a));
}

/** Pictures of the same grain in other files, the likest first. */
export async function nearDuplicateFindings(
  {labels, files}: Dataset,
  hashes: Hashes,
  measurements: readonly (Measurement | undefined)[],
  options: NearDuplicateOptions,
): Promise<NearDuplicateFinding[]> {
  const found = await findNearDuplicates(measurements, hashes, options);
  return found.map(({pair, difference}) => {
    const both = pair.map((index) => files[index]);
    return {
      paths: [both[0].path, both[1].path],
      labels: [...new Set(both.map(({label}) => labels[label]))],
      ...partsOf(both.map(({part}) => part)),
      difference,
    };
  });
}

function partsOf(parts: readonly (Part | undefined)[]): {parts?: Part[]} {
  const distinct = [...new Set(parts)].filter((part) => part !== undefined);
  return distinct.length === 0 ? {} : {parts: distinct};
}

function concern({labels, parts}: DuplicateFinding): number {
  return (labels.length > 1 ? 2 : 0) + ((parts?.length ?? 0) > 1 ? 1 : 0);
}
