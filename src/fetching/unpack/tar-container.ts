import {statSync} from 'node:fs';
import type {ReadEntry} from 'tar';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {ArchiveOptions, Container, ContainerEntry} from './container.ts';
import {checkFolderName, refuseLink, safeEntryPath} from './entry-name.ts';
import {LIMITS, LimitCheck, type Limits} from './limits.ts';
import {openTarStream, type TarCompression, UnsupportedCompression} from './tar-stream.ts';
import {unsupported} from './unsupported.ts';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
const FOLDERS = new Set(['Directory', 'GNUDumpDir']);
const LINKS = new Set(['Link', 'SymbolicLink']);
/** What the parser leaves out of itself, and may. */
const NOTES = new Set(['TapeVolumeHeader', 'SolarisACL']);

/** Unpacked bytes of an archive beside those of its files: headers, padding, what systems note on each file. */
const BYTES_A_FILE = 1 << 16;
const BYTES_AT_ALL = 1 << 24;

/** How what is compressed by gzip begins, and no tar archive does. */
const GZIP = Buffer.of(0x1f, 0x8b);

/** A file of a tar archive; without bytes where nobody wants them. */
interface TarFile extends ContainerEntry {
  content: Buffer | undefined;
}

/**
 * Reads through a tar archive for what it holds. It is read a second time for the contents: only then is known which are
 * wanted, and whether there is room for them.
 *
 * @throws RiceError ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED, ARCHIVE_TOO_LARGE or PATH_...; the signal's
 *   reason
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
      const wanted = (index: number) => chosen.has(index);
      for await (const {content} of tarFiles(archive, compression, wanted, {
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
 * The regular files of an archive, in its order.
 *
 * @param wanted whether the bytes of the file of this number are
 */
async function* tarFiles(
  archive: string,
  compression: TarCompression,
  wanted: (index: number) => boolean,
  {name = archive, limits = LIMITS, signal, onProgress}: ArchiveOptions,
): AsyncIterable<TarFile> {
  const reader = new TarReader(name, wanted, limits);
  const {Parser} = await import('tar');
  const parser = new Parser({strict: true, zstd: false, onReadEntry: (entry) => reader.entry(entry)});
  parser.on('ignoredEntry', (entry) => reader.entry(entry));
  parser.on('error', (error) => reader.fail(error));
  // Two blocks of zeros, of which some programs write one.
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
      reader.look(chunk);
      // Whatever comes behind the end it would keep.
      if (!end.complete) parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      yield* reader.taken();
    }
    parser.end();
    yield* reader.taken();
    if (!end.begun) throw new Error('its end is missing');
  } catch (error) {
    signal?.throwIfAborted();
    throw damaged(name, error);
  }
}

/** Takes the entries that the parser finds, until one is refused. */
class TarReader {
  readonly #archive: string;
  readonly #wanted: (index: number) => boolean;
  readonly #check: LimitCheck;
  #begin = Buffer.alloc(0);
  #ready: TarFile[] = [];
  #files = 0;
  /** Unpacked bytes that belong to no file. */
  #besides = 0;
  #failure: unknown;

  constructor(archive: string, wanted: (index: number) => boolean, limits: Limits) {
    this.#archive = archive;
    this.#wanted = wanted;
    this.#check = new LimitCheck(archive, limits);
  }

  /** The files that are complete since the last call. @throws what was refused */
  taken(): TarFile[] {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ready.splice(0);
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /**
   * Looks at unpacked bytes before the parser does. It would unpack an archive that is compressed twice, uncounted; and
   * nothing but headers and padding is a bomb as well.
   */
  look(bytes: Uint8Array): void {
    if (this.#begin.length < GZIP.length) this.#begin = Buffer.concat([this.#begin, bytes.subarray(0, GZIP.length)]);
    if (this.#begin.subarray(0, GZIP.length).equals(GZIP))
      throw unsupported(this.#archive, 'it is compressed more than once');
    this.#besides += bytes.length;
    const most = BYTES_AT_ALL + this.#files * BYTES_A_FILE;
    if (this.#besides > most) this.#check.refuse(`more than ${Math.floor(most / 1e6)} MB besides its files`);
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
    if (FOLDERS.has(type) || NOTES.has(type)) return;
    if (!FILES.has(type)) refuseLink(this.#archive, stored, LINKS.has(type) ? 'a link' : 'no regular file');
    const path = safeEntryPath(this.#archive, stored);
    this.#check.add(path, size);
    this.#besides -= size;
    const chunks: Buffer[] | undefined = this.#wanted(this.#files++) ? [] : undefined;
    if (chunks) entry.on('data', (chunk) => chunks.push(chunk));
    entry.on('end', () => this.#ready.push({path, bytes: size, content: chunks && Buffer.concat(chunks)}));
  }
}

function damaged(name: string, error: unknown): unknown {
  if (error instanceof RiceError) return error;
  if ('syscall' in (error as Error)) return fromFileSystemError(error, name, 'read');
  const {message} = error as Error;
  if (error instanceof UnsupportedCompression) return unsupported(name, message, error);
  return new RiceError('ARCHIVE_DAMAGED', `${name} cannot be unpacked to its end: ${message}`, {cause: error});
}
