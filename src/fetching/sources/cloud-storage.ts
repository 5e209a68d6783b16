/** A dataset in a Google Cloud Storage bucket: an archive, or a folder of pictures. */
import {RiceError} from '../../common/errors.ts';
import {hasImageExtension} from '../../dataset/folder-listing.ts';
import {type BucketAddress, objectAddress, parseBucketAddress} from './cloud-storage/address.ts';
import {Bucket} from './cloud-storage/bucket.ts';
import {BucketFile} from './cloud-storage/bucket-file.ts';
import {type BucketEntry, type BucketOptions, listBucket, listNeighbors} from './cloud-storage/list-bucket.ts';
import {retrying} from './cloud-storage/retrying.ts';

export type BucketContent =
  | {kind: 'archive'; file: BucketFile}
  | {kind: 'folder'; bucket: Bucket; entries: BucketEntry[]};

export interface OpenBucketOptions extends BucketOptions {
  /** Seconds to wait for an answer, and for each pause in it; 30 by default. */
  timeout?: number;
}

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz|tar\.xz)$/i;

/**
 * Opens the content at an address `gs://bucket/prefix`, with the credentials of Google's tools; public content needs none.
 *
 * @throws RiceError USAGE for an invalid address; ACCESS_DENIED; DOWNLOAD_FAILED if there is nothing, with existing
 *   addresses nearby; ARCHIVE_UNSUPPORTED for an object that is not an archive; the reason of the signal
 */
export async function openBucketAddress(
  text: string,
  {timeout = 30, ...options}: OpenBucketOptions,
): Promise<BucketContent> {
  const address = parseBucketAddress(text);
  const {signal} = options;
  const attempt = <T>(action: () => Promise<T>) => retrying({name: address.name, ...options}, action);
  const bucket = await attempt(() => Bucket.open(address.bucket, timeout, signal));
  const isObject = () => attempt(() => bucket.describe(address.prefix, signal)).then((object) => object !== undefined);
  if (ARCHIVE.test(address.prefix) && (await isObject()))
    return {kind: 'archive', file: new BucketFile(bucket, address.prefix)};
  const entries = await listBucket(bucket, address, options);
  if (entries.some(({path}) => hasImageExtension(path))) return {kind: 'folder', bucket, entries};
  if (entries.length > 0) throw noPictures(address, entries);
  if (address.prefix !== '' && (await isObject()))
    throw new RiceError('ARCHIVE_UNSUPPORTED', `${address.name} is an object, but not an archive by its name`);
  throw nothingThere(address, await listNeighbors(bucket, address, options));
}

function noPictures({bucket, name}: BucketAddress, entries: BucketEntry[]): RiceError {
  const archive = entries.find((entry) => ARCHIVE.test(entry.name));
  const names = entries.slice(0, 3).map(({path}) => path);
  return new RiceError('DOWNLOAD_FAILED', `${name} contains no pictures, but ${enumerate(names, entries.length)}`, {
    suggestions: archive
      ? [`Name the archive: ${objectAddress(bucket, archive.name)}`]
      : ['Name the folder with one folder of pictures per label.'],
  });
}

function nothingThere({bucket, prefix, name}: BucketAddress, neighbors: string[]): RiceError {
  if (prefix === '') return new RiceError('DOWNLOAD_FAILED', `the bucket ${bucket} is empty`);
  const reason = `there is nothing at ${name}: neither an archive nor a folder of pictures`;
  const suggestions = [
    neighbors.length > 0
      ? `There is: ${neighbors.join(', ')}`
      : `The bucket ${bucket} contains nothing similar; check the spelling.`,
  ];
  return new RiceError('DOWNLOAD_FAILED', reason, {suggestions});
}

function enumerate(names: string[], count: number): string {
  return count > names.length ? `${names.join(', ')} and ${count - names.length} more` : names.join(', ');
}
