import {deflateSync} from 'node:zlib';
import {expect} from 'chai';
import {RiceError} from '../../../../src/common/errors.ts';
import {decodeImage} from '../../../../src/image/decode.ts';
import {type Color, drawFrame} from '../../../helpers/images.ts';
import {rgbTags, type TiffEntry, tiffFile, tiledTiff} from '../../../helpers/tiff.ts';

const COLORS = drawFrame(37, 23, (x, y): Color => [x * 6, y * 11, (x * y) % 256]);

describe('image: TIFF', () => {
  it('reads tiles', async () => {
    const {frame} = await decodeImage(tiledTiff(COLORS, 16, 16));
    expect(Buffer.from(frame.data).equals(Buffer.from(COLORS.data))).to.equal(true);
  });

  it('reads a last strip that was filled up, and one that may have any number of rows', async () => {
    const rows = deflateSync(Buffer.concat([COLORS.data, Buffer.alloc(37 * 3 * 7)]));
    const more: TiffEntry[] = [
      [259, [8]],
      [273, [8]],
      [278, [30]],
      [279, [rows.length]],
    ];
    const exact = deflateSync(COLORS.data);
    const any: TiffEntry[] = [
      [259, [8]],
      [273, [8]],
      [278, [0xffffffff]],
      [279, [exact.length]],
    ];
    const {frame} = await decodeImage(tiffFile(exact, rgbTags(37, 23, any)));
    expect(Buffer.from(frame.data).equals(Buffer.from(COLORS.data))).to.equal(true);
    const error = await decodeImage(tiffFile(rows, rgbTags(37, 23, more))).catch((reason: unknown) => reason);
    expect((error as RiceError).code, 'a picture of one strip knows its rows').to.equal('IMAGE_CORRUPT');
  });

  it('leaves colors that were multiplied with their alpha as they are, and multiplies others', async () => {
    const pixels = Buffer.of(100, 50, 200, 128);
    const decode = (extra: number) =>
      decodeImage(
        tiffFile(pixels, [
          [256, [1]],
          [257, [1]],
          [258, [8, 8, 8, 8]],
          [262, [2]],
          [273, [8]],
          [277, [4]],
          [279, [4]],
          [338, [extra]],
        ]),
      );
    expect([...(await decode(1)).frame.data]).to.deep.equal([100, 50, 200]);
    expect([...(await decode(2)).frame.data]).to.deep.equal([50, 25, 100]);
    expect([...(await decode(0)).frame.data]).to.deep.equal([100, 50, 200]);
  });

  const strip = (more: TiffEntry[], width = 37, height = 23) =>
    tiffFile(Buffer.from(COLORS.data), rgbTags(width, height, more));
  const bad: Array<[name: string, code: string, bytes: Buffer]> = [
    [
      'with tiles of no width',
      'IMAGE_CORRUPT',
      strip([
        [322, [0]],
        [323, [16]],
        [324, [8]],
        [325, [9]],
      ]),
    ],
    [
      'with tiles of one pixel',
      'IMAGE_CORRUPT',
      strip([
        [322, [1]],
        [323, [1]],
        [324, [8]],
        [325, [9]],
      ]),
    ],
    [
      'with a tile of 60,000 x 60,000',
      'IMAGE_CORRUPT',
      strip([
        [322, [60_000_000]],
        [323, [60_000]],
        [324, [8]],
        [325, [9]],
      ]),
    ],
    [
      'with strips of no rows',
      'IMAGE_CORRUPT',
      strip([
        [273, [8]],
        [278, [0]],
        [279, [2553]],
      ]),
    ],
    [
      'with fewer strips than rows need',
      'IMAGE_TRUNCATED',
      strip([
        [273, [8]],
        [278, [1]],
        [279, [111]],
      ]),
    ],
    ['whose strips lie on one another', 'IMAGE_CORRUPT', overlapping()],
    ['with a strip that inflates to 50 MB', 'IMAGE_CORRUPT', inflating()],
    ['with run lengths that end early', 'IMAGE_TRUNCATED', packed(Buffer.of(0x81, 7, 3, 1, 2))],
    ['with run lengths that stand for nothing', 'IMAGE_TRUNCATED', packed(Buffer.alloc(100_000, 0x80))],
    ['with an invalid LZW code', 'IMAGE_CORRUPT', compressed(Buffer.of(0x80, 0x7f, 0xff, 0xff), 5)],
    ['with LZW codes that end early', 'IMAGE_TRUNCATED', compressed(Buffer.of(0x80, 0x00, 0x01), 5)],
    [
      'with a palette that is too short',
      'IMAGE_CORRUPT',
      tiffFile(Buffer.alloc(9), [
        [256, [3]],
        [257, [3]],
        [258, [8]],
        [262, [3]],
        [273, [8]],
        [279, [9]],
        [320, [1, 2, 3]],
      ]),
    ],
    [
      'of 32 bits a sample',
      'IMAGE_UNSUPPORTED',
      tiffFile(Buffer.alloc(36), [
        [256, [3]],
        [257, [3]],
        [258, [32]],
        [262, [1]],
        [273, [8]],
        [279, [36]],
      ]),
    ],
    [
      'of a kind of colors that is not read',
      'IMAGE_UNSUPPORTED',
      tiffFile(Buffer.alloc(27), [
        [256, [3]],
        [257, [3]],
        [258, [8, 8, 8]],
        [262, [8]],
        [273, [8]],
        [277, [3]],
        [279, [27]],
      ]),
    ],
    [
      'whose samples are fewer than its colors',
      'IMAGE_CORRUPT',
      tiffFile(Buffer.alloc(27), [
        [256, [3]],
        [257, [3]],
        [258, [8]],
        [262, [2]],
        [273, [8]],
        [277, [1]],
        [279, [27]],
      ]),
    ],
  ];
  for (const [name, code, bytes] of bad)
    it(`${name} is ${code}, soon`, async () => {
      const start = performance.now();
      const error = await decodeImage(bytes).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RiceError);
      expect((error as RiceError).code, (error as RiceError).message).to.equal(code);
      expect(performance.now() - start).to.be.below(2000);
    });

  it('with the same huge tag again and again is read soon', async () => {
    const again = Array.from({length: 60_000}, (): TiffEntry => [324, [0]]);
    const bytes = strip([[273, [8]], [279, [37 * 23 * 3]], ...again]);
    const start = performance.now();
    for (let i = 0; i < again.length; i++) bytes.writeUInt32LE(100_000, 8 + COLORS.data.length + 2 + (7 + i) * 12 + 4);
    const {frame} = await decodeImage(bytes);
    expect(Buffer.from(frame.data).equals(Buffer.from(COLORS.data))).to.equal(true);
    expect(performance.now() - start).to.be.below(2000);
  });
});

function compressed(data: Buffer, compression: number): Buffer {
  return tiffFile(
    data,
    rgbTags(37, 23, [
      [259, [compression]],
      [273, [8]],
      [279, [data.length]],
    ]),
  );
}

function packed(data: Buffer): Buffer {
  return compressed(data, 32773);
}

function inflating(): Buffer {
  return compressed(deflateSync(Buffer.alloc(50_000_000)), 8);
}

/** A thousand strips, each the same hundred thousand bytes. */
function overlapping(): Buffer {
  const [length, rows] = [100_000, 1000];
  const list = (value: number) => Array.from({length: rows}, () => value);
  const more: TiffEntry[] = [
    [259, [32773]],
    [273, list(8)],
    [278, [1]],
    [279, list(length)],
  ];
  return tiffFile(Buffer.alloc(length, 0x80), rgbTags(37, rows, more));
}
