import {deflateSync} from 'node:zlib';
import {expect} from 'chai';
import {decodeImage} from '../../../../src/image/decode.ts';
import type {Frame} from '../../../../src/image/frame.ts';
import {type Color, drawFrame, encodeGreyJpeg, encodeJpeg} from '../../../helpers/images.ts';
import {writeJpeg} from '../../../helpers/jpeg-writer.ts';
import {bigTiffFile, rgbTags, splitTables, type TiffEntry, tiffFile} from '../../../helpers/tiff.ts';

const [WIDTH, HEIGHT] = [37, 23];
const COLORS = drawFrame(WIDTH, HEIGHT, (x, y): Color => [x * 6, y * 11, (x * y) % 256]);
const JPEG_TABLES = 347;

describe('image: BigTIFF', () => {
  for (const order of ['II', 'MM'] as const)
    it(`is read like TIFF, strips one behind the other: ${order}`, async () => {
      const rows = 10;
      const offsets = [0, 10, 20].map((row) => 16 + row * WIDTH * 3);
      const lengths = [10, 10, 3].map((count) => count * WIDTH * 3);
      const tags = rgbTags(WIDTH, HEIGHT, [
        [273, offsets],
        [278, [rows]],
        [279, lengths],
      ]);
      const {frame, notes} = await decodeImage(bigTiffFile(Buffer.from(COLORS.data), tags, order));
      expectSame(frame, COLORS);
      expect(notes).to.deep.equal([]);
    });

  const plain = (tags: readonly TiffEntry[]) => bigTiffFile(Buffer.from(COLORS.data), rgbTags(WIDTH, HEIGHT, tags));
  const whole: TiffEntry[] = [
    [273, [16]],
    [279, [COLORS.data.length]],
  ];
  const changed = (at: number, ...bytes: number[]) => {
    const copy = plain(whole);
    copy.set(bytes, at);
    return copy;
  };
  const bad: Array<[name: string, code: string, bytes: Buffer]> = [
    ['whose offsets have 4 bytes', 'IMAGE_CORRUPT', changed(4, 4)],
    ['with something in the place of nothing', 'IMAGE_CORRUPT', changed(6, 1)],
    ['whose directory lies beyond its end', 'IMAGE_TRUNCATED', changed(12, 1)],
    ['whose directory lies where no file ends', 'IMAGE_CORRUPT', changed(15, 255)],
    ['with a list of 4 billion tags', 'IMAGE_TRUNCATED', changed(16 + COLORS.data.length + 4, 1)],
    ['that is cut in its header', 'IMAGE_TRUNCATED', plain(whole).subarray(0, 12)],
  ];
  for (const [name, code, bytes] of bad)
    it(`one ${name} is ${code}`, async () => {
      expect((await decodeImage(bytes).catch((error) => error)).code).to.equal(code);
    });
});

