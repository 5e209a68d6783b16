import {readFileSync, realpathSync, rmSync, statSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {waitForLock} from '../common/files/lock-file.ts';

/** The origin of a dataset, and its content when it was fetched. */
export interface DatasetRecord {
  /** The source, for example `kaggle`. */
  source: string;
  /** The address of the source, without credentials; null if it has none. */
  address: string | null;
  /** When it was fetched, in ISO 8601. */
  date: string;
  /** DVC's digest of the pictures, `<md5>.dir`. */
  digest: string;
  files: number;
  bytes: number;
  /** Number of pictures by label. */
  labels: Record<string, number>;
  /** Whether the digest was verified against the published dataset, against the user's expectation, or not at all. */
  verified: 'published' | 'expected' | false;
  /** The selection of pictures; null for all. */
  subset: {count: number; seed: number} | null;
  /** The selected labels; null for all. */
  only: string[] | null;
  /** DVC's digest of the whole dataset that the selection was made from; null without a selection. */
  of: string | null;
  /** Number of pictures that are copies of others. */
  duplicates: number;
  citation: string;
  licence: string;
  /** The version of rice that fetched it. */
  rice: string;
}

interface RecordFile {
  format: 1;
  datasets: Record<string, unknown>;
}

/** In the parent folder of the dataset, because inside it would change the digest. */
const RECORD_FILE = 'dataset.json';

/** The record of a dataset folder; undefined if there is none that this version can read. */
export function readDatasetRecord(folder: string): DatasetRecord | undefined {
  const place = resolve(folder);
  return recordOf(place) ?? recordOf(realPath(place));
}

/**
 * Writes the record of a dataset folder into the `dataset.json` beside it. Records of other folders are kept, even if two
 * processes write at once.
 *
 * @throws RiceError PATH_NOT_WRITABLE, also if a `dataset.json` of another program exists; DISK_FULL, PATH_NOT_FOUND;
 *   the reason of the signal
 */
export async function writeDatasetRecord(folder: string, record: DatasetRecord, signal?: AbortSignal): Promise<void> {
  await update(folder, (datasets) => ({...datasets, [basename(resolve(folder))]: record}), signal);
}

/**
 * Checks before the work begins that the record can be written afterwards.
 *
 * @throws RiceError PATH_NOT_WRITABLE if a `dataset.json` of another program exists
 */
export function checkDatasetRecord(folder: string): void {
  readOrThrow(recordPath(folder));
}

/**
 * Removes the record of a dataset folder, if it exists, and the file if it has no other records.
 *
 * @throws RiceError like `writeDatasetRecord`
 */
export async function removeDatasetRecord(folder: string, signal?: AbortSignal): Promise<void> {
  const name = basename(resolve(folder));
  if (!Object.hasOwn(readRecords(recordPath(folder))?.datasets ?? {}, name)) return;
  await update(folder, ({[name]: _, ...others}) => others, signal);
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

/** The content of the file; undefined if it does not exist or belongs to another program. */
function readRecords(path: string): RecordFile | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isObject(file) && file.format === 1 && isObject(file.datasets)) return file as unknown as RecordFile;
  } catch {
    // It does not exist, or is not valid JSON.
  }
  return undefined;
}

async function update(
  folder: string,
  edit: (datasets: RecordFile['datasets']) => RecordFile['datasets'],
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = recordPath(folder);
  const release = await waitForLock(`${path}.lock`, {signal});
  try {
    const datasets = edit(readOrThrow(path));
    if (Object.keys(datasets).length === 0) rmSync(path, {force: true});
    else writeAtomically(path, `${JSON.stringify({format: 1, datasets} satisfies RecordFile, null, 2)}\n`);
  } finally {
    release();
  }
}

function readOrThrow(path: string): RecordFile['datasets'] {
  const records = readRecords(path);
  if (records) return records.datasets;
  if (!statSync(path, {throwIfNoEntry: false})) return {};
  throw new RiceError('PATH_NOT_WRITABLE', `${path} is not a dataset record that this version of rice can read`, {
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
