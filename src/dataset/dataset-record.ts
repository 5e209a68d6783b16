import {readFileSync, realpathSync, rmSync, statSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {waitForLock} from '../common/files/lock-file.ts';

/** Where a dataset comes from, and what it was when it came. */
export interface DatasetRecord {
  /** What kind of source it was, for example `kaggle`. */
  source: string;
  /** Where the source is, without credentials; null where there is nothing to name. */
  address: string | null;
  /** When it came, as ISO 8601. */
  date: string;
  /** DVC's digest of the pictures, `<md5>.dir`. */
  digest: string;
  files: number;
  bytes: number;
  /** Pictures by label. */
  labels: Record<string, number>;
  /** Whether the digest is that of the published dataset, one that the user expected, or was held against nothing. */
  verified: 'published' | 'expected' | false;
  /** How pictures were chosen. */
  subset: {count: number; seed: number} | null;
  /** The labels that were chosen. */
  only: string[] | null;
  /** DVC's digest of the whole that they were chosen from; null where nothing was. */
  of: string | null;
  /** Pictures whose content is there already under another name. */
  duplicates: number;
  citation: string;
  licence: string;
  /** The version of rice that brought it. */
  rice: string;
}

interface RecordFile {
  format: 1;
  datasets: Record<string, unknown>;
}

/** Beside the datasets: within one, it would change the digest. */
const RECORD_FILE = 'dataset.json';

/** The record of a dataset folder; undefined where there is none that this version can read. */
export function readDatasetRecord(folder: string): DatasetRecord | undefined {
  const place = resolve(folder);
  return recordOf(place) ?? recordOf(realPath(place));
}

/**
 * Writes the record of a dataset folder into the `dataset.json` beside it; those of other folders stay, also when two
 * processes write at once.
 *
 * @throws RiceError PATH_NOT_WRITABLE, also where a `dataset.json` of someone else is there; DISK_FULL, PATH_NOT_FOUND;
 *   the signal's reason
 */
export async function writeDatasetRecord(folder: string, record: DatasetRecord, signal?: AbortSignal): Promise<void> {
  await change(folder, (datasets) => ({...datasets, [basename(resolve(folder))]: record}), signal);
}

/**
 * Says before the work begins that a record could not be written after it.
 *
 * @throws RiceError PATH_NOT_WRITABLE where a `dataset.json` of someone else is there
 */
export function checkDatasetRecord(folder: string): void {
  readOrRefuse(recordPath(folder));
}

/**
 * Removes the record of a dataset folder, if there is one, and the file with the last one.
 *
 * @throws RiceError as `writeDatasetRecord`
 */
export async function removeDatasetRecord(folder: string, signal?: AbortSignal): Promise<void> {
  const name = basename(resolve(folder));
  if (!Object.hasOwn(readRecords(recordPath(folder))?.datasets ?? {}, name)) return;
  await change(folder, ({[name]: _, ...others}) => others, signal);
}

function recordOf(place: string): DatasetRecord | undefined {
  const datasets = readRecords(recordPath(place))?.datasets ?? {};
  const name = basename(place);
  const record = Object.hasOwn(datasets, name) ? datasets[name] : undefined;
  return isRecord(record) ? record : undefined;
}

function recordPath(folder: string): string {
  return join(dirname(resolve(folder)), RECORD_FILE);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** What the file says; undefined where it is not there or not ours. */
function readRecords(path: string): RecordFile | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isObject(file) && file.format === 1 && isObject(file.datasets)) return file as unknown as RecordFile;
  } catch {
    // Not there, or not whole.
  }
  return undefined;
}

async function change(
  folder: string,
  edit: (datasets: RecordFile['datasets']) => RecordFile['datasets'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = recordPath(folder);
  const release = await waitForLock(`${path}.lock`, {signal});
  try {
    const datasets = edit(readOrRefuse(path));
    if (Object.keys(datasets).length === 0) rmSync(path, {force: true});
    else writeAtomically(path, `${JSON.stringify({format: 1, datasets} satisfies RecordFile, null, 2)}\n`);
  } finally {
    release();
  }
}

function readOrRefuse(path: string): RecordFile['datasets'] {
  const records = readRecords(path);
  if (records) return records.datasets;
  if (!statSync(path, {throwIfNoEntry: false})) return {};
  throw new RiceError('PATH_NOT_WRITABLE', `${path} is not a record of datasets that this version of rice knows`, {
    suggestions: ['Move it away, or put the dataset into another folder.'],
  });
}

function isRecord(value: unknown): value is DatasetRecord {
  if (!isObject(value)) return false;
  const {subset, only, labels} = value;
  return (
    ['source', 'date', 'digest', 'citation', 'licence', 'rice'].every((name) => typeof value[name] === 'string') &&
    ['files', 'bytes', 'duplicates'].every((name) => isCount(value[name])) &&
    (value.address === null || typeof value.address === 'string') &&
    isObject(labels) &&
    Object.values(labels).every(isCount) &&
    ['published', 'expected', false].includes(value.verified as string | boolean) &&
    (subset === null || (isObject(subset) && isCount(subset.count) && typeof subset.seed === 'number')) &&
    (value.of === null || typeof value.of === 'string') &&
    (only === null || (Array.isArray(only) && only.length > 0 && only.every((label) => typeof label === 'string')))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
