import {DvcLive} from './dvclive/dvclive.ts';
import {startOf, type TrackedEvent, type TrackerName} from './event.ts';
import type {FileTracker} from './file-tracker.ts';
import {TensorBoard} from './tensorboard/tensorboard.ts';

/**
 * Opens a tracker that is a file, and tells it what has happened so far.
 *
 * @returns undefined for a tracker that is a service
 * @throws RiceError DISK_FULL, PATH_NOT_WRITABLE and so on
 */
export function openFileTracker(name: TrackerName, events: readonly TrackedEvent[]): FileTracker | undefined {
  const {run, time} = startOf(events);
  const tracker =
    name === 'tensorboard' ? new TensorBoard(run, time) : name === 'dvclive' ? new DvcLive(run) : undefined;
  if (tracker) for (const event of events) tracker.write(event);
  return tracker;
}
