import {RiceError} from '../../../common/errors.ts';

export interface BucketAddress {
  bucket: string;
  /** The prefix of the object names, without a trailing slash; empty for the whole bucket. */
  prefix: string;
  /** The whole address, for people and records. */
  name: string;
}

const EXAMPLE = 'Examples: gs://bucket/folder/of/pictures, or gs://bucket/Rice_Image_Dataset.zip';

/** @throws RiceError USAGE if it is not the address of a bucket */
export function parseBucketAddress(address: string): BucketAddress {
  const refuse = (reason: string): never => {
    throw new RiceError('USAGE', `${JSON.stringify(address)} is not the address of a bucket: ${reason}`, {
      suggestions: [EXAMPLE],
    });
  };
  const match = /^gs:\/\/([^/]*)(?:\/(.*))?$/s.exec(address);
  if (!match) return refuse('it does not begin with gs://');
  const [, bucket, rest = ''] = match;
  if (bucket === '') return refuse('the name of the bucket is missing');
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket))
    return refuse(`a bucket cannot have the name ${JSON.stringify(bucket)}`);
  if (/[\r\n]/.test(rest)) return refuse('it contains a line break');
  if (/[*]/.test(rest)) return refuse('patterns are not supported; name the folder');
  const prefix = rest.replace(/\/+$/, '');
  return {bucket, prefix, name: objectAddress(bucket, prefix)};
}

export function objectAddress(bucket: string, object: string): string {
  return object === '' ? `gs://${bucket}` : `gs://${bucket}/${object}`;
}
