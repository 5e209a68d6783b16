import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {RunDescription, TrackedEvent} from '../event.ts';
import type {FileTracker} from '../file-tracker.ts';
import {TRACKING_FOLDER} from '../journal.ts';
import {EVENT_FILE, EventFile} from './event-file.ts';
import {hparamsAtEnd, hparamsAtStart} from './hparams.ts';

/** What a table of runs is compared by. */
const COMPARED = ['val/accuracy', 'val/loss', 'test/accuracy'];
const RGB = 3;

/** Writes an event file into the folder of the run, for `tensorboard --logdir runs`. */
export class TensorBoard implements FileTracker {
  readonly place: string;
  readonly #file: EventFile;
  readonly #media: string;

  constructor(run: RunDescription, time: number) {
    this.place = run.folder;
    this.#media = join(run.folder, TRACKING_FOLDER);
    // After an interruption everything is written anew: two files would show each epoch twice.
    for (const name of readdirSync(run.folder))
      if (name.startsWith(EVENT_FILE) && name.endsWith('.rice')) rmSync(join(run.folder, name));
    this.#file = new EventFile(run.folder, time);
    this.#values(0, hparamsAtStart(run, COMPARED, time), time);
  }

  write(event: TrackedEvent): void {
    const {time} = event;
    if (event.type === 'metrics' || event.type === 'summary') this.#scalars(event.step, event.values, time);
    else if (event.type === 'picture') this.#picture(event);
    else if (event.type === 'histogram') {
      const {count, ...others} = event.histogram;
      this.#values(event.step, [{tag: event.name, histogram: {...others, num: count}}], time);
    } else if (event.type === 'finish') this.#values(0, [hparamsAtEnd(event.state === 'finished', time)], time);
  }

  close(): void {
    this.#file.close();
  }

  #scalars(step: number, values: Record<string, number>, time: number): void {
    const scalars = Object.entries(values).map(([tag, number]) => ({tag, number}));
    this.#values(step, scalars, time);
  }

  #picture({step, key, file, width, height, caption, time}: Extract<TrackedEvent, {type: 'picture'}>): void {
    const encoded = readFileSync(join(this.#media, file));
    const tag = caption === '' ? key : `${key}/${caption}`;
    this.#values(step, [{tag, image: {height, width, colorspace: RGB, encoded}}], time);
  }

  #values(step: number, values: object[], time: number): void {
    this.#file.write({step, summary: {values}}, time);
  }
}
