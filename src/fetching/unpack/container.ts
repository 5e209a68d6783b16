import type {Limits} from './limits.ts';

/** A file in an archive or a folder, before it is read. */
export interface ContainerEntry {
  /** As it is stored, with forward slashes. */
  path: string;
  /** Its size, as the container tells it. */
  bytes: number;
  /** Its MD5 in hexadecimal, where the container tells it. */
  md5?: string | undefined;
}

/** How a thread gets at the bytes of a file. */
export type Content =
  /** Compressed in the zip archive `archive`. */
  | {
      kind: 'zip';
      archive: string;
      /** Of the entry's local header in the archive. */
      offset: number;
      compressedBytes: number;
      deflated: boolean;
      crc32: number;
    }
  /** A file of its own. */
  | {kind: 'file'; file: string}
  /** Read already. */
  | {kind: 'bytes'; bytes: Uint8Array};

export interface ArchiveOptions {
  /** What messages call it; its path where left out. */
  name?: string | undefined;
  limits?: Limits | undefined;
  signal?: AbortSignal | undefined;
  /** Called where it has to be read to its end to know what it holds, with bytes. */
  onProgress?: ((progress: {done: number; total: number}) => void) | undefined;
}

/** Something that holds files: an archive, a folder, a bucket. */
export interface Container {
  /** For messages: the file or folder. */
  readonly name: string;
  /** All its files but links; what is refused is refused here. */
  readonly entries: readonly ContainerEntry[];
  /** What is there besides and is no file: links to nothing, pipes. */
  readonly skipped?: readonly string[];
  /**
   * The contents of the entries that are chosen, in whatever order is quickest.
   *
   * @param chosen indices of `entries`
   */
  contents(chosen: ReadonlySet<number>, signal?: AbortSignal): AsyncIterable<{entry: number; content: Content}>;
}
