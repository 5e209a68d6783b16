import type {TrackedEvent, TrackerName} from '../event.ts';
import type {DeliveryRecord} from './delivery-record.ts';
import type {HttpClient} from './http-client.ts';

/** A tracker that is a service. */
export interface RemoteTracker {
  readonly name: TrackerName;
  readonly client: HttpClient;
  readonly record: DeliveryRecord<object>;
  /** The page of the run, or the server, where the page is not known yet. */
  readonly address: string;
  /**
   * Sends the events from `from` on. What was sent in part before is sent again without harm, so that it may be repeated.
   *
   * @param events all events of the run
   * @throws SendFailure if the server refuses; the reason of the client's signal
   */
  send(events: readonly TrackedEvent[], from: number): Promise<void>;
  /** Called now and then while nothing happens. */
  idle?(): Promise<void>;
}
