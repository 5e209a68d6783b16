import {mkdirSync, readFileSync, rmSync} from 'node:fs';
import {dirname} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {FileWriter} from '../../common/files/file-writer.ts';

/** A file that is or was about to be moved; paths from the root of the dataset, with forward slashes. */
export interface LoggedMove {
  from: string;
  to: string;
  /** Of the file, in hexadecimal. */
  sha256: string;
}

/** The moves in a log, the first one first. A line that a killed process has not finished says nothing. */
export function readMoves(path: string): LoggedMove[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      const move = JSON.parse(line) as Partial<LoggedMove>;
      const {from, to, sha256} = move;
      return [from, to, sha256].every((each) => typeof each === 'string') ? [move as LoggedMove] : [];
    } catch {
      return [];
    }
  });
}

/** Replaces a log, or removes it where no move is left. */
export function writeMoves(path: string, moves: readonly LoggedMove[]): void {
  if (moves.length === 0) rmSync(path, {force: true});
  else writeAtomically(path, moves.map((move) => `${JSON.stringify(move)}\n`).join(''));
}

/** Writes each move down before it is made, so that it can be undone whenever the process ends. */
export class MoveLog {
  readonly #writer: FileWriter;

  /** @throws the error of `node:fs` if it cannot be written */
  constructor(path: string) {
    mkdirSync(dirname(path), {recursive: true});
    this.#writer = new FileWriter(path, {flags: 'a'});
  }

  add(move: LoggedMove): void {
    // Begins with the end of a line, for the one before may not be finished.
    this.#writer.append(Buffer.from(`\n${JSON.stringify(move)}\n`));
    this.#writer.flush();
  }

  close(): void {
    this.#writer.close();
  }
}
