import {
  closeSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import {join, resolve, sep} from 'node:path';
import {isAbandoned, temporaryName} from '../common/files/temporary-folder.ts';

/** A move to another disk: a copy under a temporary name, which gets its own name before the original is removed. */
export interface Move {
  from: string;
  temporary: string;
  to: string;
}

const NAME = '.rice-move';

/**
 * The move that a process is at, in a file in the folder that is sorted into. If the process is killed, the next one finishes
 * the move, so that no picture stays in two places.
 */
export class MoveJournal {
  readonly #path: string;
  #file: number | undefined;

  /** @param root the folder that is sorted into */
  constructor(root: string) {
    this.#path = temporaryName(join(root, NAME));
  }

  /** Runs the steps of a move, which must leave nothing behind if they throw. */
  run(move: Move, steps: () => void): void {
    this.#file ??= openSync(this.#path, 'wx');
    ftruncateSync(this.#file);
    writeSync(this.#file, JSON.stringify(move), 0);
    steps();
    ftruncateSync(this.#file);
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    rmSync(this.#path, {force: true});
    this.#file = undefined;
  }
}

/** Finishes the moves of processes that were killed while they sorted into this folder. */
export function finishMoves(root: string): void {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (!name.startsWith(`${NAME}.tmp-`) || !isAbandoned(path) || !isOwn(path)) continue;
    const move = readMove(path);
    if (move && isBelow(move.to, root) && isBelow(move.temporary, root)) finish(move);
    rmSync(path, {force: true});
  }
}

/** In a shared folder, the file of another user must not have pictures removed. */
function isOwn(path: string): boolean {
  const {uid} = lstatSync(path);
  return uid === (process.getuid?.() ?? uid);
}

function isBelow(path: string, root: string): boolean {
  return resolve(path).startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** Undefined if none was under way. */
function readMove(path: string): Move | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Move;
  } catch {
    return undefined;
  }
}

/** The original goes only if what has the new name is its copy. Then the temporary name goes, complete or not. */
function finish({from, temporary, to}: Move): void {
  const [original, copy, placed] = [from, temporary, to].map((path) => statSync(path, {throwIfNoEntry: false}));
  const isCopy = copy === undefined || (copy.ino === placed?.ino && copy.dev === placed.dev);
  if (original?.isFile() && placed?.isFile() && isCopy && readFileSync(from).equals(readFileSync(to))) unlinkSync(from);
  rmSync(temporary, {force: true});
}
