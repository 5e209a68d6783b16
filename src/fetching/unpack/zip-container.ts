import {isUtf8} from 'node:buffer';
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import yauzl, {type Entry, type ZipFile} from 'yauzl';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {ArchiveOptions, Container, ContainerEntry, Content} from './container.ts';
import {checkFolderName, rejectLink, safeEntryPath} from './entry-name.ts';
import {LOCAL_HEADER} from './extract.ts';
import {LimitCheck} from './limits.ts';
import {ReadAhead} from './read-ahead.ts';
import {unsupported} from './unsupported.ts';
import {zipEnd} from './zip-end.ts';

const STORED = 0;
const DEFLATED = 8;

/** The file type in the upper half of the attributes, as Unix systems write it. */
const KIND = 0o170000;
const REGULAR = 0o100000;
const LINK = 0o120000;
const FOLDER = 0o040000;

const UNIX = 3;

/** The signature of a directory entry. */
const DIRECTORY_SIGNATURE = 0x02014b50;

/**
 * Reads the directory of a zip archive; worker threads read the files later.
 *
 * @throws RiceError ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED (encrypted, or another compression),
 *   ARCHIVE_TOO_LARGE or PATH_...; the reason of the signal
 */
export async function openZip(
  archive: string,
  {name = archive, limits, signal}: ArchiveOptions = {},
): Promise<Container> {
  const check = new LimitCheck(name, limits);
  const entries: ContainerEntry[] = [];
  const contents: Content[] = [];
  for await (const entry of zipEntries(archive, name)) {
    signal?.throwIfAborted();
    const stored = nameOf(entry);
    if (stored.endsWith('/')) {
      checkFolderName(name, stored);
      continue;
    }
    const path = safeEntryPath(name, stored);
    rejectNonFiles(name, stored, entry);
    // A thread has both in memory.
    check.add(path, Math.max(entry.compressedSize, entry.uncompressedSize));
    entries.push({path, bytes: entry.uncompressedSize});
    contents.push(contentOf(archive, name, stored, entry));
  }
  return {
    name,
    entries,
    async *contents(chosen) {
      for (const entry of chosen) yield {entry, content: contents[entry]};
    },
  };
}

async function* zipEntries(archive: string, name: string): AsyncIterable<Entry> {
  let file: number | undefined;
  try {
    file = openSync(archive, 'r');
    const size = zipEnd(file, fstatSync(file).size);
    const reader = new ReadAhead(file);
    const ranges: Range[] = [];
    const zip = await yauzl.fromRandomAccessReaderPromise(reader, size, {autoClose: false, decodeStrings: false});
    for (const entry of readDirectory(zip)) {
      if (entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + entry.compressedSize > size)
        throw new Error(`it ends before the end of ${JSON.stringify(nameOf(entry))}`);
      ranges.push(rangeOf(entry));
      yield entry;
    }
    refuseOverlaps(name, ranges);
    if (isDirectoryEntry(file, reader.end)) throw new Error('it contains more files than it states');
  } catch (error) {
    throw error instanceof RiceError ? error : directoryError(name, error as Error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The bytes of an entry in the archive, as far as the directory tells. */
interface Range {
  start: number;
  end: number;
  entry: Entry;
}

function rangeOf(entry: Entry): Range {
  const start = entry.relativeOffsetOfLocalHeader;
  return {start, end: start + LOCAL_HEADER + entry.fileNameLength + entry.compressedSize, entry};
}

/**
 * Rejects entries that share bytes: that is how 248 kB became 19.9 GB.
 *
 * @throws RiceError ARCHIVE_UNSAFE
 */
function refuseOverlaps(name: string, ranges: Range[]): void {
  ranges.sort((a, b) => a.start - b.start);
  const second = ranges.findIndex(({start}, i) => i > 0 && start < ranges[i - 1].end);
  if (second < 0) return;
  const [before, after] = [ranges[second - 1], ranges[second]].map(({entry}) => JSON.stringify(nameOf(entry)));
  throw new RiceError('ARCHIVE_UNSAFE', `${name} has ${before} and ${after} in the same bytes`);
}

/** The entries of a directory. Synchronous, because the reader answers at once and promises would take longer than reading. */
function* readDirectory(zip: ZipFile): Generator<Entry> {
  let [entry, failure]: [Entry | undefined, unknown] = [undefined, undefined];
  zip.on('entry', (next: Entry) => {
    entry = next;
  });
  zip.on('error', (error: unknown) => {
    failure = error;
  });
  for (let count = 0; count < zip.entryCount; count++) {
    entry = undefined;
    zip.readEntry();
    if (failure !== undefined) throw failure;
    if (!entry) throw new Error('its directory ends early');
    yield entry;
  }
}

/** Many programs write UTF-8 without the UTF-8 flag; names in another encoding are hardly ever valid UTF-8. */
function nameOf({fileNameRaw, generalPurposeBitFlag, extraFields}: Entry): string {
  if (isUtf8(fileNameRaw)) return fileNameRaw.toString().replaceAll('\\', '/');
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function isDirectoryEntry(file: number, position: number): boolean {
  const signature = Buffer.alloc(4);
  readSync(file, signature, 0, signature.length, position);
  return signature.readUInt32LE() === DIRECTORY_SIGNATURE;
}

/** The error for a directory that cannot be read. */
function directoryError(name: string, error: Error): RiceError {
  if ('syscall' in error) return fromFileSystemError(error, name, 'read');
  if (/^(strong encryption|multi-disk)/.test(error.message)) return unsupported(name, error.message, error);
  return new RiceError('ARCHIVE_DAMAGED', `${name} is not a complete zip archive: ${error.message}`, {cause: error});
}

function rejectNonFiles(name: string, stored: string, entry: Entry): void {
  if (entry.isEncrypted()) throw unsupported(name, `${stored} is encrypted`);
  if (entry.versionMadeBy >> 8 !== UNIX) return;
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  if (kind === LINK) rejectLink(name, stored);
  if (kind !== REGULAR && kind !== FOLDER && kind !== 0) rejectLink(name, stored, 'not a regular file');
}

function contentOf(archive: string, name: string, stored: string, entry: Entry): Content {
  const {compressionMethod, relativeOffsetOfLocalHeader, compressedSize, crc32} = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw unsupported(name, `${stored} is compressed with method ${compressionMethod}`);
  return {
    kind: 'zip',
    archive,
    offset: relativeOffsetOfLocalHeader,
    compressedBytes: compressedSize,
    deflated: compressionMethod === DEFLATED,
    crc32,
  };
}
