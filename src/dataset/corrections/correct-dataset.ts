import {byCodePoint} from '../../common/code-point-order.ts';
import {RiceError} from '../../common/errors.ts';
import type {Dataset, DatasetFile} from '../dataset.ts';
import {type Correction, type CorrectionFile, correctionsInvalid} from './read-corrections.ts';

/** Paths that a message names; it counts the others. */
const NAMED = 3;

/**
 * The dataset with other labels for the pictures that were relabeled, and without those that were excluded. What cannot
 * be applied is named in the notes: pictures that are not there, or whose label is no longer the one that was corrected.
 *
 * @throws RiceError CORRECTIONS_INVALID for an unknown label, if no picture is there, or if a label loses its last picture
 */
export function correctDataset(dataset: Dataset, {file, sha256, corrections}: CorrectionFile): Dataset {
  const {present, missing, outdated} = sortOut(dataset, file, corrections);
  if (corrections.length > 0 && present.size === 0) throw noneApplies(dataset, file, [...missing, ...outdated]);
  const files = dataset.files.flatMap((picture): DatasetFile[] => {
    const {action, label} = present.get(picture.path) ?? {};
    if (action === 'exclude') return [];
    return action === 'relabel' ? [{...picture, label: dataset.labels.indexOf(label!)}] : [picture];
  });
  const emptied = dataset.labels.filter((_, label) => !files.some((picture) => picture.label === label));
  if (emptied.length > 0) throw correctionsInvalid(file, `it leaves no picture of ${emptied.join(', ')}`);
  const count = (action: Correction['action']) => [...present.values()].filter((each) => each.action === action);
  return {
    ...dataset,
    files: files.sort((a, b) => a.label - b.label || byCodePoint(a.path, b.path)),
    notes: [...dataset.notes, ...notesOn(file, missing, outdated)],
    corrections: {
      file,
      sha256,
      relabeled: count('relabel').length,
      excluded: count('exclude').length,
      kept: count('keep').map(({path}) => path),
    },
  };
}

/** Which corrections are for pictures of the dataset as they are. */
function sortOut(dataset: Dataset, file: string, corrections: readonly Correction[]) {
  const byPath = new Map(dataset.files.map((picture) => [picture.path, picture]));
  const present = new Map<string, Correction>();
  const [missing, outdated]: [string[], string[]] = [[], []];
  for (const correction of corrections) {
    const {path, action, label, given, line} = correction;
    if (action === 'relabel' && !dataset.labels.includes(label!)) throw unknownLabel(dataset, file, line, label!);
    const picture = byPath.get(path);
    if (!picture) missing.push(path);
    else if (given !== undefined && ![given, label].includes(dataset.labels[picture.label])) outdated.push(path);
    else present.set(path, correction);
  }
  return {present, missing, outdated};
}

function notesOn(file: string, missing: readonly string[], outdated: readonly string[]): string[] {
  const notes: string[] = [];
  if (missing.length > 0) notes.push(`${file} names what is not there: ${named(missing)}`);
  if (outdated.length > 0)
    notes.push(`not corrected, since they have another label than when they were looked at: ${named(outdated)}`);
  return notes;
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED;
  return `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function noneApplies({root}: Dataset, file: string, paths: readonly string[]): RiceError {
  return new RiceError('CORRECTIONS_INVALID', `${file} corrects nothing in ${root}: it names ${named(paths)}`, {
    suggestions: ['Name the folder that the paths start from, or leave --corrections out.'],
  });
}

function unknownLabel({labels}: Dataset, file: string, line: number, label: string): RiceError {
  return correctionsInvalid(
    file,
    `line ${line}: "${label}" is no label of the pictures; they are ${labels.join(', ')}`,
  );
}
