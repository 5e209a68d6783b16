import type {Container} from '../unpack/container.ts';
import {safeEntryPath} from '../unpack/entry-name.ts';
import {parseBucketAddress} from './cloud-storage/address.ts';
import type {Bucket} from './cloud-storage/bucket.ts';
import type {BucketEntry} from './cloud-storage/list-bucket.ts';
import {readObjects} from './cloud-storage/read-objects.ts';
import {openBucketAddress} from './cloud-storage.ts';
import {openRemoteArchive} from './remote-archive.ts';
import type {OpenedSource, Source, SourceContext} from './source.ts';

/** A copy in Google Cloud Storage: an archive, or a folder of pictures. @throws RiceError USAGE */
export function bucketSource(address: string): Source {
  parseBucketAddress(address);
  return {
    name: address,
    title: address,
    address,
    access: "with Google's credentials of this machine, if any",
    available: true,
    open: (context) => openBucket(address, context),
  };
}

async function openBucket(address: string, context: SourceContext): Promise<OpenedSource> {
  const content = await openBucketAddress(address, context);
  if (content.kind === 'archive') return openRemoteArchive(content.file, address, context);
  const {bucket, entries} = content;
  return {container: bucketContainer(address, bucket, entries, context), address, close() {}};
}

function bucketContainer(name: string, bucket: Bucket, objects: BucketEntry[], context: SourceContext): Container {
  const indices = new Map(objects.map((object, index) => [object, index]));
  return {
    name,
    entries: objects.map(({path, bytes, md5, gzipped}) => ({
      path: safeEntryPath(name, path),
      bytes,
      // For a compressed object, it is the MD5 of the compressed bytes.
      md5: gzipped ? undefined : md5,
    })),
    async *contents(chosen, signal) {
      const selected = [...chosen].map((index) => objects[index]);
      const {retries, onNotice} = context;
      for await (const {entry, bytes} of readObjects(bucket, selected, {
        retries,
        onNotice,
        signal: signal ?? context.signal,
      }))
        yield {entry: indices.get(entry)!, content: {kind: 'bytes', bytes}};
    },
  };
}
