import {writeAtomically} from '../../common/files/atomic-file.ts';
import {embedPictures} from '../../evaluation/report/embed-pictures.ts';
import type {Comparison} from './compare-runs.ts';
import {renderComparison, type ShownDisagreement} from './comparison-page.ts';
import type {Disagreement} from './paired-answers.ts';

/** The largest number of pictures in the page. */
const MOST = 60;

/** Writes the page of a comparison, with the pictures on which its runs disagree, as far as they are still there. */
export async function writeComparison(path: string, comparison: Comparison, date: string): Promise<void> {
  const pictures: ShownDisagreement[] = [];
  const each = Math.ceil(MOST / Math.max(1, 2 * comparison.tests.length));
  for (const [i, {onlyFirst, onlySecond}] of comparison.disagreements.entries()) {
    const [first, second] = comparison.tests[i].runs;
    pictures.push(...(await shown(comparison, onlyFirst, {right: first, wrong: second}, each)));
    pictures.push(...(await shown(comparison, onlySecond, {right: second, wrong: first}, each)));
  }
  writeAtomically(
    path,
    renderComparison(
      comparison,
      pictures.sort((a, b) => b.confidence - a.confidence),
      date,
    ),
  );
}

async function shown(
  {runs}: Comparison,
  pictures: readonly Disagreement[],
  names: {right: string; wrong: string},
  most: number,
): Promise<ShownDisagreement[]> {
  // The path is that of the run that is wrong.
  const {root} = runs.find(({name}) => name === names.wrong)!.record.dataset;
  const surest = [...pictures].sort((a, b) => b.confidence - a.confidence).slice(0, most);
  const embedded = await embedPictures(root, surest);
  return surest.map((each, i) => ({...each, ...names, picture: embedded[i]}));
}
