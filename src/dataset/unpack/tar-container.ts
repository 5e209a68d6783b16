import type {ReadEntry} from 'tar';
import {RiceError} from '../../errors.ts';
import type {ArchiveOptions, Container, ContainerEntry} from './container.ts';
import {refuseLink, safeEntryPath} from './entry-name.ts';
import {LIMITS, LimitCheck, type Limits} from './limits.ts';
import {openTarStream, type TarCompression} from './tar-stream.ts';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
const FOLDERS = new Set(['Directory', 'GNUDumpDir']);

/** Unpacked bytes of an archive beside those of its files: headers, padding, the end. */
const BYTES_A_FILE = 4096;

/** A file of a tar archive; without bytes where nobody wants them. */
interface TarFile extends ContainerEntry {
  content: Buffer | undefined;
}

/**
 * Reads through a tar archive for what it holds. It is read a second time for the contents: only then is known which are
 * wanted, and whether there is room for them.
 *
 * @throws RiceError ARCHIVE_DAMAGED, ARCHIVE_UNSAFE or ARCHIVE_TOO_LARGE; the signal's reason
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
      for await (const {content} of tarFiles(archive, compression, wanted, {...options, signal})) {
        if (content) yield {entry, content: {kind: 'bytes', bytes: content}};
        entry += 1;
      }
    },
    close() {},
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
  {name = archive, limits = LIMITS, signal}: ArchiveOptions,
): AsyncIterable<TarFile> {
  const reader = new TarReader(name, wanted, limits);
  const {Parser} = await import('tar');
  const parser = new Parser({strict: true, onReadEntry: (entry) => reader.entry(entry)});
  parser.on('error', (error) => reader.fail(error));
  try {
    for await (const chunk of await openTarStream(archive, compression)) {
      signal?.throwIfAborted();
      reader.count(chunk.length);
      parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      yield* reader.taken();
    }
    parser.end();
    yield* reader.taken();
  } catch (error) {
    signal?.throwIfAborted();
    throw damaged(name, error);
  }
}

/** Takes the entries that the parser finds, until one is refused. */
class TarReader {
  readonly #archive: string;
  readonly #wanted: (index: number) => boolean;
  readonly #limits: Limits;
  readonly #check: LimitCheck;
  #ready: TarFile[] = [];
  #files = 0;
  #unpacked = 0;
  #failure: unknown;

  constructor(archive: string, wanted: (index: number) => boolean, limits: Limits) {
    this.#archive = archive;
    this.#wanted = wanted;
    this.#limits = limits;
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

  /** Whatever the archive holds: nothing but padding is a bomb as well. */
  count(bytes: number): void {
    this.#unpacked += bytes;
    const {files, bytes: most} = this.#limits;
    if (this.#unpacked > most + files * BYTES_A_FILE) this.#check.add('the unpacked archive', Number.POSITIVE_INFINITY);
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
    if (FOLDERS.has(type)) {
      if (stored !== './') safeEntryPath(this.#archive, stored.replace(/\/+$/, ''));
      return;
    }
    if (!FILES.has(type)) refuseLink(this.#archive, stored, /Link/.test(type) ? 'a link' : 'no regular file');
    const path = safeEntryPath(this.#archive, stored);
    this.#check.add(path, size);
    const chunks: Buffer[] | undefined = this.#wanted(this.#files++) ? [] : undefined;
    if (chunks) entry.on('data', (chunk) => chunks.push(chunk));
    entry.on('end', () => this.#ready.push({path, bytes: size, content: chunks && Buffer.concat(chunks)}));
  }
}

function damaged(name: string, error: unknown): unknown {
  if (error instanceof RiceError) return error;
  const {message} = error as Error;
  return new RiceError('ARCHIVE_DAMAGED', `${name} cannot be unpacked to its end: ${message}`, {cause: error});
}
