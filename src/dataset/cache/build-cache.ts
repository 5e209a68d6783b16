import {hash} from 'node:crypto';
import {existsSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {FileWriter} from '../../common/files/file-writer.ts';
import {makeTemporaryFolder, removeAbandonedFolders, temporaryName} from '../../common/files/temporary-folder.ts';
import type {Flaw} from '../../image/flaws/flaw.ts';
import {type FrameOptions, PREPARATION_VERSION, type WindowSize} from '../../image/prepare.ts';
import type {Dataset} from '../dataset.ts';
import {directoryDigest, type FileHash} from '../digest.ts';
import {CACHE_FORMAT, PATCHES_FILE, type WithoutSingleGrain, writeIndex} from './cache-index.ts';
import {type PrepareOptions, type PrepareProgress, preparePatches} from './prepare-patches.ts';
import {openPreparedCache, type PreparedCache} from './prepared-cache.ts';

const OTHER_CACHE = 'Name another folder for the cache with RICE_CACHE_DIR.';

export interface BuildCacheOptions extends FrameOptions {
  dataset: Dataset;
  /** One for each file of the dataset (see `hashDataset`). */
  hashes: readonly FileHash[];
  size: WindowSize;
  /** See `cacheFolder`. */
  cacheDir: string;
  /** Worker threads; one per core by default. */
  threads?: number;
  onProgress?: (progress: PrepareProgress) => void;
  signal?: AbortSignal;
}

/**
 * Opens the cache of prepared images of a dataset for one window size, or builds it (about 30 kB per image). A new cache is
 * written to a temporary folder and renamed when complete, so an interrupted build leaves no incomplete cache, and two
 * concurrent builds end with the same one. Its bytes do not depend on the number of threads. An existing cache is read once,
 * and rebuilt if a byte of it was changed.
 *
 * @throws RiceError NO_IMAGES if no image can be prepared; DISK_FULL, PATH_NOT_WRITABLE; the reason of the signal
 */
export async function buildPreparedCache(options: BuildCacheOptions): Promise<PreparedCache> {
  const {dataset, hashes, size, wholeFrame = false, cacheDir, signal} = options;
  const digest = directoryDigest(dataset.files.map(({path}, i) => ({path, md5: hashes[i].md5})));
  const key = cacheKey(digest, size, dataset, wholeFrame);
  const folder = join(cacheDir, `prepared-${key}`);
  const existing = await openIfUnchanged(folder, signal);
  if (existing) return existing;
  const temporary = prepareCacheDir(cacheDir, folder);
  try {
    await writeCache(temporary, key, digest, options);
    signal?.throwIfAborted();
    return publish(temporary, folder);
  } finally {
    rmSync(temporary, {recursive: true, force: true});
  }
}

/** 16 hexadecimal digits for all that decides what is in the cache. */
function cacheKey(
  digest: string,
  {width, height, magnification = 1}: WindowSize,
  {labels, files, labelsFrom, corrections}: Dataset,
  wholeFrame: boolean,
): string {
  const decides: unknown[] = [
    CACHE_FORMAT,
    PREPARATION_VERSION,
    digest,
    width,
    height,
    'grains counted, pictures kept',
  ];
  if (wholeFrame) decides.push('whole pictures');
  if (magnification !== 1) decides.push({magnification});
  // Elsewhere labels follow from the paths, which the digest is of.
  if (labelsFrom !== undefined || (corrections?.relabeled ?? 0) > 0)
    decides.push(
      labels,
      files.map(({label}) => label),
    );
  return hash('sha256', JSON.stringify(decides)).slice(0, 16);
}

/**
 * Opens an existing cache after checking all of it: a training would only notice damage at the picture that is damaged.
 * A damaged cache is removed.
 */
async function openIfUnchanged(folder: string, signal: AbortSignal | undefined): Promise<PreparedCache | undefined> {
  const existing = openIfValid(folder);
  try {
    await existing?.check(signal);
    return existing;
  } catch (error) {
    existing?.close();
    if (!(error instanceof RiceError) || error.code !== 'CACHE_DAMAGED') throw error;
    removeDamaged(folder);
    return undefined;
  }
}

function openIfValid(folder: string): PreparedCache | undefined {
  if (!existsSync(folder)) return undefined;
  try {
    return openPreparedCache(folder);
  } catch {
    return undefined;
  }
}

function prepareCacheDir(cacheDir: string, folder: string): string {
  try {
    mkdirSync(cacheDir, {recursive: true});
    removeAbandonedFolders(folder);
    return makeTemporaryFolder(folder);
  } catch (error) {
    const {code, message} = fromFileSystemError(error, cacheDir, 'write');
    throw new RiceError(code, message, {suggestions: [OTHER_CACHE], cause: error});
  }
}

async function writeCache(folder: string, key: string, digest: string, options: BuildCacheOptions): Promise<void> {
  const {dataset, hashes, size} = options;
  const writer = new FileWriter(join(folder, PATCHES_FILE));
  try {
    const {records, errors} = await preparePatches(options satisfies PrepareOptions, writer);
    if (records.length === 0) throw noneUsable(dataset, errors[0]?.message);
    writer.flush();
    const header = {
      format: CACHE_FORMAT,
      key,
      digest,
      width: size.width,
      height: size.height,
      labels: dataset.labels,
      paths: records.map(({file}) => dataset.files[file].path),
      errors,
      ...(options.wholeFrame ? {} : {withoutSingleGrain: countWithoutSingleGrain(dataset, records)}),
      closelyCut: records.filter(({closelyCut}) => closelyCut).length,
      flaws: countFlaws(records),
    };
    const rows = records.map(({file, grains: _, closelyCut: __, flaws: ___, ...record}) => ({
      ...record,
      label: dataset.files[file].label,
      sha256: hashes[file].sha256,
    }));
    writeIndex(folder, header, rows);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? fromFileSystemError(error, folder, 'write') : error;
  } finally {
    writer.close();
  }
}

function countFlaws(records: readonly {flaws: readonly Flaw[]}[]): Partial<Record<Flaw, number>> {
  const counts: Partial<Record<Flaw, number>> = {};
  for (const {flaws} of records) for (const flaw of flaws) counts[flaw] = (counts[flaw] ?? 0) + 1;
  return counts;
}

function countWithoutSingleGrain(
  {labels, files}: Dataset,
  records: readonly {file: number; grains: number}[],
): WithoutSingleGrain[] {
  const counts: WithoutSingleGrain[] = labels.map(() => ({images: 0, none: 0, several: 0}));
  for (const {file, grains} of records) {
    const {label, path} = files[file];
    const count = counts[label];
    count.images++;
    if (grains === 1) continue;
    if (grains === 0) count.none++;
    else count.several++;
    count.example ??= path;
  }
  return counts;
}

/** Renames a complete cache to its final folder, unless another process was first: then that cache is used. */
function publish(temporary: string, folder: string): PreparedCache {
  for (let attempt = 1; ; attempt++) {
    try {
      renameSync(temporary, folder);
      return openPreparedCache(folder);
    } catch (error) {
      const other = openIfValid(folder);
      if (other) return other;
      if (attempt === 3) throw fromFileSystemError(error, folder, 'write');
      removeDamaged(folder);
    }
  }
}

/** Renames the folder before it is removed, because another process may be doing the same. */
function removeDamaged(folder: string): void {
  const renamed = temporaryName(folder);
  try {
    renameSync(folder, renamed);
    rmSync(renamed, {recursive: true, force: true});
  } catch {
    // Already removed, or in use on a system that locks open files: the next attempt shows which.
  }
}

function noneUsable({root}: Dataset, reason = 'there are none'): RiceError {
  return new RiceError('NO_IMAGES', `none of the pictures in ${root} can be used: ${reason}`, {
    suggestions: ['Check the first one; the others probably have the same problem.'],
  });
}
