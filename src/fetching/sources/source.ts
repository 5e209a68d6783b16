import type {DownloadProgress} from '../download/download.ts';
import type {Container} from '../unpack/container.ts';

/** What a source needs to know, and whom it tells. */
export interface SourceContext {
  /** Where downloads are kept until they are unpacked (see `cacheFolder`). */
  cacheDir: string;
  /** Tries after the first one, and seconds of silence that end one. */
  retries: number;
  timeout: number;
  signal: AbortSignal;
  onDownload(progress: DownloadProgress): void;
  /** While an archive is read for what it holds, where that takes long. */
  onReading(progress: {done: number; total: number}): void;
  onNotice(message: string): void;
}

/** A source that could be reached. */
export interface OpenedSource {
  container: Container;
  /** Where the files come from, without credentials: an address or a path. */
  address: string;
  /**
   * Gives up what was fetched: removes it from the cache, or leaves it there for another time.
   */
  close(fate: 'remove' | 'keep'): void;
}

/** Somewhere that the dataset can be had. */
export interface Source {
  /** What `--source` calls it. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly address: string;
  /** As whom it is asked, without any secret: `anonymous`, `with HF_TOKEN`. */
  readonly access: string;
  /** Whether it is worth asking at all: a cache that is not there is not. */
  readonly available: boolean;
  /**
   * Fetches what has to be fetched.
   *
   * @throws RiceError DOWNLOAD_FAILED, ACCESS_DENIED, ARCHIVE_..., DISK_FULL, PATH_...; the signal's reason
   */
  open(context: SourceContext): Promise<OpenedSource>;
}
