import {lstatSync} from 'node:fs';
import {basename, join} from 'node:path';
import {type CorrectionFile, correctionsInvalid} from '../../dataset/corrections/read-corrections.ts';
import type {Dataset} from '../../dataset/dataset.ts';

/** Where a file should go, before names that are taken are avoided; paths from the root of the dataset. */
export interface PlannedMove {
  from: string;
  to: string;
  action: 'relabel' | 'exclude';
}

export interface MovePlan {
  moves: PlannedMove[];
  /** Pictures that are not moved, each with the reason. */
  skipped: {path: string; reason: string}[];
}

/**
 * Which files corrections move: relabeled ones into the folder of their label, excluded ones into a folder beside the
 * dataset, `<name>-excluded`.
 *
 * @param dataset without corrections, its labels being those of its folders
 * @throws RiceError CORRECTIONS_INVALID for an unknown label, or if a label would lose its last picture
 */
export function planMoves({root, labels, files}: Dataset, {file, corrections}: CorrectionFile): MovePlan {
  const byPath = new Map(files.map((each) => [each.path, each]));
  const moves: PlannedMove[] = [];
  const skipped: MovePlan['skipped'] = [];
  const left = labels.map((_, label) => files.filter((each) => each.label === label).length);
  for (const {path, action, label, given, line} of corrections) {
    if (action === 'keep') continue;
    const target = labels.indexOf(label ?? '');
    if (action === 'relabel' && target < 0)
      throw correctionsInvalid(
        file,
        `line ${line}: "${label}" is no label of the pictures; they are ${labels.join(', ')}`,
      );
    const picture = byPath.get(path);
    if (!picture) skipped.push({path, reason: 'it is not there'});
    else if (given !== undefined && given !== labels[picture.label])
      skipped.push({path, reason: `its label is ${labels[picture.label]}, no longer ${given}`});
    else if (lstatSync(join(root, path)).isSymbolicLink()) skipped.push({path, reason: 'it is a symbolic link'});
    else if (action === 'exclude' || target !== picture.label) {
      const to =
        action === 'exclude' ? `../${basename(root)}-excluded/${path}` : inFolder(path, labels, picture.label, target);
      moves.push({from: path, to, action});
      left[picture.label]--;
      if (action === 'relabel') left[target]++;
    }
  }
  const emptied = labels.filter((_, label) => left[label] === 0);
  if (emptied.length > 0) throw correctionsInvalid(file, `it leaves no picture of ${emptied.join(', ')}`);
  return {moves, skipped};
}

/** The path with the folder of another label in the place of its own. */
function inFolder(path: string, labels: readonly string[], from: number, to: number): string {
  const folders = path.split('/');
  const at = folders.slice(0, -1).indexOf(labels[from]);
  if (at < 0) throw new RangeError(`${path} does not lie in a folder ${labels[from]}`);
  return folders.with(at, labels[to]).join('/');
}
