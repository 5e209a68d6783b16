import {DvcLive} from './dvclive/dvclive.ts';
import {startOf, type TrackedEvent, type TrackerName} from './event.ts';
import type {FileTracker} from './file-tracker.ts';
import {TensorBoard} from './tensorboard/tensorboard.ts';
import {OfflineRun} from './wandb/offline-run.ts';
import {isWandbOffline, wandbSettings} from './wandb/settings.ts';

/**
 * Opens a tracker that is a file, and tells it what has happened so far.
 *
 * @returns undefined for a tracker that is a service
 * @throws RiceError DISK_FULL, PATH_NOT_WRITABLE and so on
 */
export function openFileTracker(
  name: TrackerName,
  events: readonly TrackedEvent[],
  env: NodeJS.ProcessEnv,
): FileTracker | undefined {
  const tracker = open(name, events, env);
  // An end that something follows was none.
  const told = events.filter((event, i) => event.type !== 'finish' || i === events.length - 1);
  for (const event of told) tracker?.write(event);
  return tracker;
}

function open(name: TrackerName, events: readonly TrackedEvent[], env: NodeJS.ProcessEnv): FileTracker | undefined {
  const {run, time} = startOf(events);
  if (name === 'tensorboard') return new TensorBoard(run, time);
  if (name === 'dvclive') return new DvcLive(run);
  if (name !== 'wandb' || !isWandbOffline(run, env)) return undefined;
  return new OfflineRun(events, wandbSettings(run, env));
}
