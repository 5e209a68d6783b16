import type {Delivery} from '../delivery.ts';
import {startOf, type TrackedEvent, type TrackerName} from '../event.ts';
import {openMlflow} from '../mlflow/open-mlflow.ts';
import {openWandb} from '../wandb/open-wandb.ts';
import type {OpenOptions} from './open-options.ts';
import type {RemoteTracker} from './remote-tracker.ts';
import {type EndOptions, Sender} from './sender.ts';

/** A service that a run is being sent to. */
export interface Sending {
  /** Says that there are more events. */
  notify(): void;
  /** Waits for the end for a bounded time. */
  finish(options?: EndOptions): Promise<Delivery>;
}

export interface SendOptions extends Omit<OpenOptions, 'signal'> {
  events: readonly TrackedEvent[];
}

/**
 * Begins to send a run to a service. What is wrong with its settings is told at once, and keeps everything.
 *
 * @returns undefined for a tracker that is a file
 */
export function sendRun(name: TrackerName, {events, ...options}: SendOptions): Sending | undefined {
  if (name !== 'mlflow' && name !== 'wandb') return undefined;
  const stop = new AbortController();
  try {
    const open = name === 'mlflow' ? openMlflow : openWandb;
    const tracker: RemoteTracker = open(events, {...options, signal: stop.signal});
    const sender = new Sender(tracker, events, stop, options.warn);
    return {
      notify: () => sender.notify(),
      finish: (end) => sender.finish(end),
    };
  } catch (error) {
    options.warn(`${name}: ${(error as Error).message}`);
    return kept(name, options.folder, (error as Error).message);
  }
}

function kept(tracker: TrackerName, place: string, reason: string): Sending {
  return {notify() {}, finish: async () => ({tracker, state: 'kept', place, reason})};
}

/** The services among the trackers of a run. */
export function servicesOf(events: readonly TrackedEvent[]): TrackerName[] {
  return startOf(events).trackers.filter((name) => name === 'wandb' || name === 'mlflow');
}
