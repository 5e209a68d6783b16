import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';

/** A run with a model, and how accurate its best epoch was on the validation pictures. */
interface FinishedRun {
  folder: string;
  accuracy: number;
  loss: number;
  /** Milliseconds since 1970 at which its model was written. */
  written: number;
  /** What it was validated with: runs with the same were validated with the same pictures. */
  pictures: string;
}

export interface BestRun {
  folder: string;
  accuracy: number;
  /** Another run that is as accurate, and what was chosen by. */
  tie?: {folder: string; by: 'the lower validation loss' | 'the newer one'};
  /** Whether all runs were validated with the same pictures, so that they can be compared. */
  comparable: boolean;
}

/**
 * The finished run in a folder that is most accurate in validation; of equally accurate ones that with the lower validation
 * loss in that epoch, then the newest. By the test nothing is chosen: it would no longer say how good the chosen one is.
 * Runs that cannot be read are passed over.
 *
 * @param modelFile the name of the model in the folder of a run
 */
export function bestRun(runs: string, modelFile: string): BestRun | undefined {
  const finished = foldersIn(runs).flatMap((folder) => finishedRun(folder, modelFile) ?? []);
  const [best, second] = finished.sort(
    (a, b) => b.accuracy - a.accuracy || a.loss - b.loss || b.written - a.written || byCodePoint(a.folder, b.folder),
  );
  if (!best) return undefined;
  const by = best.loss === second?.loss ? 'the newer one' : 'the lower validation loss';
  return {
    folder: best.folder,
    accuracy: best.accuracy,
    ...(best.accuracy === second?.accuracy ? {tie: {folder: second.folder, by}} : {}),
    comparable: finished.every(({pictures}) => pictures === best.pictures),
  };
}

interface Epoch {
  validationAccuracy: number;
  validationLoss: number;
}

function finishedRun(folder: string, modelFile: string): FinishedRun | undefined {
  const written = timeOf(join(folder, modelFile));
  const epochs = read<{epochs?: Epoch[]}>(join(folder, 'metrics.json'))?.epochs;
  if (written === undefined || !Array.isArray(epochs) || epochs.length === 0) return undefined;
  // One that goes on after its end has a model of before.
  const state = read<{state?: string}>(join(folder, 'status.json'))?.state ?? 'finished';
  if (state !== 'finished') return undefined;
  const accuracy = Math.max(...epochs.map((epoch) => epoch.validationAccuracy));
  if (!Number.isFinite(accuracy)) return undefined;
  const best = epochs.filter((epoch) => epoch.validationAccuracy === accuracy);
  const {dataset} = read<{dataset?: {digest?: string; split?: {images?: object}}}>(join(folder, 'run.json')) ?? {};
  const {images: _, ...split} = dataset?.split ?? {};
  const loss = Math.min(...best.map((epoch) => epoch.validationLoss));
  return {folder, accuracy, loss, written, pictures: JSON.stringify([dataset?.digest, split])};
}

function foldersIn(runs: string): string[] {
  try {
    return readdirSync(runs).map((name) => join(runs, name));
  } catch {
    return [];
  }
}

/** Undefined also where it is below a file. */
function timeOf(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function read<Document>(path: string): Document | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Document | null) ?? undefined;
  } catch {
    return undefined;
  }
}
