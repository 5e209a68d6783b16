import type {DownloadProgress} from '../download/download.ts';
import type {Container} from '../unpack/container.ts';
import type {Limits} from '../unpack/limits.ts';

/** The settings and callbacks of a source. */
export interface SourceContext {
  /** The folder for downloads until they are unpacked (see `cacheFolder`). */
  cacheDir: string;
  /** Retries after the first try, and the timeout of a connection in seconds. */
  retries: number;
  timeout: number;
  /** What an archive may hold. */
  limits: Limits;
  signal: AbortSignal;
  onDownload(progress: DownloadProgress): void;
  /** Called while the list of files in an archive is read, if that takes long. */
  onReading(progress: {done: number; total: number}): void;
  onNotice(message: string): void;
}

/** An opened source. */
export interface OpenedSource {
  container: Container;
  /** The origin of the files, without credentials: a URL or a path. */
  address: string;
  /**
   * Releases the download: removes it from the cache, or keeps it there for the next run.
   */
  close(fate: 'remove' | 'keep'): void;
}

/** A source of the dataset. */
export interface Source {
  /** The name for `--source`. */
  readonly name: string;
  /** The title for people. */
  readonly title: string;
  readonly address: string;
  /** The account that it uses, without secrets: `anonymous`, `with HF_TOKEN`. */
  readonly access: string;
  /** False for a local cache or path that does not exist. */
  readonly available: boolean;
  /**
   * Downloads the content, if necessary, and opens it.
   *
   * @throws RiceError DOWNLOAD_FAILED, ACCESS_DENIED, ARCHIVE_..., DISK_FULL, PATH_...; the reason of the signal
   */
  open(context: SourceContext): Promise<OpenedSource>;
}
