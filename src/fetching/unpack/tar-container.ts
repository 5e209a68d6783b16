import {statSync} from 'node:fs';
import type {ReadEntry} from 'tar';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {ArchiveOptions, Container, ContainerEntry} from './container.ts';
import {checkFolderName, rejectLink, safeEntryPath} from './entry-name.ts';
import {LIMITS, LimitCheck, type Limits} from './limits.ts';
import {openTarStream, type TarCompression, UnsupportedCompression} from './tar-stream.ts';
import {unsupported} from './unsupported.ts';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
const FOLDERS = new Set(['Directory', 'GNUDumpDir']);
const LINKS = new Set(['Link', 'SymbolicLink']);
/** Metadata entries that the parser may ignore. */
const METADATA = new Set(['TapeVolumeHeader', 'SolarisACL']);

/** Limits of the overhead (headers, padding, extended attributes): bytes per file, and bytes in any case. */
const OVERHEAD_PER_FILE = 1 << 16;
const BASE_OVERHEAD = 1 << 24;

/** The magic bytes of gzip. */
const GZIP = Buffer.of(0x1f, 0x8b);

/** A file of a tar archive; without content if it is not selected. */
interface TarFile extends ContainerEntry {
  content: Buffer | undefined;
}

/**
 * Reads a tar archive to list its files. It is read a second time for the contents, when the selection is known and the
 * disk space is checked.
 *
 * @throws RiceError ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED, ARCHIVE_TOO_LARGE or PATH_...; the reason of the
 *   signal
 */
export async function openTar(
  archive: string,
  compression: TarCompression,
  options: ArchiveOptions = {},
): Promise<Container> {
  const entries: ContainerEntry[] = [];
  for await (const {path, bytes} of tarFiles(archive, compression, () => false, options)) entries.push({path, bytes});
  return {
    name: options.name ?? archive,
    entries,
    async *contents(chosen, signal) {
      let entry = 0;
      const isSelected = (index: number) => chosen.has(index);
      for await (const {content} of tarFiles(archive, compression, isSelected, {
        ...options,
        signal,
        onProgress: undefined,
      })) {
        if (content) yield {entry, content: {kind: 'bytes', bytes: content}};
        entry += 1;
      }
    },
  };
}

/**
 * The regular files of an archive, in order.
 *
 * @param isSelected whether to read the content of the file with this number
 */
async function* tarFiles(
  archive: string,
  compression: TarCompression,
  isSelected: (index: number) => boolean,
  {name = archive, limits = LIMITS, signal, onProgress}: ArchiveOptions,
): AsyncIterable<TarFile> {
  const reader = new TarReader(name, isSelected, limits);
  const {Parser} = await import('tar');
  const parser = new Parser({strict: true, zstd: false, onReadEntry: (entry) => reader.entry(entry)});
  parser.on('ignoredEntry', (entry) => reader.entry(entry));
  parser.on('error', (error) => reader.fail(error));
  // The end is two blocks of zeros, but some programs write only one.
  const end = {begun: false, complete: false};
  parser.on('nullBlock', () => {
    end.begun = true;
  });
  parser.on('eof', () => {
    end.complete = true;
  });
  try {
    const total = statSync(archive).size;
    const stream = openTarStream(archive, compression);
    for await (const chunk of stream.chunks) {
      signal?.throwIfAborted();
      onProgress?.({done: stream.bytesRead(), total});
      reader.check(chunk);
      // The parser would buffer everything after the end.
      if (!end.complete) parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      yield* reader.takeFiles();
    }
    parser.end();
    yield* reader.takeFiles();
    if (!end.begun) throw new Error('its end is missing');
  } catch (error) {
    signal?.throwIfAborted();
    throw damaged(name, error);
  }
}

/** Collects the entries of the parser, until one is rejected. */
class TarReader {
  readonly #archive: string;
  readonly #isSelected: (index: number) => boolean;
  readonly #check: LimitCheck;
  #begin = Buffer.alloc(0);
  #ready: TarFile[] = [];
  #files = 0;
  /** Unpacked bytes that do not belong to a file. */
  #overhead = 0;
  #failure: unknown;

  constructor(archive: string, isSelected: (index: number) => boolean, limits: Limits) {
    this.#archive = archive;
    this.#isSelected = isSelected;
    this.#check = new LimitCheck(archive, limits);
  }

  /** The files that were completed since the last call. @throws the error of a rejected entry */
  takeFiles(): TarFile[] {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ready.splice(0);
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /**
   * Checks unpacked bytes before the parser does. The parser would decompress a twice-compressed archive without limits, and
   * an archive of only headers and padding may be a bomb, too.
   */
  check(bytes: Uint8Array): void {
    if (this.#begin.length < GZIP.length) this.#begin = Buffer.concat([this.#begin, bytes.subarray(0, GZIP.length)]);
    if (this.#begin.subarray(0, GZIP.length).equals(GZIP))
      throw unsupported(this.#archive, 'it is compressed more than once');
    this.#overhead += bytes.length;
    const limit = BASE_OVERHEAD + this.#files * OVERHEAD_PER_FILE;
    if (this.#overhead > limit) this.#check.refuse(`more than ${Math.floor(limit / 1e6)} MB besides its files`);
  }

  entry(entry: ReadEntry): void {
    try {
      this.#take(entry);
    } catch (error) {
      this.fail(error);
    }
    entry.resume();
  }

  #take(entry: ReadEntry): void {
    const {path: stored, type, size} = entry;
    if (FOLDERS.has(type)) checkFolderName(this.#archive, stored);
    if (FOLDERS.has(type) || METADATA.has(type)) return;
    if (!FILES.has(type)) rejectLink(this.#archive, stored, LINKS.has(type) ? 'a link' : 'not a regular file');
    const path = safeEntryPath(this.#archive, stored);
    this.#check.add(path, size);
    this.#overhead -= size;
    const chunks: Buffer[] | undefined = this.#isSelected(this.#files++) ? [] : undefined;
    if (chunks) entry.on('data', (chunk) => chunks.push(chunk));
    entry.on('end', () => this.#ready.push({path, bytes: size, content: chunks && Buffer.concat(chunks)}));
  }
}

function damaged(name: string, error: unknown): unknown {
  if (error instanceof RiceError) return error;
  if ('syscall' in (error as Error)) return fromFileSystemError(error, name, 'read');
  const {message} = error as Error;
  if (error instanceof UnsupportedCompression) return unsupported(name, message, error);
  return new RiceError('ARCHIVE_DAMAGED', `${name} cannot be unpacked completely: ${message}`, {cause: error});
}
