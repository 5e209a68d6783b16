/** `status.json`: how far a run has come, and what it took, for those who look at it from outside. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {STATUS_FILE} from './files.ts';

export interface RunStatus {
  format: 1;
  /** What the process that trained said last: where it was killed, this stays `running`. */
  state: 'running' | 'finished' | 'interrupted' | 'failed';
  /** Seconds of all processes that have trained it, together. */
  seconds: number;
  /** Number of processes: 1, and 1 more each time that it was continued. */
  sessions: number;
  /** The date of this in ISO 8601. */
  updated: string;
  device?: string;
  /** Bytes, the most that a training process took. */
  peakMemory?: number;
  /** Why it failed or was interrupted. */
  error?: {code: string; message: string};
}

export function writeStatus(folder: string, status: RunStatus): void {
  writeAtomically(join(folder, STATUS_FILE), `${JSON.stringify(status, null, 1)}\n`);
}

/** Undefined where there is none, as in runs of earlier versions, or it cannot be read: a run is whole without. */
export function readStatus(folder: string): RunStatus | undefined {
  try {
    const status = JSON.parse(readFileSync(join(folder, STATUS_FILE), 'utf8')) as RunStatus;
    return status.format === 1 && Number.isFinite(status.seconds) ? status : undefined;
  } catch {
    return undefined;
  }
}
