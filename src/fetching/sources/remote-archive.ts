import {RiceError} from '../../common/errors.ts';
import {downloadFile} from '../download/download.ts';
import type {RemoteFile} from '../download/remote-file.ts';
import {openContainer} from '../unpack/open-container.ts';
import type {OpenedSource, SourceContext} from './source.ts';

/**
 * Downloads an archive, or finds it in the cache, and opens it. An unusable archive is removed from the cache, so that the
 * next run downloads it again.
 *
 * @param key the cache key of the download
 */
export async function openRemoteArchive(file: RemoteFile, key: string, context: SourceContext): Promise<OpenedSource> {
  const {cacheDir, retries, limits, signal, onDownload, onReading, onNotice} = context;
  const limited = {largest: limits.bytes, onNotice, onProgress: onDownload};
  const download = await downloadFile(file, {key, cacheDir, retries, signal, ...limited});
  const close = (fate: 'remove' | 'keep') => download[fate]();
  try {
    const container = await openContainer(download.path, {signal, limits, name: file.name, onProgress: onReading});
    return {container, address: file.name, close};
  } catch (error) {
    close(error instanceof RiceError && error.code.startsWith('ARCHIVE_') ? 'remove' : 'keep');
    throw error;
  }
}