describe('image: TIFF with a plane per color', () => {
  const planes = [0, 1, 2].map((c) => Buffer.from(COLORS.data.filter((_, i) => i % 3 === c)));

  it('is read: one strip each', async () => {
    const size = WIDTH * HEIGHT;
    const tags: TiffEntry[] = [
      [273, [8, 8 + size, 8 + 2 * size]],
      [279, [size, size, size]],
      [284, [2]],
    ];
    const {frame} = await decodeImage(tiffFile(Buffer.concat(planes), rgbTags(WIDTH, HEIGHT, tags)));
    expectSame(frame, COLORS);
  });

  it('is read: strips of differences, compressed', async () => {
    const rows = 7;
    const strips = planes.flatMap((plane) =>
      [0, 7, 14, 21].map((top) => {
        const part = Buffer.from(plane.subarray(top * WIDTH, Math.min(HEIGHT, top + rows) * WIDTH));
        for (let i = part.length - 1; i > 0; i--) if (i % WIDTH > 0) part[i] -= part[i - 1];
        return deflateSync(part);
      }),
    );
    let at = 8;
    const offsets = strips.map((strip) => {
      const offset = at;
      at += strip.length;
      return offset;
    });
    const tags: TiffEntry[] = [
      [259, [8]],
      [273, offsets],
      [278, [rows]],
      [279, strips.map((strip) => strip.length)],
      [284, [2]],
      [317, [2]],
    ];
    const file = tiffFile(Buffer.concat(strips), rgbTags(WIDTH, HEIGHT, tags));
    expectSame((await decodeImage(file)).frame, COLORS);
  });

  it('is read: 16 bits, and alpha', async () => {
    const wide = planes.map((plane) => Buffer.from([...plane].flatMap((level) => [0, level])));
    const alpha = Buffer.alloc(WIDTH * HEIGHT * 2);
    for (let i = 0; i < WIDTH * HEIGHT; i++) alpha[2 * i + 1] = i % 256;
    const size = WIDTH * HEIGHT * 2;
    const tags: TiffEntry[] = [
      [256, [WIDTH]],
      [257, [HEIGHT]],
      [258, [16, 16, 16, 16]],
      [262, [2]],
      [273, [0, 1, 2, 3].map((plane) => 8 + plane * size)],
      [277, [4]],
      [279, [size, size, size, size]],
      [284, [2]],
      [338, [2]],
    ];
    const {frame} = await decodeImage(tiffFile(Buffer.concat([...wide, alpha]), tags));
    const expected = COLORS.data.map((level, i) => Math.round((level * (Math.floor(i / 3) % 256)) / 255));
    expectSame(frame, {...COLORS, data: expected});
  });

  it('is refused where a plane is missing', async () => {
    const tags: TiffEntry[] = [
      [273, [8, 8 + WIDTH * HEIGHT]],
      [279, [WIDTH * HEIGHT, WIDTH * HEIGHT]],
      [284, [2]],
    ];
    const error = await decodeImage(tiffFile(Buffer.concat(planes), rgbTags(WIDTH, HEIGHT, tags))).catch(
      (reason) => reason,
    );
    expect(error.code).to.equal('IMAGE_TRUNCATED');
  });
});

