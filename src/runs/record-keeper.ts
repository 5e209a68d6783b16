import {join} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import type {ObservedEpoch, TrainingObserver} from '../training/observer.ts';
import {RESULTS_FILE} from './files.ts';
import {resultsTable} from './results-table.ts';
import {type RunStatus, readStatus, writeStatus} from './status.ts';
import {writeTestAnswers} from './test-answers.ts';

/**
 * Keeps `results.csv`, `status.json` and `test-answers.csv` beside a run. The table is written as a whole after each epoch,
 * from what the checkpoint knows: a run that was killed and continued has each epoch once.
 *
 * @param now milliseconds, for tests
 */
export function recordKeeper(now: () => number = Date.now): TrainingObserver {
  let folder = '';
  let epochs: ObservedEpoch[] = [];
  let status: RunStatus;
  let before = 0;
  let started = 0;
  const keep = (changes: Partial<RunStatus>): void => {
    // The clock may be set back meanwhile.
    const seconds = before + Math.max(0, now() - started) / 1000;
    status = {...status, ...changes, seconds, updated: new Date(now()).toISOString()};
    writeStatus(folder, status);
  };
  const writeResults = () => writeAtomically(join(folder, RESULTS_FILE), resultsTable(epochs));
  return {
    name: 'the record beside the run',
    started(run) {
      folder = run.folder;
      epochs = [...run.history];
      started = now();
      const {error: _, ...earlier} = readStatus(folder) ?? {format: 1, seconds: 0, sessions: 0, updated: ''};
      before = earlier.seconds;
      status = {...earlier, state: 'running', sessions: earlier.sessions + 1};
      keep({});
      writeResults();
    },
    message(message) {
      if (message.type === 'started') keep({device: message.device});
      if (message.type === 'finished') keep({peakMemory: Math.max(message.peakMemory, status.peakMemory ?? 0)});
    },
    epoch({best: _, ...epoch}) {
      epochs = [...epochs.filter((each) => each.epoch < epoch.epoch), epoch];
      writeResults();
      keep({});
    },
    finished(_, test) {
      if (test) writeTestAnswers(folder, test.answers);
      keep({state: 'finished'});
    },
    failed(error) {
      const code = error instanceof RiceError ? error.code : 'INTERNAL';
      const state = code === 'TRAINING_INTERRUPTED' ? 'interrupted' : 'failed';
      keep({state, error: {code, message: error.message}});
    },
  };
}
