import type {TrackerName} from './event.ts';

/** What became of a run in a tracker. */
export interface Delivery {
  tracker: TrackerName;
  /** Files are written; services have everything, or a part of it is kept in the folder of the run. */
  state: 'written' | 'sent' | 'kept';
  /** A folder, or the address of the run where it is known. */
  place: string;
  /** Why something is kept. */
  reason?: string;
}