describe('image: TIFF with JPEG compression', () => {
  const SMOOTH = drawFrame(64, 48, (x, y): Color => [x * 3, y * 4, 255 - x * 3]);
  const part = ({data, width}: Frame, left: number, top: number, columns: number, rows: number): Frame => {
    const cut = drawFrame(columns, rows, () => [0, 0, 0]);
    for (let y = 0; y < rows; y++)
      cut.data.set(
        data.subarray(((top + y) * width + left) * 3, ((top + y) * width + left + columns) * 3),
        y * columns * 3,
      );
    return cut;
  };

  /** Strips of 16 rows or tiles of 32 x 32, each a JPEG, with the tables of the first for all. */
  function jpegTiff(
    encode: (frame: Frame) => Buffer,
    options: {tiles?: boolean; photometric: number; tables: boolean},
  ) {
    const {tiles = false, photometric, tables} = options;
    const [columns, rows] = tiles ? [32, 32] : [64, 16];
    const parts: Buffer[] = [];
    let common: Buffer | undefined;
    for (let top = 0; top < 48; top += rows)
      for (let left = 0; left < 64; left += columns) {
        const jpeg = encode(tiles ? padded(left, top) : part(SMOOTH, left, top, columns, rows));
        const split = splitTables(jpeg);
        common ??= split.tables;
        parts.push(tables ? split.rest : jpeg);
      }
    const samples = photometric < 2 ? 1 : 3;
    const data = Buffer.concat([...parts, ...(tables ? [common!] : [])]);
    let at = 8;
    const offsets = parts.map(({length}) => {
      at += length;
      return at - length;
    });
    const [offsetTag, lengthTag] = tiles ? [324, 325] : [273, 279];
    const file = tiffFile(data, [
      [256, [64]],
      [257, [48]],
      [258, new Array<number>(samples).fill(8)],
      [259, [7]],
      [262, [photometric]],
      [277, [samples]],
      ...(tiles
        ? ([
            [322, [32]],
            [323, [32]],
          ] as TiffEntry[])
        : ([[278, [16]]] as TiffEntry[])),
      [offsetTag, offsets],
      [lengthTag, parts.map(({length}) => length)],
      ...(tables ? ([[JPEG_TABLES, [common!.length]]] as TiffEntry[]) : []),
    ]);
    return tables ? withBytes(file, JPEG_TABLES, common!.length, at) : file;

    /** Tiles at the border are filled up. */
    function padded(left: number, top: number): Frame {
      const rest = Math.min(32, 48 - top);
      const tile = drawFrame(32, 32, () => [9, 99, 9]);
      tile.data.set(part(SMOOTH, left, top, 32, rest).data);
      return tile;
    }
  }

  const near = (frame: Frame, expected: Frame, most: number) => {
    expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
    // Colors are stored coarser than the picture: not those at the seams.
    const mean = frame.data.reduce((sum, level, i) => sum + Math.abs(level - expected.data[i]), 0) / frame.data.length;
    expect(mean).to.be.below(most);
  };
  for (const decoder of ['auto', 'portable'] as const) {
    for (const tables of [true, false])
      for (const tiles of [true, false])
        it(`reads YCbCr: ${tiles ? 'tiles' : 'strips'}, tables ${tables ? 'apart' : 'inside'} (${decoder})`, async () => {
          const file = jpegTiff((frame) => encodeJpeg(frame, 95), {tiles, tables, photometric: 6});
          near((await decodeImage(file, {decoder})).frame, SMOOTH, 3);
        });

    it(`reads RGB whose JPEGs do not say that they are (${decoder})`, async () => {
      const rgb = ({data, width, height}: Frame) =>
        writeJpeg({
          ...{width, height},
          colors: [0, 1, 2].map((c) => ({level: (x: number, y: number) => data[(y * width + x) * 3 + c]})),
        });
      near((await decodeImage(jpegTiff(rgb, {tables: true, photometric: 2}), {decoder})).frame, SMOOTH, 2);
    });

    it(`reads gray, also where 0 is white (${decoder})`, async () => {
      const green = {...SMOOTH, data: SMOOTH.data.map((_, i) => SMOOTH.data[i - (i % 3) + 1])};
      const file = (photometric: number) =>
        jpegTiff((frame) => encodeGreyJpeg(frame, 95), {tables: false, photometric});
      near((await decodeImage(file(1), {decoder})).frame, green, 2);
      const inverted = {...green, data: green.data.map((level) => 255 - level)};
      near((await decodeImage(file(0), {decoder})).frame, inverted, 2);
    });
  }

  const strip = (jpeg: Buffer, more: TiffEntry[] = [], samples = 3) =>
    tiffFile(jpeg, [
      [256, [64]],
      [257, [48]],
      [258, new Array<number>(samples).fill(8)],
      [259, [7]],
      [262, [samples === 4 ? 5 : 6]],
      [277, [samples]],
      [273, [8]],
      [279, [jpeg.length]],
      ...more,
    ]);
  const whole = encodeJpeg(SMOOTH);
  const bad: Array<[name: string, code: string, bytes: Buffer]> = [
    ['whose JPEG is larger than it', 'IMAGE_CORRUPT', strip(encodeJpeg(drawFrame(64, 56, () => [1, 2, 3])))],
    ['whose JPEG is narrower than it', 'IMAGE_CORRUPT', strip(encodeJpeg(drawFrame(56, 48, () => [1, 2, 3])))],
    ['whose JPEG is gray', 'IMAGE_CORRUPT', strip(encodeGreyJpeg(SMOOTH))],
    ['whose JPEG is cut', 'IMAGE_TRUNCATED', strip(whole.subarray(0, -40))],
    ['whose JPEG is none', 'IMAGE_CORRUPT', strip(Buffer.alloc(500, 7))],
    ['of four colors in JPEGs', 'IMAGE_UNSUPPORTED', strip(whole, [], 4)],
    ['of JPEGs with a plane per color', 'IMAGE_UNSUPPORTED', strip(whole, [[284, [2]]])],
  ];
  for (const [name, code, bytes] of bad)
    it(`one ${name} is ${code}`, async () => {
      const error = await decodeImage(bytes).catch((reason) => reason);
      expect(error.code, error.message).to.equal(code);
    });
});

/** Makes the values of a tag bytes (of type UNDEFINED) that lie at an offset. */
function withBytes(tiff: Buffer, tag: number, count: number, offset: number): Buffer {
  const copy = Buffer.from(tiff);
  const directory = copy.readUInt32LE(4);
  for (let i = 0; i < copy.readUInt16LE(directory); i++) {
    const entry = directory + 2 + i * 12;
    if (copy.readUInt16LE(entry) !== tag) continue;
    copy.writeUInt16LE(7, entry + 2);
    copy.writeUInt32LE(count, entry + 4);
    copy.writeUInt32LE(offset, entry + 8);
  }
  return copy;
}

function expectSame(frame: Frame, expected: Frame): void {
  expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
  expect(Buffer.from(frame.data).equals(Buffer.from(expected.data)), 'the pixels are the same').to.equal(true);
}
