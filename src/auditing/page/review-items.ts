import {defined} from '../../common/defined.ts';
import {percent} from '../../common/report/figures.ts';
import type {Correction} from '../../dataset/corrections/read-corrections.ts';
import type {Dataset} from '../../dataset/dataset.ts';
import type {Audit} from '../findings/types.ts';
import type {CorrectionRow, ReviewItem} from './review-item.ts';

/** The largest number of pictures to look at in a page, so that it has a few MB at most. */
export const MOST_ITEMS = 300;

/**
 * The pictures that a person should look at, each once: doubtful labels first, the most certain of them in front; then
 * copies with different labels, then pictures that are unlike the others. Copies within a label need no decision.
 */
export function reviewItems(
  {suspects, pictures, duplicates, nearDuplicates}: Audit,
  {files, labels}: Pick<Dataset, 'files' | 'labels'>,
  earlier: readonly Correction[],
): ReviewItem[] {
  const labelOf = new Map(files.map(({path, label}) => [path, labels[label]]));
  const before = new Map(earlier.map((each) => [each.path, each]));
  const items = new Map<string, ReviewItem>();
  const add = (path: string, reason: string, suggested?: string) => {
    const known = items.get(path);
    const label = labelOf.get(path);
    if (known) known.reasons.push(reason);
    else if (label !== undefined) {
      const correction = before.get(path);
      const given = correction ? (correction.given ?? '') : label;
      items.set(path, {path, label, given, reasons: [reason], ...defined({suggested})});
    }
  };
  for (const {path, suggested, probability} of suspects)
    add(
      path,
      `${percent(probability.suggested, 1)} ${suggested}, ${percent(probability.given, 1)} its label`,
      suggested,
    );
  for (const [groups, what] of [
    [duplicates, 'the same file as'],
    [nearDuplicates, 'the same grain as'],
  ] as const)
    for (const {paths, labels: several} of groups)
      if (several.length > 1)
        for (const path of paths)
          add(path, `${what} ${paths.find((other) => labelOf.get(other) !== labelOf.get(path)) ?? paths[0]}`);
  for (const {path, problem, detail} of pictures) add(path, problem === 'flaw' ? detail : `${problem}: ${detail}`);
  return [...items.values()];
}

/** Corrections as lines of a file. */
export function correctionRows(corrections: readonly Correction[]): CorrectionRow[] {
  return corrections.map(({path, action, label = '', given = ''}) => ({path, label, action, given}));
}
