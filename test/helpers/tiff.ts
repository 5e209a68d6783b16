import type {Frame} from '../../src/image/frame.ts';

/** Changes count and value (or offset) of an entry in the first directory of a little-endian TIFF. */
export function withTag(tiff: Buffer, tag: number, count: number, value: number): Buffer {
  const copy = Buffer.from(tiff);
  const directory = copy.readUInt32LE(4);
  for (let i = 0; i < copy.readUInt16LE(directory); i++) {
    const entry = directory + 2 + i * 12;
    if (copy.readUInt16LE(entry) !== tag) continue;
    copy.writeUInt32LE(count, entry + 4);
    copy.writeUInt32LE(value, entry + 8);
  }
  return copy;
}

export type TiffEntry = readonly [tag: number, values: readonly number[]];

/** A little-endian TIFF of any tags (all as LONG); the data lie from offset 8 on. */
export function tiffFile(data: Buffer, entries: readonly TiffEntry[]): Buffer {
  const start = 8 + data.length;
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  const lists: Buffer[] = [];
  let at = start + directory.length;
  entries.forEach(([tag, values], i) => {
    const list = Buffer.from(Uint32Array.from(values).buffer);
    directory.writeUInt16LE(tag, 2 + i * 12);
    directory.writeUInt16LE(4, 4 + i * 12);
    directory.writeUInt32LE(values.length, 6 + i * 12);
    if (values.length === 1) list.copy(directory, 10 + i * 12);
    else {
      directory.writeUInt32LE(at, 10 + i * 12);
      lists.push(list);
      at += list.length;
    }
  });
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(start, 4);
  return Buffer.concat([head, data, directory, ...lists]);
}

/** Tags of an RGB picture of 8 bits; more are put behind. */
export function rgbTags(width: number, height: number, more: readonly TiffEntry[] = []): TiffEntry[] {
  return [[256, [width]], [257, [height]], [258, [8, 8, 8]], [262, [2]], [277, [3]], ...more];
}

/** Encodes an RGB picture in uncompressed tiles, filled up with 99. */
export function tiledTiff({width, height, data}: Frame, tileWidth: number, tileHeight: number): Buffer {
  const tiles: Buffer[] = [];
  for (let top = 0; top < height; top += tileHeight)
    for (let left = 0; left < width; left += tileWidth) {
      const tile = Buffer.alloc(tileWidth * tileHeight * 3, 99);
      const columns = Math.min(tileWidth, width - left);
      for (let y = 0; y < Math.min(tileHeight, height - top); y++) {
        const from = ((top + y) * width + left) * 3;
        tile.set(data.subarray(from, from + columns * 3), y * tileWidth * 3);
      }
      tiles.push(tile);
    }
  const length = tileWidth * tileHeight * 3;
  const offsets = tiles.map((_, i) => 8 + i * length);
  const lengths = tiles.map(() => length);
  const more: TiffEntry[] = [
    [322, [tileWidth]],
    [323, [tileHeight]],
    [324, offsets],
    [325, lengths],
  ];
  return tiffFile(Buffer.concat(tiles), rgbTags(width, height, more));
}

/** A BigTIFF, whose offsets have 64 bits, of any tags (all as LONG8 but those of JPEG tables); the data lie from offset 16 on. */
export function bigTiffFile(data: Buffer, entries: readonly TiffEntry[], order: 'II' | 'MM' = 'II'): Buffer {
  const number = (value: number, bytes: number) => {
    const out = Buffer.alloc(bytes);
    const at = order === 'II' ? 0 : bytes === 8 ? 4 : 0;
    if (bytes === 2) order === 'II' ? out.writeUInt16LE(value) : out.writeUInt16BE(value);
    else order === 'II' ? out.writeUInt32LE(value, at) : out.writeUInt32BE(value, at);
    return out;
  };
  const start = 16 + data.length;
  let at = start + 8 + entries.length * 20 + 8;
  const lists: Buffer[] = [];
  const directory = entries.map(([tag, values]) => {
    const list = Buffer.concat(values.map((value) => number(value, 8)));
    const inside = values.length === 1 ? list : number(at, 8);
    if (values.length > 1) {
      lists.push(list);
      at += list.length;
    }
    return Buffer.concat([number(tag, 2), number(16, 2), number(values.length, 8), inside]);
  });
  const head = [Buffer.from(order), number(43, 2), number(8, 2), number(0, 2), number(start, 8)];
  return Buffer.concat([...head, data, number(entries.length, 8), ...directory, number(0, 8), ...lists]);
}

/** Splits a JPEG into what TIFF keeps once, its tables, and the rest. */
export function splitTables(jpeg: Buffer): {tables: Buffer; rest: Buffer} {
  const tables: Buffer[] = [];
  const rest: Buffer[] = [];
  let at = 2;
  for (; jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const segment = jpeg.subarray(at, at + 2 + jpeg.readUInt16BE(at + 2));
    const code = jpeg[at + 1];
    if (code === 0xdb || code === 0xc4) tables.push(segment);
    else if (code >= 0xc0 && code < 0xc4) rest.push(segment);
  }
  const start = Buffer.of(0xff, 0xd8);
  return {
    tables: Buffer.concat([start, ...tables, Buffer.of(0xff, 0xd9)]),
    rest: Buffer.concat([start, ...rest, jpeg.subarray(at)]),
  };
}
