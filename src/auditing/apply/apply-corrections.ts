import {hash} from 'node:crypto';
import {mkdirSync, readFileSync, rmdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {tryLock} from '../../common/files/lock-file.ts';
import {readCorrections} from '../../dataset/corrections/read-corrections.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {finishMove, freeName, moveFile} from './move-file.ts';
import {type LoggedMove, MoveLog, readMoves, writeMoves} from './move-log.ts';
import {type MovePlan, planMoves} from './plan-moves.ts';

export interface Applied {
  root: string;
  /** The file with which the moves can be undone. */
  log: string;
  moved: {from: string; to: string}[];
  skipped: MovePlan['skipped'];
}

/**
 * Moves the files of a dataset as corrections say. No file is replaced, and each move is written down before it is made. A
 * run that was killed can be run again: what was moved is not there any more.
 *
 * @param log its path
 * @throws RiceError what scanning and reading throw, CORRECTIONS_INVALID, PATH_NOT_WRITABLE
 */
export function applyCorrections(folder: string, corrections: string, log: string): Applied {
  const {root} = scanDataset(folder, {minimumLabels: 1});
  return locked(log, () => {
    const before = readMoves(log);
    for (const {from, to} of before) finishMove(join(root, from), join(root, to));
    const {moves, skipped} = planMoves(scanDataset(folder, {minimumLabels: 1}), readCorrections(corrections));
    const gone = new Set(before.map(({from}) => from));
    const moved: Applied['moved'] = [];
    if (moves.length > 0) {
      const writer = new MoveLog(log);
      try {
        for (const {from, to} of moves) moved.push(move(root, from, to, writer));
      } finally {
        writer.close();
      }
    }
    const untold = skipped.filter(({path, reason}) => reason !== 'it is not there' || !gone.has(path));
    return {root, log, moved, skipped: untold};
  });
}

/** Moves everything in a log back, the last first, and empties the log. What was changed since then stays where it is. */
export function undoCorrections(folder: string, log: string): Applied {
  const {root} = scanDataset(folder, {minimumLabels: 1});
  return locked(log, () => {
    const moves = readMoves(log);
    const [moved, skipped, kept]: [Applied['moved'], Applied['skipped'], LoggedMove[]] = [[], [], []];
    for (const {from, to, sha256} of moves.toReversed()) {
      const [old, now] = [join(root, from), join(root, to)];
      finishMove(old, now);
      // A move that was not made, or was made again under another name.
      if (digestOf(old) === sha256) continue;
      const reason =
        digestOf(now) !== sha256 ? 'it is not there, or was changed' : moveFile(now, old) ? '' : `${from} is taken`;
      if (reason === '') {
        moved.push({from: to, to: from});
        if (to.startsWith('../')) removeEmpty(dirname(now), dirname(root));
      } else {
        skipped.push({path: to, reason});
        kept.unshift({from, to, sha256});
      }
    }
    writeMoves(log, kept);
    return {root, log, moved, skipped};
  });
}

function move(root: string, from: string, to: string, log: MoveLog): {from: string; to: string} {
  const sha256 = digestOf(join(root, from)) ?? '';
  for (;;) {
    const name = freeName(join(root, to));
    const placed = `${to.slice(0, to.lastIndexOf('/') + 1)}${name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)}`;
    log.add({from, to: placed, sha256});
    if (moveFile(join(root, from), name)) return {from, to: placed};
  }
}

function digestOf(path: string): string | undefined {
  try {
    return hash('sha256', readFileSync(path));
  } catch {
    return undefined;
  }
}

function removeEmpty(folder: string, end: string): void {
  for (let each = folder; each !== end && each !== dirname(each); each = dirname(each))
    try {
      rmdirSync(each);
    } catch {
      return;
    }
}

/** Only one process moves files of a log at a time. */
function locked<Result>(log: string, action: () => Result): Result {
  try {
    mkdirSync(dirname(log), {recursive: true});
    const attempt = tryLock(`${log}.lock`);
    if (!attempt.release)
      throw new RiceError('PATH_NOT_WRITABLE', `${attempt.owner} is moving files by ${log}`, {
        suggestions: ['Wait until it has ended.'],
      });
    try {
      return action();
    } finally {
      attempt.release();
    }
  } catch (error) {
    throw fromFileSystemError(error, log, 'write');
  }
}
