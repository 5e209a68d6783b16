import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import {REPORT_FILE, type StudyRecord} from '../../tuning/study/study-folder.ts';
import {bestEpoch, ranking, type Trial} from '../../tuning/study/trial.ts';
import type {Sweep} from '../../tuning/sweep/sweep.ts';

/** What `--json` prints of a search. */
export function tuneDocument(folder: string, record: StudyRecord, sweep: Sweep, trials: readonly Trial[]) {
  const entry = (trial: Trial) => {
    const best = bestEpoch(trial, sweep.metric);
    return {
      trial: trial.number,
      state: trial.state,
      ...(trial.why ? {why: trial.why} : {}),
      ...(trial.error ? {error: trial.error} : {}),
      parameters: trial.parameters,
      value: best ? best[sweep.metric.name] : null,
      epoch: best?.epoch ?? null,
      epochs: trial.epochs.length,
      run: join(folder, trial.run),
      seconds: trial.seconds,
    };
  };
  const [first] = ranking(trials, sweep.metric);
  const count = (state: Trial['state']) => trials.filter((trial) => trial.state === state).length;
  const model = first && join(folder, first.run, RUN_MODEL_FILE);
  return {
    folder,
    name: record.name,
    method: sweep.method,
    metric: {name: sweep.metric.name, goal: sweep.metric.goal},
    seed: record.seed,
    trials: trials.map(entry),
    best: first ? {...entry(first), model: existsSync(model) ? model : null} : null,
    report: join(folder, REPORT_FILE),
    counts: {finished: count('finished'), stopped: count('stopped'), failed: count('failed')},
  };
}
