import type {TrackerName} from './event.ts';

/** What became of a run in a tracker. */
export interface Delivery {
  tracker: TrackerName;
  /** Files are written. */
  state: 'written';
  /** A folder. */
  place: string;
}
