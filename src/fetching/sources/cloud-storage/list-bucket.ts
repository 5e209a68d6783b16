import {RiceError} from '../../../common/errors.ts';
import type {RetryOptions} from '../../download/retry.ts';
import {type BucketAddress, objectAddress} from './address.ts';
import type {Bucket, BucketObject} from './bucket.ts';
import {retrying} from './retrying.ts';

/** An object below a prefix. */
export interface BucketEntry extends BucketObject {
  /** Relative to the prefix, with forward slashes. */
  path: string;
}

export interface BucketOptions extends Pick<RetryOptions, 'retries' | 'onNotice' | 'pause'> {
  signal: AbortSignal;
}

/** More than any dataset of pictures has. */
const MAX_OBJECTS = 1_000_000;

/** The number of nearby names in an error message. */
const MAX_NAMES = 5;

/**
 * Lists all objects below a prefix, sorted by name, without the empty ones that represent folders.
 *
 * @throws RiceError ACCESS_DENIED, DOWNLOAD_FAILED, ARCHIVE_UNSAFE if a name would lead out of a folder,
 *   ARCHIVE_TOO_LARGE above a million; the reason of the signal
 */
export async function listBucket(
  bucket: Bucket,
  address: BucketAddress,
  options: BucketOptions,
): Promise<BucketEntry[]> {
  const prefix = address.prefix === '' ? '' : `${address.prefix}/`;
  const entries: BucketEntry[] = [];
  let page: string | undefined;
  do {
    const query = {prefix, page};
    const {objects, next} = await retrying({name: address.name, ...options}, () =>
      bucket.listPage(query, options.signal),
    );
    for (const object of objects) {
      if (object.name.endsWith('/')) continue;
      const path = object.name.slice(prefix.length);
      refuseUnsafe(path, objectAddress(bucket.name, object.name));
      entries.push({...object, path});
    }
    if (entries.length > MAX_OBJECTS)
      throw new RiceError('ARCHIVE_TOO_LARGE', `${address.name} contains more than ${MAX_OBJECTS} objects`, {
        suggestions: ['Name the folder of the dataset: gs://bucket/folder'],
      });
    page = next;
  } while (page !== undefined);
  return entries;
}

/** Some existing addresses near a missing one, for messages; folders end with a slash. */
export async function listNeighbors(bucket: Bucket, address: BucketAddress, options: BucketOptions): Promise<string[]> {
  const prefix = address.prefix.slice(0, address.prefix.lastIndexOf('/') + 1);
  const {objects, folders} = await retrying({name: address.name, ...options}, () =>
    bucket.listPage({prefix, shallow: true}, options.signal),
  );
  const names = [...folders, ...objects.map(({name}) => name)].filter((name) => name !== prefix);
  return names.slice(0, MAX_NAMES).map((name) => objectAddress(bucket.name, name));
}

function refuseUnsafe(path: string, name: string): void {
  const isUnsafe = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for control characters
  if (!isUnsafe && !/[\\\x00-\x1f]/.test(path)) return;
  throw new RiceError('ARCHIVE_UNSAFE', `${JSON.stringify(name)} cannot become a file: its name is not a plain path`, {
    suggestions: ['Rename the object, or name another folder of the bucket.'],
  });
}
