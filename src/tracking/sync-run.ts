import {RiceError} from '../common/errors.ts';
import type {Delivery} from './delivery.ts';
import {Journal, readJournal} from './journal.ts';
import {sendRun, servicesOf} from './sending/send-run.ts';

/** Milliseconds for a server that cannot be reached, or answers that it cannot. */
const PATIENCE_MS = 15_000;

export interface SyncOptions {
  env: NodeJS.ProcessEnv;
  warn: (message: string) => void;
  now: () => number;
}

/** Whether a run has trackers that are services. @throws RiceError RUN_DAMAGED */
export function hasServices(run: string): boolean {
  return servicesOf(readJournal(run)).length > 0;
}

/**
 * Sends what the services of a run do not have yet. A run whose end nobody heard of is told as crashed: if it was only
 * interrupted by the end of this machine, it may still go on.
 *
 * @param run its folder
 * @throws RiceError RUN_DAMAGED
 */
export async function syncRun(run: string, {env, warn, now}: SyncOptions): Promise<Delivery[]> {
  let journal: Journal;
  try {
    journal = new Journal(run);
  } catch (error) {
    if (!(error instanceof RiceError) || error.code !== 'RUN_BUSY') throw error;
    const names = servicesOf(readJournal(run));
    return names.map((tracker) => ({tracker, state: 'kept', place: run, reason: error.message}));
  }
  try {
    const {events, folder} = journal;
    if (events.at(-1)?.type !== 'finish') journal.append({type: 'finish', state: 'crashed'}, now());
    const sendings = servicesOf(events).flatMap((name) => sendRun(name, {events, folder, env, warn}) ?? []);
    const end = {longest: Number.POSITIVE_INFINITY, patience: PATIENCE_MS, grace: PATIENCE_MS};
    return await Promise.all(sendings.map((sending) => sending.finish(end)));
  } finally {
    journal.close();
  }
}
