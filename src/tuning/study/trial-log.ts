import {closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {MetricName} from '../sweep/sweep.ts';

/** What happens to trials, a line each in `trials.ndjson`. */
export type TrialEvent =
  | {event: 'started'; trial: number; parameters: Record<string, unknown>; run: string; at: string}
  | ({event: 'epoch'; trial: number; epoch: number} & Record<MetricName, number>)
  | {event: 'stopped'; trial: number; why: StopReason; seconds: number; at: string}
  | {event: 'resumed'; trial: number; at: string}
  | {event: 'finished'; trial: number; seconds: number; at: string}
  | {event: 'failed'; trial: number; error: {code: string; message: string}; seconds: number; at: string};

/** `halving`: others were better; `budget`: the time of the search was over; `interrupted`: Ctrl-C. */
export type StopReason = 'halving' | 'budget' | 'interrupted';

/**
 * Reads the events. A line that a kill left unfinished at the end is cut off, so that the next one begins a line.
 *
 * @throws RiceError SWEEP_DAMAGED
 */
export function readEvents(path: string): TrialEvent[] {
  if (!existsSync(path)) return [];
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
    text = text.slice(0, end);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        const event = JSON.parse(line) as TrialEvent;
        if (typeof event.event !== 'string' || !Number.isInteger(event.trial)) throw new Error('it is no event');
        return event;
      } catch (error) {
        throw new RiceError('SWEEP_DAMAGED', `${path}:${i + 1} cannot be read: ${(error as Error).message}`);
      }
    });
}

/** Adds a line, which is on the disk when this returns. */
export function appendEvent(path: string, event: TrialEvent): void {
  try {
    const file = openSync(path, 'a');
    try {
      writeSync(file, `${JSON.stringify(event)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}
