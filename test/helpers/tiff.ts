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
