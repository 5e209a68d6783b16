import {closeSync, fstatSync, openSync} from 'node:fs';
import yauzl, {type Entry} from 'yauzl';
import {RiceError} from '../../errors.ts';
import type {ArchiveOptions, Container, ContainerEntry, Content} from './container.ts';
import {refuseLink, safeEntryPath} from './entry-name.ts';
import {LimitCheck} from './limits.ts';
import {ReadAhead} from './read-ahead.ts';

const STORED = 0;
const DEFLATED = 8;

/** The kind of a file in the upper half of the attributes that Unix systems write. */
const KIND = 0o170000;
const REGULAR = 0o100000;
const LINK = 0o120000;
const FOLDER = 0o040000;

const UNIX = 3;

/**
 * Reads the directory of a zip archive; the files stay where they are until threads ask for them.
 *
 * @throws RiceError ARCHIVE_DAMAGED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED (encrypted, or another compression) or
 *   ARCHIVE_TOO_LARGE
 */
export async function openZip(archive: string, {name = archive, limits}: ArchiveOptions = {}): Promise<Container> {
  const check = new LimitCheck(name, limits);
  const entries: ContainerEntry[] = [];
  const contents: Content[] = [];
  for await (const entry of zipEntries(archive, name)) {
    const path = safeEntryPath(name, entry.fileName.replace(/\/$/, ''));
    if (entry.fileName.endsWith('/')) continue;
    refuseOtherThanFiles(name, entry);
    check.add(path, entry.uncompressedSize);
    entries.push({path, bytes: entry.uncompressedSize});
    contents.push(contentOf(archive, name, entry));
  }
  return {
    name,
    entries,
    async *contents(chosen) {
      for (const entry of chosen) yield {entry, content: contents[entry]};
    },
    close() {},
  };
}

async function* zipEntries(archive: string, name: string): AsyncIterable<Entry> {
  const file = openSync(archive, 'r');
  try {
    const size = fstatSync(file).size;
    const zip = await yauzl.fromRandomAccessReaderPromise(new ReadAhead(file), size, {autoClose: false});
    yield* zip.eachEntry();
  } catch (error) {
    throw error instanceof RiceError ? error : refused(name, error as Error);
  } finally {
    closeSync(file);
  }
}

/** What yauzl says of names that are not to be followed, and of everything else. */
function refused(name: string, error: Error): RiceError {
  const unsafe = /^(absolute path|invalid relative path|invalid characters in fileName)/.test(error.message);
  if (unsafe)
    return new RiceError('ARCHIVE_UNSAFE', `${name} leads out of its folder: ${error.message}`, {cause: error});
  return new RiceError('ARCHIVE_DAMAGED', `${name} is no whole zip archive: ${error.message}`, {cause: error});
}

function refuseOtherThanFiles(name: string, entry: Entry): void {
  if (entry.isEncrypted()) throw unsupported(name, `${entry.fileName} is encrypted`);
  if (entry.versionMadeBy >> 8 !== UNIX) return;
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  if (kind === LINK) refuseLink(name, entry.fileName);
  if (kind !== REGULAR && kind !== FOLDER && kind !== 0) refuseLink(name, entry.fileName, 'no regular file');
}

function contentOf(archive: string, name: string, entry: Entry): Content {
  const {fileName, compressionMethod, relativeOffsetOfLocalHeader, compressedSize, crc32} = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw unsupported(name, `${fileName} is compressed by method ${compressionMethod}`);
  return {
    kind: 'zip',
    archive,
    offset: relativeOffsetOfLocalHeader,
    compressedBytes: compressedSize,
    deflated: compressionMethod === DEFLATED,
    crc32,
  };
}

function unsupported(name: string, reason: string): RiceError {
  return new RiceError('ARCHIVE_UNSUPPORTED', `${name} cannot be unpacked: ${reason}`, {
    suggestions: ['Unpack it with another program, and name the folder with --source.'],
  });
}
