import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {embedPictures} from '../evaluation/report/embed-pictures.ts';
import {shownUnknowns} from '../evaluation/report/unknown-section.ts';
import type {TrainingObserver} from '../training/observer.ts';
import {REPORT_FILE} from './files.ts';
import {type Run, type RunState, readRun} from './read-run.ts';
import {renderRunPage} from './report/run-page.ts';
import {type SampleBatch, sampleBatches} from './report/sample-batches.ts';

/** Seconds after which a browser looks again. */
const REFRESH = 5;
/** The page is written at most so often, in milliseconds, and never takes more than a hundredth of the time. */
const SPACING = 5000;
const SHARE = 100;

/** Keeps `report.html` beside a run: written when it starts, as it goes on, and at its end. */
export function reportKeeper(): TrainingObserver {
  let folder = '';
  let samples: readonly SampleBatch[] = [];
  let sampling: Promise<void> = Promise.resolve();
  let due = 0;
  let perEpoch = 0;
  let at: {step: number; steps: number} | undefined;
  const write = () => {
    const began = performance.now();
    try {
      const page = renderRunPage({...live(folder), samples, at, refresh: REFRESH});
      writeAtomically(join(folder, REPORT_FILE), page);
    } catch {
      // The next page may succeed, and the last one says so if not.
    }
    const took = performance.now() - began;
    due = began + took + Math.max(SPACING, took * SHARE);
  };
  const writeIfDue = () => {
    if (performance.now() >= due) write();
  };
  return {
    name: 'the report of the run',
    started(run) {
      folder = run.folder;
      write();
      sampling = sampleBatches(folder).then(
        (batches) => {
          samples = batches;
        },
        // Damaged pictures stop the training itself; the page is whole without them.
        () => {},
      );
    },
    message(message) {
      if (message.type === 'started') perEpoch = message.stepsPerEpoch;
      if (message.type === 'step') at = {step: ((message.step - 1) % perEpoch) + 1, steps: perEpoch};
      if (message.type === 'epoch') at = undefined;
      if (message.type === 'step' || message.type === 'epoch') writeIfDue();
    },
    async finished() {
      await sampling;
      await writeReport(folder, 'finished', samples);
    },
    async failed(error) {
      await sampling;
      const interrupted = (error as {code?: string}).code === 'TRAINING_INTERRUPTED';
      await writeReport(folder, interrupted ? 'interrupted' : 'failed', samples);
    },
  };
}

/**
 * Writes the page of a run that is not going on, also of one of an earlier version.
 *
 * @param state where this process trained it and still holds its lock
 * @param made the samples, where they are known
 * @returns the path of the page
 */
export async function writeReport(folder: string, state?: RunState, made?: readonly SampleBatch[]): Promise<string> {
  const read = readRun(folder);
  const run: Run = state ? {...read, state} : read;
  const {root} = run.record.dataset;
  const path = join(folder, REPORT_FILE);
  const page = renderRunPage({
    run,
    samples: made ?? (await sampleBatches(folder).catch(() => [])),
    pictures: run.test ? await embedPictures(root, run.test.mistakes) : [],
    unknownPictures: run.test ? await embedPictures(root, shownUnknowns(run.test)) : [],
    date: new Date().toISOString(),
  });
  writeAtomically(path, page);
  return path;
}

/** Whether a run that is not going on has no page, or one that was written while it was: its process was killed. */
export function lacksReport(folder: string): boolean {
  try {
    return readFileSync(join(folder, REPORT_FILE), 'utf8').includes('<meta http-equiv="refresh"');
  } catch {
    return true;
  }
}

function live(folder: string) {
  const run: Run = {...readRun(folder), state: 'training'};
  // What an earlier session measured is of another model.
  const {test: _, ...rest} = run;
  return {run: rest, pictures: [], unknownPictures: [], date: new Date().toISOString()};
}
