import {RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {Study} from './study.ts';
import type {EpochValues, Trial} from './trial.ts';
import type {StopReason} from './trial-log.ts';

/** So many trials that fail before any has succeeded are a mistake in the sweep, not bad luck. */
const MOST_FAILED = 3;

/** How one session of a trial ended. */
export type TrialOutcome =
  | {kind: 'finished'}
  | {kind: 'stopped'}
  | {kind: 'failed'; error: {code: string; message: string}};

/**
 * Trains a trial, from its checkpoint on if its run exists.
 *
 * @param onEpoch called at the end of each epoch that the run has, also of those made before; the last one is told as such
 * @param signal asks for a checkpoint and the end
 */
export type TrialRunner = (
  trial: Trial,
  onEpoch: (values: EpochValues, last: boolean) => void,
  signal: AbortSignal,
) => Promise<TrialOutcome>;

export interface SearchEvents {
  onTrial(trial: Trial, resumed: boolean): void;
  onEpoch(trial: Trial, values: EpochValues): void;
  onEnd(trial: Trial): void;
}

export interface SearchOptions {
  /** Most trials in all. */
  most: number;
  /** Seconds left for the whole search; undefined for no limit. */
  seconds?: number | undefined;
  run: TrialRunner;
  events: SearchEvents;
  /** Ctrl-C. */
  signal: AbortSignal;
  /** Seconds since any moment. */
  clock?: () => number;
}

/**
 * Tries one trial after the other until there are enough of them, the time is over, or the target is reached. A trial that
 * fails is recorded, and the search goes on.
 *
 * @throws RiceError TUNING_INTERRUPTED after `signal`, TUNING_FAILED if all of the first trials failed
 */
export async function search(study: Study, options: SearchOptions): Promise<void> {
  const {clock = () => performance.now() / 1000, signal, events} = options;
  const deadline = options.seconds === undefined ? Number.POSITIVE_INFINITY : clock() + options.seconds;
  while (!signal.aborted && !study.targetReached && isTimeFor(study, deadline - clock())) {
    const next = study.next(options.most);
    if (!next) break;
    const resumed = 'trial' in next;
    const at = new Date().toISOString();
    const trial = resumed
      ? study.record({event: 'resumed', trial: next.trial.number, at})
      : study.record({
          event: 'started',
          trial: next.number,
          parameters: next.parameters,
          run: runFolder(next.number),
          at,
        });
    events.onTrial(trial, resumed);
    await runTrial(study, trial, options, clock, deadline);
    events.onEnd(trial);
    giveUpIfAllFail(study);
  }
  if (signal.aborted) {
    throw new RiceError('TUNING_INTERRUPTED', `the search was stopped; its trials are in ${study.folder}`, {
      suggestions: [`Continue with: rice tune --resume ${shellWords([study.folder])}`],
    });
  }
}

async function runTrial(
  study: Study,
  trial: Trial,
  options: SearchOptions,
  clock: () => number,
  deadline: number,
): Promise<void> {
  const {run, events, signal} = options;
  const began = clock();
  const stopping = new AbortController();
  let why: StopReason | undefined;
  const stop = (reason: StopReason) => {
    why ??= reason;
    stopping.abort();
  };
  const interrupt = () => stop('interrupted');
  signal.addEventListener('abort', interrupt);
  const timer = Number.isFinite(deadline)
    ? setTimeout(() => stop('budget'), Math.min(2 ** 31 - 1, Math.max(0, deadline - began) * 1000))
    : undefined;
  const onEpoch = (values: EpochValues, last: boolean) => {
    // A resumed run tells of its first epochs again.
    if (values.epoch <= trial.epochs.length) return;
    study.record({event: 'epoch', trial: trial.number, ...values});
    events.onEpoch(trial, values);
    // After its last epoch there is nothing left to save, and a model to be had.
    if (!last && study.shouldStop(trial)) stop('halving');
  };
  try {
    const outcome = await run(trial, onEpoch, stopping.signal);
    const end = {trial: trial.number, seconds: Math.max(0, clock() - began), at: new Date().toISOString()};
    if (outcome.kind === 'failed') study.record({event: 'failed', error: outcome.error, ...end});
    else if (outcome.kind === 'finished') study.record({event: 'finished', ...end});
    else study.record({event: 'stopped', why: why ?? 'interrupted', ...end});
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}

/** No trial is begun that could not get half as far as those before it usually took. */
function isTimeFor(study: Study, left: number): boolean {
  if (left <= 0) return false;
  const times = study.trials.filter(({state}) => state === 'finished').map(({seconds}) => seconds);
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  return median === undefined || left >= median / 2;
}

function giveUpIfAllFail({trials, folder}: Study): void {
  if (trials.length < MOST_FAILED || trials.some(({state}) => state !== 'failed')) return;
  const {code, message} = trials[0].error!;
  throw new RiceError('TUNING_FAILED', `the first ${trials.length} trials failed, trial 1 with ${code}: ${message}`, {
    suggestions: ['Correct the sweep or what is trained on, and start a new search.', `See ${folder} for all of them.`],
  });
}

function runFolder(number: number): string {
  return `trials/${String(number).padStart(3, '0')}`;
}
