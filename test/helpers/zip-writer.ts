import {crc32, deflateRawSync} from 'node:zlib';

/** An entry as it is to be written; whatever is left out is as it should be. */
export interface ZipEntry {
  name: string | Uint8Array;
  content?: string | Uint8Array;
  /** 0 stored, 8 deflated; any other is stated, and the content stored. */
  method?: number;
  /** The compressed bytes. */
  packed?: Uint8Array;
  /** What is stated: unpacked bytes, packed bytes, CRC-32. */
  bytes?: number;
  packedBytes?: number;
  crc?: number;
  /** Unix mode with the kind of the file. */
  mode?: number;
  /** The system that wrote it: 0 DOS, 3 Unix. */
  system?: number;
  /** Bits beside the one for UTF-8: 1 encrypted, 0x40 strongly. */
  flags?: number;
  /** Whether the name is marked as UTF-8. */
  utf8?: boolean;
  /** Where the directory says that the local header lies. */
  offset?: number;
  /** Room between the local header and the bytes. */
  extra?: Uint8Array;
  /** Zeros in the local header; CRC and sizes behind the bytes. */
  descriptor?: boolean;
  /** Sizes and offset in 64 bits. */
  zip64?: boolean;
  /** Whether it has a local header and bytes of its own. */
  present?: boolean;
}

export interface ZipOptions {
  comment?: string;
  before?: Uint8Array;
  after?: Uint8Array;
  /** What the end states: number of entries, start of the directory, number of this disk. */
  count?: number;
  directory?: number;
  disk?: number;
  /** Ends as archives of more than 65,535 entries do. */
  zip64?: boolean;
}

const UTF8 = 0x800;
const DESCRIPTOR = 8;
const IN_64_BITS = 0xffffffff;

/** A zip archive, right or wrong, field by field (APPNOTE.TXT 6.3.10). */
export function writeZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const {comment = '', before = Buffer.of(), after = Buffer.of()} = options;
  const local: Uint8Array[] = [before];
  const directory: Buffer[] = [];
  let position = before.length;
  for (const entry of entries) {
    const packed = packedContent(entry);
    directory.push(directoryEntry(entry, packed, entry.offset ?? position));
    if (entry.present === false) continue;
    const parts = [localHeader(entry, packed), packed, ...(entry.descriptor ? [dataDescriptor(entry, packed)] : [])];
    local.push(...parts);
    position += parts.reduce((total, {length}) => total + length, 0);
  }
  const start = options.directory ?? position;
  const size = directory.reduce((total, {length}) => total + length, 0);
  const ends = endRecords(entries.length, {size, start, end: position + size}, options);
  return Buffer.concat([...local, ...directory, ...ends, Buffer.from(comment), after]);
}

function contentOf({content = ''}: ZipEntry): Buffer {
  return Buffer.from(content as Uint8Array);
}

function packedContent(entry: ZipEntry): Uint8Array {
  return entry.packed ?? (methodOf(entry) === 8 ? deflateRawSync(contentOf(entry)) : contentOf(entry));
}

function methodOf({method = 8}: ZipEntry): number {
  return method;
}

function nameOf({name}: ZipEntry): Buffer {
  return Buffer.from(name as Uint8Array);
}

function flagsOf({flags = 0, utf8 = true, descriptor = false}: ZipEntry): number {
  return flags | (utf8 ? UTF8 : 0) | (descriptor ? DESCRIPTOR : 0);
}

function stated(entry: ZipEntry, packed: Uint8Array): {crc: number; packedBytes: number; bytes: number} {
  const content = contentOf(entry);
  const {crc = crc32(content), packedBytes = packed.length, bytes = content.length} = entry;
  return {crc, packedBytes, bytes};
}

function localHeader(entry: ZipEntry, packed: Uint8Array): Buffer {
  const {crc, packedBytes, bytes} = entry.descriptor ? {crc: 0, packedBytes: 0, bytes: 0} : stated(entry, packed);
  const {extra = Buffer.of()} = entry;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(entry.zip64 ? 45 : 20, 4);
  header.writeUInt16LE(flagsOf(entry), 6);
  header.writeUInt16LE(methodOf(entry), 8);
  header.writeUInt32LE(crc >>> 0, 14);
  header.writeUInt32LE(entry.zip64 ? IN_64_BITS : packedBytes, 18);
  header.writeUInt32LE(entry.zip64 ? IN_64_BITS : bytes, 22);
  const wide = entry.zip64 ? extraField(1, [bytes, packedBytes]) : Buffer.of();
  header.writeUInt16LE(nameOf(entry).length, 26);
  header.writeUInt16LE(wide.length + extra.length, 28);
  return Buffer.concat([header, nameOf(entry), wide, extra]);
}

function dataDescriptor(entry: ZipEntry, packed: Uint8Array): Buffer {
  const {crc, packedBytes, bytes} = stated(entry, packed);
  const descriptor = Buffer.alloc(16);
  [0x08074b50, crc >>> 0, packedBytes, bytes].forEach((value, i) => {
    descriptor.writeUInt32LE(value, 4 * i);
  });
  return descriptor;
}

function directoryEntry(entry: ZipEntry, packed: Uint8Array, offset: number): Buffer {
  const {crc, packedBytes, bytes} = stated(entry, packed);
  const {mode = 0o100644, system = 3, zip64 = false} = entry;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((system << 8) | 45, 4);
  header.writeUInt16LE(zip64 ? 45 : 20, 6);
  header.writeUInt16LE(flagsOf(entry), 8);
  header.writeUInt16LE(methodOf(entry), 10);
  header.writeUInt32LE(crc >>> 0, 16);
  header.writeUInt32LE(zip64 ? IN_64_BITS : packedBytes, 20);
  header.writeUInt32LE(zip64 ? IN_64_BITS : bytes, 24);
  const wide = zip64 ? extraField(1, [bytes, packedBytes, offset]) : Buffer.of();
  header.writeUInt16LE(nameOf(entry).length, 28);
  header.writeUInt16LE(wide.length, 30);
  header.writeUInt32LE((mode << 16) >>> 0, 38);
  header.writeUInt32LE(zip64 ? IN_64_BITS : offset, 42);
  return Buffer.concat([header, nameOf(entry), wide]);
}

function extraField(id: number, values: number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(id, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, i) => {
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  });
  return field;
}

function endRecords(
  entries: number,
  {size, start, end}: {size: number; start: number; end: number},
  {count = entries, comment = '', disk = 0, zip64 = false}: ZipOptions,
): Buffer[] {
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50, 0);
  last.writeUInt16LE(disk, 4);
  for (const at of [8, 10]) last.writeUInt16LE(zip64 ? 0xffff : count, at);
  last.writeUInt32LE(zip64 ? IN_64_BITS : size, 12);
  last.writeUInt32LE(zip64 ? IN_64_BITS : start, 16);
  last.writeUInt16LE(Buffer.byteLength(comment), 20);
  if (!zip64) return [last];
  const wide = Buffer.alloc(56);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4);
  wide.writeUInt32LE(disk, 16);
  for (const at of [24, 32]) wide.writeBigUInt64LE(BigInt(count), at);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(end), 8);
  locator.writeUInt32LE(1, 16);
  return [wide, locator, last];
}
