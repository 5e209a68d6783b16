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

/** No dataset of pictures has as many. */
const MAX_OBJECTS = 1_000_000;

/** Names that are told of what is there instead. */
const NAMES = 5;

/**
 * All objects below a prefix, in the order of their names. The empty ones that stand for folders are left out.
 *
 * @throws RiceError ACCESS_DENIED, DOWNLOAD_FAILED, ARCHIVE_UNSAFE where a name would lead out of a folder,
 *   ARCHIVE_TOO_LARGE above a million; the signal's reason
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
      throw new RiceError('ARCHIVE_TOO_LARGE', `${address.name} holds more than ${MAX_OBJECTS} objects`, {
        suggestions: ['Name the folder of the dataset: gs://bucket/folder'],
      });
    page = next;
  } while (page !== undefined);
  return entries;
}

/** Some addresses that are there near one that is not, for messages; those of folders end in a slash. */
export async function listNeighbours(
  bucket: Bucket,
  address: BucketAddress,
  options: BucketOptions,
): Promise<string[]> {
  const prefix = address.prefix.slice(0, address.prefix.lastIndexOf('/') + 1);
  const {objects, folders} = await retrying({name: address.name, ...options}, () =>
    bucket.listPage({prefix, shallow: true}, options.signal),
  );
  const names = [...folders, ...objects.map(({name}) => name)].filter((name) => name !== prefix);
  return names.slice(0, NAMES).map((name) => objectAddress(bucket.name, name));
}

function refuseUnsafe(path: string, name: string): void {
  const isUnsafe = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!isUnsafe && !/[\\\x00-\x1f]/.test(path)) return;
  throw new RiceError('ARCHIVE_UNSAFE', `${JSON.stringify(name)} cannot become a file: its name is no plain path`, {
    suggestions: ['Rename the object, or name another folder of the bucket.'],
  });
}
