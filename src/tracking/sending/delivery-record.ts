import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import type {TrackerName} from '../event.ts';

/** What a service has been sent of a run: how many events of its journal, and what the service called things. */
export class DeliveryRecord<State extends object> {
  sent = 0;
  state: Partial<State> = {};
  readonly #path: string;

  /** @param folder the folder of the journal */
  constructor(folder: string, tracker: TrackerName) {
    this.#path = join(folder, `${tracker}.json`);
    if (!existsSync(this.#path)) return;
    try {
      const {sent, state} = JSON.parse(readFileSync(this.#path, 'utf8')) as {sent: number; state: Partial<State>};
      [this.sent, this.state] = [sent, state];
    } catch {
      // Everything is sent again, which changes nothing in a service that has it.
    }
  }

  save(): void {
    writeAtomically(this.#path, `${JSON.stringify({sent: this.sent, state: this.state}, null, 1)}\n`);
  }

  remember(state: Partial<State>): void {
    Object.assign(this.state, state);
    this.save();
  }
}
