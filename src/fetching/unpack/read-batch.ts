import type {Content} from './container.ts';

/** A file to read and hash, and to write to `ReadSettings.target` if `write` is true. */
export interface ReadItem {
  /** Relative to the dataset, with forward slashes. */
  path: string;
  bytes: number;
  content: Content;
  write: boolean;
}

/**
 * Many files as columns, for a message to a thread: copying tens of thousands of objects would take longer than reading the
 * files.
 */
export interface ReadBatch {
  /** Concatenated, each terminated by NUL. */
  paths: string;
  bytes: Float64Array;
  write: Uint8Array;
  content: ContentColumns;
}

type ContentColumns =
  | {
      kind: 'zip';
      archive: string;
      offsets: Float64Array;
      compressedBytes: Float64Array;
      deflated: Uint8Array;
      crc32: Float64Array;
    }
  | {kind: 'file'; files: string}
  | {kind: 'bytes'; bytes: Uint8Array[]};

type Of<Kind extends Content['kind']> = Extract<Content, {kind: Kind}>;

/** Bytes from which a transfer is faster than a copy. */
const LARGE = 1 << 16;

/** The buffers of large files in a batch, to be transferred: copies would stay in memory until they are collected. */
export function largeBuffers({content}: ReadBatch): ArrayBuffer[] {
  if (content.kind !== 'bytes') return [];
  return content.bytes.flatMap(({buffer, byteLength}) =>
    byteLength >= LARGE && buffer.byteLength === byteLength ? [buffer as ArrayBuffer] : [],
  );
}

/** @param items at least one, all with the same kind of content (and the same archive) */
export function packBatch(items: readonly ReadItem[]): ReadBatch {
  return {
    paths: joined(items.map(({path}) => path)),
    bytes: Float64Array.from(items, ({bytes}) => bytes),
    write: Uint8Array.from(items, ({write}) => Number(write)),
    content: packContents(items.map(({content}) => content)),
  };
}

function packContents(contents: Content[]): ContentColumns {
  const [{kind}] = contents;
  if (kind === 'bytes') return {kind, bytes: (contents as Of<'bytes'>[]).map(({bytes}) => bytes)};
  if (kind === 'file') return {kind, files: joined((contents as Of<'file'>[]).map(({file}) => file))};
  const entries = contents as Of<'zip'>[];
  return {
    kind,
    archive: entries[0].archive,
    offsets: Float64Array.from(entries, ({offset}) => offset),
    compressedBytes: Float64Array.from(entries, ({compressedBytes}) => compressedBytes),
    deflated: Uint8Array.from(entries, ({deflated}) => Number(deflated)),
    crc32: Float64Array.from(entries, ({crc32}) => crc32),
  };
}

/** The items of a batch, created on demand. */
export function* unpackBatch({paths, bytes, write, content}: ReadBatch): Generator<ReadItem> {
  const names = separated(paths);
  const at = contentReader(content);
  for (const [i, path] of names.entries()) yield {path, bytes: bytes[i], write: write[i] === 1, content: at(i)};
}

function contentReader(columns: ContentColumns): (i: number) => Content {
  if (columns.kind === 'bytes') return (i) => ({kind: 'bytes', bytes: columns.bytes[i]});
  if (columns.kind === 'file') {
    const files = separated(columns.files);
    return (i) => ({kind: 'file', file: files[i]});
  }
  const {kind, archive, offsets, compressedBytes, deflated, crc32} = columns;
  return (i) => ({
    kind,
    archive,
    offset: offsets[i],
    compressedBytes: compressedBytes[i],
    deflated: deflated[i] === 1,
    crc32: crc32[i],
  });
}

/** NUL as the separator, because no path contains it on any system. */
function joined(texts: string[]): string {
  return texts.map((text) => `${text}\0`).join('');
}

function separated(text: string): string[] {
  return text.split('\0').slice(0, -1);
}
