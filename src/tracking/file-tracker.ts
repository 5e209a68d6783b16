import type {TrackedEvent} from './event.ts';

/** A tracker that is a file or a folder. It is told of everything from the start on, again after an interruption. */
export interface FileTracker {
  /** What was written: a file or folder. */
  readonly place: string;
  /** @throws RiceError DISK_FULL, PATH_NOT_WRITABLE and so on */
  write(event: TrackedEvent): void;
  close(): void;
}
