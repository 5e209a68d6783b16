import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {packageRoot} from '../../common/package-root.ts';
import {type EpochMetrics, readProgress} from '../../training/artifact/checkpoint.ts';
import {ARTIFACT_FOLDER} from '../../training/run/run-folder.ts';
import type {WorkerMessage} from '../../training/worker/messages.ts';
import type {TrialOutcome, TrialRunner} from '../../tuning/study/search.ts';
import type {EpochValues, Trial} from '../../tuning/study/trial.ts';

/** How long to wait for a training that a killed search has left, which is writing its checkpoint. */
const BUSY_TRIES = 60;
const BUSY_MS = 500;

export interface TrialProcessOptions {
  /** The folder of the search. */
  folder: string;
  /** The arguments of rice train for a new trial, without the folder of its run. */
  args: (trial: Trial) => string[];
  onMessage: (trial: Trial, message: WorkerMessage) => void;
  /** Variables of the process; those of this one if omitted. */
  env?: NodeJS.ProcessEnv;
}

/** Runs each trial as a `rice train` of its own, so that nothing that happens to one ends the search. */
export function trialProcesses({folder, args, onMessage, env = process.env}: TrialProcessOptions): TrialRunner {
  return async (trial, onEpoch, signal) => {
    const run = join(folder, trial.run);
    const started = existsSync(join(run, 'run.json'));
    if (started)
      for (const metrics of readProgress(join(run, ARTIFACT_FOLDER))?.history ?? []) onEpoch(valuesOf(metrics), false);
    const words = started ? ['--resume', run] : [...args(trial), '--out', run];
    let [epochs, perEpoch] = [Number.POSITIVE_INFINITY, 1];
    for (let tries = 1; ; tries++) {
      const outcome = await trainProcess(words, env, signal, (message) => {
        onMessage(trial, message);
        if (message.type === 'started') perEpoch = message.stepsPerEpoch;
        if (message.type === 'started' || message.type === 'planned') epochs = Math.ceil(message.steps / perEpoch);
        if (message.type === 'epoch') onEpoch(valuesOf(message), message.epoch >= epochs);
      });
      const busy = outcome.kind === 'failed' && outcome.error.code === 'RUN_BUSY';
      if (!busy || tries === BUSY_TRIES || signal.aborted) return outcome;
      await setTimeout(BUSY_MS);
    }
  };
}

function valuesOf({epoch, loss, accuracy, validationLoss, validationAccuracy}: EpochMetrics): EpochValues {
  return {
    epoch,
    'train/loss': loss,
    'train/accuracy': accuracy,
    'val/loss': validationLoss,
    'val/accuracy': validationAccuracy,
  };
}

function trainProcess(
  words: string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onMessage: (message: WorkerMessage) => void,
): Promise<TrialOutcome> {
  const program = join(packageRoot(), 'bin', 'run.js');
  const child = spawn(process.execPath, [program, 'train', ...words, '--json', '--quiet'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const texts = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const stop = () => child.connected && child.send({type: 'stop'});
  return new Promise((resolve) => {
    const failed = (code: string, message: string) => resolve({kind: 'failed', error: {code, message}});
    child.on('message', (message: WorkerMessage) => onMessage(message));
    child.on('error', (error) => failed('TRAINING_FAILED', error.message));
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) return resolve({kind: 'finished'});
      const error = errorIn(texts.stdout);
      if (error?.code === 'TRAINING_INTERRUPTED') return resolve({kind: 'stopped'});
      if (error) return failed(error.code, error.message);
      const how = killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
      const last = texts.stderr.trim().split('\n').at(-1);
      failed('TRAINING_FAILED', `rice train ${how}${last ? `: ${last}` : ''}`);
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}

function errorIn(document: string): {code: string; message: string} | undefined {
  try {
    return (JSON.parse(document) as {error?: {code: string; message: string}}).error;
  } catch {
    return undefined;
  }
}
