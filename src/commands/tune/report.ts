import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fromHere} from '../../cli/display-path.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {packageVersion} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import {renderTuningPage} from '../../tuning/report/page.ts';
import {REPORT_FILE, type StudyRecord} from '../../tuning/study/study-folder.ts';
import {ranking, type Trial} from '../../tuning/study/trial.ts';
import type {Sweep} from '../../tuning/sweep/sweep.ts';

/** Writes the page of a search, also while it goes on. */
export function writeReport(folder: string, record: StudyRecord, sweep: Sweep, trials: readonly Trial[]): void {
  const [best] = ranking(trials, sweep.metric);
  const run = best && join(folder, best.run);
  const use =
    run &&
    (existsSync(join(run, RUN_MODEL_FILE))
      ? ['rice', 'predict', 'PICTURE', '--model', fromHere(run)]
      : ['rice', 'train', '--resume', fromHere(run)]);
  const page = renderTuningPage({
    record,
    sweep,
    trials,
    use: use && shellWords(use),
    further: shellWords(['rice', 'tune', '--resume', fromHere(folder), '--trials', String(trials.length + 10)]),
    version: packageVersion(),
  });
  writeAtomically(join(folder, REPORT_FILE), page);
}
