import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {nearest} from '../../common/nearest-word.ts';
import {shownAddress} from '../../common/shown-address.ts';
import type {RunDescription} from '../event.ts';
import {SendFailure} from '../sending/send-failure.ts';
import {netrcPassword} from './netrc.ts';

const CLOUD = 'https://api.wandb.ai';
const DEFAULT_PROJECT = 'rice';
const MODES = ['online', 'offline', 'disabled', 'shared', 'run', 'dryrun'] as const;
const RESUMES = ['allow', 'must', 'never', 'auto'] as const;

export interface WandbSettings {
  /** Address of the server, without a slash at its end. */
  base: string;
  key: string | undefined;
  entity: string | undefined;
  project: string;
  id: string;
  name: string;
  notes: string | undefined;
  tags: string[];
  group: string | undefined;
  jobType: string | undefined;
  sweep: string | undefined;
  resume: (typeof RESUMES)[number] | undefined;
  /** Below which the folder `wandb` is. */
  dir: string;
}

/** Reads the variables that W&B's own client reads (wandb/env.py), and its key from `~/.netrc`. */
export function wandbSettings(run: RunDescription, env: NodeJS.ProcessEnv): WandbSettings {
  const base = (env.WANDB_BASE_URL || CLOUD).replace(/\/+$/, '');
  if (!/^https?:\/\//i.test(base) || !URL.canParse(base))
    throw new SendFailure(`WANDB_BASE_URL is ${shownAddress(base)}, which is not the address of a server`, {
      retry: false,
    });
  const resume = env.WANDB_RESUME || undefined;
  return {
    base,
    key: env.WANDB_API_KEY || keyInNetrc(new URL(base).hostname, env),
    entity: env.WANDB_ENTITY || undefined,
    project: run.project ?? (env.WANDB_PROJECT || DEFAULT_PROJECT),
    id: env.WANDB_RUN_ID || run.id,
    name: env.WANDB_NAME || run.name,
    notes: env.WANDB_NOTES || undefined,
    tags: (env.WANDB_TAGS ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    group: env.WANDB_RUN_GROUP || undefined,
    jobType: env.WANDB_JOB_TYPE || undefined,
    sweep: env.WANDB_SWEEP_ID || undefined,
    resume: resume === undefined ? undefined : oneOf(resume, RESUMES, 'WANDB_RESUME'),
    dir: env.WANDB_DIR || run.cwd,
  };
}

/** @throws SendFailure if there is no such mode */
export function wandbMode(env: NodeJS.ProcessEnv): 'online' | 'offline' | 'disabled' {
  const mode = oneOf(env.WANDB_MODE || 'online', MODES, 'WANDB_MODE');
  if (mode === 'disabled') return 'disabled';
  return mode === 'offline' || mode === 'dryrun' ? 'offline' : 'online';
}

/** Whether a run is written to a folder: where nothing else is asked for, this also holds without a key. */
export function isWandbOffline(run: RunDescription, env: NodeJS.ProcessEnv): boolean {
  const mode = wandbMode(env);
  return mode === 'offline' || (mode === 'online' && !env.WANDB_MODE && wandbSettings(run, env).key === undefined);
}

/** How the page of a run is found. The cloud has another host for people. */
export function pageOf(base: string, entity: string, project: string, id: string): string {
  const place = base === CLOUD ? 'https://wandb.ai' : base;
  return `${place}/${[entity, project, 'runs', id].map(encodeURIComponent).join('/')}`;
}

function keyInNetrc(host: string, env: NodeJS.ProcessEnv): string | undefined {
  const home = env.HOME || env.USERPROFILE || homedir();
  for (const path of env.NETRC ? [env.NETRC] : [join(home, '.netrc'), join(home, '_netrc')]) {
    try {
      return netrcPassword(readFileSync(path, 'utf8'), host);
    } catch {
      // There is none, or it is somebody else's.
    }
  }
  return undefined;
}

function oneOf<Value extends string>(given: string, known: readonly Value[], variable: string): Value {
  const found = known.find((value) => value === given);
  if (found !== undefined) return found;
  const near = nearest(given, known);
  throw new SendFailure(
    `${variable} is "${given}": ${near ? `did you mean ${near}?` : `use one of ${known.join(', ')}`}`,
    {
      retry: false,
    },
  );
}
