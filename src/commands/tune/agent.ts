import {existsSync, readFileSync} from 'node:fs';
import {homedir, hostname} from 'node:os';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {TRACKERS} from '../../tracking/event.ts';
import {type AgentRun, runAgent} from '../../tuning/agent/run-agent.ts';
import {type SweepPlace, type WandbAccess, WandbAgentApi} from '../../tuning/agent/wandb-api.ts';
import type {EpochValues, Trial} from '../../tuning/study/trial.ts';
import {trialProcesses} from './run-trial.ts';
import type {TrainFlags} from './train-flags.ts';
import type {TuningView} from './view.ts';

const DEFAULT_SERVER = 'https://api.wandb.ai';

/** The sweep that `entity/project/id` names, if that is no file. */
export function sweepPlace(text: string): SweepPlace | undefined {
  const [, entity, project, sweep] = /^([\w.-]+)\/([\w.-]+)\/([\w-]+)$/.exec(text) ?? [];
  return entity === undefined || existsSync(text) ? undefined : {entity, project, sweep};
}

/**
 * The server and the key, as W&B's own programs find them: variables, then ~/.netrc.
 *
 * @throws RiceError ACCESS_DENIED if there is no key
 */
export function wandbAccess(env: NodeJS.ProcessEnv): WandbAccess {
  const baseUrl = env.WANDB_BASE_URL || DEFAULT_SERVER;
  const apiKey = env.WANDB_API_KEY || netrcPassword(env, new URL(baseUrl).hostname);
  if (apiKey) return {baseUrl, apiKey};
  throw new RiceError('ACCESS_DENIED', `there is no key for ${baseUrl}`, {
    suggestions: ['Set WANDB_API_KEY to your key.'],
  });
}

function netrcPassword(env: NodeJS.ProcessEnv, host: string): string | undefined {
  const path = env.NETRC || join(env.HOME || homedir(), '.netrc');
  if (!existsSync(path)) return undefined;
  const words = readFileSync(path, 'utf8').split(/\s+/);
  const machine = words.findIndex((word, i) => word === 'machine' && words[i + 1] === host);
  if (machine < 0) return undefined;
  const next = words.indexOf('machine', machine + 1);
  const entry = words.slice(machine, next < 0 ? undefined : next);
  const password = entry.indexOf('password');
  return password < 0 ? undefined : entry[password + 1];
}

export interface AgentSessionOptions {
  place: SweepPlace;
  folder: string;
  train: TrainFlags;
  fixed: readonly string[];
  view: TuningView;
  env: NodeJS.ProcessEnv;
  most?: number | undefined;
  onWarning: (message: string) => void;
  signal: AbortSignal;
}

/** Trains what a sweep of W&B asks for, each run as a `rice train` that sends its metrics there. Returns the trials. */
export async function agentSession(options: AgentSessionOptions): Promise<Trial[]> {
  const {place, folder, train, fixed, view, env, onWarning} = options;
  const api = new WandbAgentApi(wandbAccess(env));
  const id = await api.createAgent(place, hostname());
  const tracked = (TRACKERS as readonly string[]).includes('wandb');
  if (!tracked)
    onWarning('this version of rice sends no metrics to W&B: the sweep sees its runs, but not how good they are');
  const trials: Trial[] = [];
  const identity = {WANDB_SWEEP_ID: place.sweep, WANDB_ENTITY: place.entity, WANDB_PROJECT: place.project};
  await runAgent({
    api,
    id,
    most: options.most,
    signal: options.signal,
    onWarning,
    onRun: ({id: name, parameters, resumed}) => {
      const trial: Trial = {
        number: trials.length + 1,
        parameters,
        run: `trials/${name}`,
        state: 'running',
        epochs: [],
        seconds: 0,
      };
      trials.push(trial);
      view.onTrial(trial, resumed);
    },
    onEnd: (_, outcome) => {
      const trial = trials.at(-1)!;
      trial.state = outcome.kind;
      if (outcome.kind === 'failed') trial.error = outcome.error;
      view.onEnd(trial);
    },
    train: (run, signal) => {
      const trial = trials.at(-1)!;
      const began = performance.now();
      const start = trialProcesses({
        folder,
        args: () => [...fixed, ...(tracked ? ['--track=wandb'] : []), ...argsOf(run, train)],
        env: {...env, ...identity, WANDB_RUN_ID: run.id},
        onMessage: (each, message) => view.onMessage(each, message),
      });
      const onEpoch = (values: EpochValues) => {
        trial.epochs = [...trial.epochs.filter(({epoch}) => epoch < values.epoch), values];
      };
      return Promise.resolve()
        .then(() => start(trial, onEpoch, signal))
        .catch((error: RiceError) => ({kind: 'failed' as const, error: {code: error.code, message: error.message}}))
        .finally(() => {
          trial.seconds = (performance.now() - began) / 1000;
        });
    },
  });
  return trials;
}

/** The parameters of a run as words on the command line; nested ones count by their own names. */
function argsOf({parameters}: Pick<AgentRun, 'parameters'>, train: TrainFlags): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null)
      return argsOf({parameters: value as Record<string, unknown>}, train);
    const found = train.flagOf(name);
    if ('flag' in found) return train.arg(found.flag, value);
    throw new RiceError('SWEEP_INVALID', `the sweep has a parameter ${name}, which is not a setting of rice train`, {
      suggestions: [found.suggestion],
    });
  });
}
