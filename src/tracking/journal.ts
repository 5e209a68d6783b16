import {closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {tryLock} from '../common/files/lock-file.ts';
import type {EventBody, TrackedEvent} from './event.ts';

/** In the folder of a run: its journal, the pictures that it names, and what was sent of it. */
export const TRACKING_FOLDER = 'tracking';
const JOURNAL_FILE = 'events.ndjson';

/** Whether a run was tracked. @param run its folder */
export function isTracked(run: string): boolean {
  return existsSync(join(run, TRACKING_FOLDER, JOURNAL_FILE));
}

/**
 * Everything that trackers are told of a run, an event a line. It is written before anything is sent, so that what could
 * not be sent is sent later, and a tracker can be told everything again.
 */
export class Journal {
  readonly folder: string;
  readonly #events: TrackedEvent[];
  readonly #file: number;
  readonly #release: () => void;

  /**
   * Opens the journal of a run, or begins one. Nobody else may write it meanwhile, or send it.
   *
   * @param run the folder of the run
   * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL, RUN_DAMAGED, RUN_BUSY
   */
  constructor(run: string) {
    this.folder = join(run, TRACKING_FOLDER);
    const path = join(this.folder, JOURNAL_FILE);
    try {
      mkdirSync(this.folder, {recursive: true});
      this.#release = lock(this.folder);
    } catch (error) {
      throw fromFileSystemError(error, path, 'write');
    }
    try {
      const {events, bytes, whole} = existsSync(path) ? parse(path) : {events: [], bytes: 0, whole: true};
      this.#events = events;
      // A line that a kill cut short would spoil the next.
      if (!whole) truncateSync(path, bytes);
      this.#file = openSync(path, 'a');
    } catch (error) {
      this.#release();
      throw fromFileSystemError(error, path, 'write');
    }
  }

  get events(): readonly TrackedEvent[] {
    return this.#events;
  }

  /** @throws RiceError DISK_FULL or PATH_NOT_WRITABLE */
  append(body: EventBody, time: number): TrackedEvent {
    const event = {...body, time} as TrackedEvent;
    const line = Buffer.from(`${JSON.stringify(event, storable)}\n`);
    try {
      for (let done = 0; done < line.length; ) done += writeSync(this.#file, line, done);
    } catch (error) {
      throw fromFileSystemError(error, join(this.folder, JOURNAL_FILE), 'write');
    }
    this.#events.push(event);
    return event;
  }

  close(): void {
    closeSync(this.#file);
    this.#release();
  }
}

function lock(folder: string): () => void {
  const {release, owner} = tryLock(join(folder, 'journal.lock'));
  if (release) return release;
  throw new RiceError('RUN_BUSY', `${owner} is training this run, or sending it to its trackers`);
}

/** @throws RiceError RUN_DAMAGED */
export function readJournal(run: string): TrackedEvent[] {
  return parse(join(run, TRACKING_FOLDER, JOURNAL_FILE)).events;
}

function parse(path: string): {events: TrackedEvent[]; bytes: number; whole: boolean} {
  const text = readFileSync(path);
  const bytes = text.lastIndexOf(10) + 1;
  const lines = text.subarray(0, bytes).toString().split('\n').slice(0, -1);
  const events = lines.map((line, i) => {
    try {
      return JSON.parse(line, restored) as TrackedEvent;
    } catch (error) {
      throw new RiceError('RUN_DAMAGED', `${path} is damaged in line ${i + 1}`, {
        suggestions: ['Remove the folder: the run itself is not affected, but what was not sent is lost.'],
        cause: error,
      });
    }
  });
  return {events, bytes, whole: bytes === text.length};
}

/** JSON has no numbers that are none: a loss may be. */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? {number: String(value)} : value;
}

function restored(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const {number, ...others} = value as {number?: unknown};
  return typeof number === 'string' && Object.keys(others).length === 0 ? Number(number) : value;
}
