import {deflateSync} from 'node:zlib';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {decodeImage} from '../../../src/image/decode.ts';
import {FIXTURES} from '../../helpers/fixtures.ts';
import {
  drawGrain,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  pngChunk,
  pngHeader,
  withExifOrientation,
} from '../../helpers/images.ts';
import {withTag} from '../../helpers/tiff.ts';

const GRAIN = drawGrain({size: 60, length: 40, width: 20, angle: 30});
const JPEG = encodeJpeg(GRAIN);
const PNG = encodePng(GRAIN);
/** Where a chunk goes that comes right before the pixels. */
const BEFORE_PIXELS = 33;
const PALETTE_PNG = encodePng(GRAIN, {colorType: 3});
const INTERLACED = encodePng(GRAIN, {interlaced: true});
const BMP = encodeBmp(GRAIN);
const GIF = encodeGif([GRAIN]);
const TIFF = encodeTiff(GRAIN);
const EOI = Buffer.of(0xff, 0xd9);

describe('image: bad input', () => {
  const cases: Array<[name: string, code: string, bytes: Uint8Array]> = [
    ['no bytes', 'IMAGE_EMPTY', new Uint8Array(0)],
    ['text', 'IMAGE_UNSUPPORTED', Buffer.from('Basmati, 2021')],
    ['zeros', 'IMAGE_UNSUPPORTED', Buffer.alloc(100)],
    ['SVG', 'IMAGE_UNSUPPORTED', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['PDF', 'IMAGE_UNSUPPORTED', Buffer.from('%PDF-1.7')],
    ['a JPEG of 2 bytes', 'IMAGE_UNSUPPORTED', JPEG.subarray(0, 2)],
    ['a JPEG cut in its header', 'IMAGE_TRUNCATED', JPEG.subarray(0, 50)],
    ['a JPEG cut in its pixels', 'IMAGE_TRUNCATED', JPEG.subarray(0, JPEG.length >> 1)],
    [
      'a JPEG cut in its pixels, then ended',
      'IMAGE_TRUNCATED',
      Buffer.concat([JPEG.subarray(0, JPEG.length - 300), EOI]),
    ],
    ['a cut JPEG whose thumbnail is whole', 'IMAGE_TRUNCATED', withThumbnail(JPEG).subarray(0, -100)],
    ['a JPEG of 65,000 x 65,000', 'IMAGE_TOO_LARGE', resized(JPEG, 65_000, 65_000)],
    ['a JPEG of no height', 'IMAGE_CORRUPT', resized(JPEG, 60, 0)],
    ['a JPEG with two frames', 'IMAGE_CORRUPT', withSecondFrame(JPEG, 60, 60)],
    ['a JPEG with a second, huge frame', 'IMAGE_CORRUPT', withSecondFrame(JPEG, 65_000, 65_000)],
    ['a JPEG of scans without end', 'IMAGE_CORRUPT', withScans(FIXTURES['JPEG, progressive'].file, 100)],
    ['a JPEG of 12 bits', 'IMAGE_UNSUPPORTED', changed(JPEG, frameAt(JPEG) + 4, 12)],
    ['a lossless JPEG', 'IMAGE_UNSUPPORTED', changed(JPEG, frameAt(JPEG) + 1, 0xc3)],
    ['an arithmetic-coded JPEG', 'IMAGE_UNSUPPORTED', changed(JPEG, frameAt(JPEG) + 1, 0xc9)],
    ['a PNG cut in its header', 'IMAGE_TRUNCATED', PNG.subarray(0, 20)],
    ['a PNG cut in its pixels', 'IMAGE_TRUNCATED', PNG.subarray(0, PNG.length >> 1)],
    ['a PNG without its end', 'IMAGE_TRUNCATED', PNG.subarray(0, -12)],
    ['a PNG whose pixels end early', 'IMAGE_TRUNCATED', encodeTaller(false)],
    ['an interlaced PNG whose pixels end early', 'IMAGE_TRUNCATED', encodeTaller(true)],
    ['a PNG with a wrong checksum', 'IMAGE_CORRUPT', changed(PNG, PNG.length - 20, PNG[PNG.length - 20] ^ 0xff)],
    ['a PNG of a million chunks', 'IMAGE_CORRUPT', withEmptyChunks(1_000_000)],
    ['a PNG of a pixel format that does not exist', 'IMAGE_CORRUPT', changed(PNG, 24, 3)],
    ['a PNG of 30,000 x 30,000, header alone', 'IMAGE_TOO_LARGE', pngHeader(30_000, 30_000)],
    ['a PNG of 4,000,000 x 1', 'IMAGE_TOO_LARGE', pngHeader(4_000_000, 1)],
    ['a PNG of no width', 'IMAGE_CORRUPT', pngHeader(0, 10)],
    ['a PNG with a second header before its pixels', 'IMAGE_CORRUPT', withChunk(BEFORE_PIXELS, headerOf(60, 60, 6))],
    ['a PNG with a second header behind its pixels', 'IMAGE_CORRUPT', withChunk(-12, headerOf(12_000, 12_000, 6, 16))],
    ['a PNG with the same header twice', 'IMAGE_CORRUPT', withChunk(BEFORE_PIXELS, headerOf(60, 60, 2))],
    ['a PNG whose header has a wrong checksum', 'IMAGE_CORRUPT', changed(PNG, 29, PNG[29] ^ 1)],
    ['a PNG of an unknown compression', 'IMAGE_CORRUPT', changed(PNG, 26, 1)],
    ['a PNG of an unknown filter method', 'IMAGE_CORRUPT', changed(PNG, 27, 1)],
    ['a PNG of an unknown interlacing', 'IMAGE_CORRUPT', changed(PNG, 28, 2)],
    [
      'a PNG with an unknown critical chunk',
      'IMAGE_CORRUPT',
      withChunk(BEFORE_PIXELS, pngChunk('ABCD', Buffer.alloc(3))),
    ],
    ['a PNG whose pixels are in two places', 'IMAGE_CORRUPT', withSplitPixels()],
    ['a PNG without its palette', 'IMAGE_CORRUPT', withoutPalette()],
    ['a PNG with two palettes', 'IMAGE_CORRUPT', withChunk(33, paletteOf(256), PALETTE_PNG)],
    ['a PNG with a palette behind its pixels', 'IMAGE_CORRUPT', withChunk(-12, paletteOf(256))],
    ['a grey PNG with a palette', 'IMAGE_CORRUPT', withChunk(33, paletteOf(256), encodePng(GRAIN, {colorType: 0}))],
    ['a PNG with a palette of 257 colors', 'IMAGE_CORRUPT', withChunk(33, paletteOf(257))],
    ['a PNG with more transparent colors than colors', 'IMAGE_CORRUPT', withChunk(BEFORE_PIXELS, transparencyOf(7))],
    [
      'a PNG with two transparent colors',
      'IMAGE_CORRUPT',
      withChunk(33, Buffer.concat([transparencyOf(6), transparencyOf(6)])),
    ],
    ['a small interlaced PNG that inflates to 50 MB', 'IMAGE_CORRUPT', inflating(50_000_000)],
    ['a BMP cut in its pixels', 'IMAGE_TRUNCATED', BMP.subarray(0, -10)],
    ['a BMP cut in its header', 'IMAGE_TRUNCATED', BMP.subarray(0, 30)],
    ['a BMP of 60,000 x -60,000', 'IMAGE_TOO_LARGE', changedU32(changedU32(BMP, 18, 60_000), 22, -60_000 >>> 0)],
    ['a BMP whose pixels lie in its header', 'IMAGE_CORRUPT', changedU32(BMP, 10, 20)],
    ['a BMP of run lengths', 'IMAGE_UNSUPPORTED', changed(BMP, 30, 1)],
    ['a GIF of a million blocks of one byte', 'IMAGE_TRUNCATED', withTinyBlocks(1_000_000)],
    ['a GIF with an invalid code', 'IMAGE_CORRUPT', invalidGif()],
    ['a BMP of negative width', 'IMAGE_CORRUPT', changedU32(BMP, 18, -60 >>> 0)],
    ['a GIF cut in its pixels', 'IMAGE_TRUNCATED', GIF.subarray(0, GIF.length >> 1)],
    ['a GIF whose pixels end early', 'IMAGE_TRUNCATED', encodeShortGif()],
    ['a GIF whose frame is larger than the picture', 'IMAGE_CORRUPT', encodeGif([GRAIN], {left: 10})],
    ['a GIF whose frame has no pixels', 'IMAGE_CORRUPT', changed(GIF, 13 + 384 + 5, 0)],
    ['a GIF without a frame', 'IMAGE_CORRUPT', Buffer.concat([GIF.subarray(0, 13 + 384), Buffer.of(0x3b)])],
    ['a GIF of 65,535 x 65,535', 'IMAGE_TOO_LARGE', changedU32(GIF, 6, 0xffffffff)],
    ['a TIFF cut in its directory', 'IMAGE_TRUNCATED', TIFF.subarray(0, -30)],
    ['a TIFF whose directory lies beyond its end', 'IMAGE_TRUNCATED', TIFF.subarray(0, 4000)],
    ['a TIFF of 60,000 x 60,000', 'IMAGE_TOO_LARGE', encodeTiff({...GRAIN, width: 60_000, height: 60_000})],
    ['a TIFF with fewer pixels than it states', 'IMAGE_TRUNCATED', encodeTiff({...GRAIN, height: 4000})],
    ['a TIFF with an old JPEG inside', 'IMAGE_UNSUPPORTED', encodeTiff(GRAIN, {compression: 6 as 8})],
    ['a TIFF whose JPEG is none', 'IMAGE_CORRUPT', encodeTiff(GRAIN, {compression: 7 as 8})],
    ['a TIFF with a list of 4 billion strips', 'IMAGE_TRUNCATED', withTag(TIFF, 273, 0xffffffff, 8)],
  ];
  for (const decoder of ['auto', 'portable'] as const)
    for (const [name, code, bytes] of cases)
      it(`${name} is ${code} (${decoder})`, async () => {
        const error = await decodeImage(bytes, {decoder}).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error, 'refused').to.be.instanceOf(RiceError);
        expect((error as RiceError).code, (error as RiceError).message).to.equal(code);
      });

  it('reads the same from a PNG whatever lies in memory, or refuses it the same', async () => {
    const hostile = [
      withChunk(BEFORE_PIXELS, headerOf(60, 60, 6)),
      withChunk(BEFORE_PIXELS, headerOf(60, 60, 2, 16)),
      encodeTaller(false),
      withChunk(-12, pngChunk('tEXt', Buffer.from('a\0b'))),
    ];
    const answers = async (poison: number) => {
      const out: string[] = [];
      for (const bytes of hostile) {
        // Freed memory of that content, in the sizes that a decoder asks for.
        for (let size = 1024; size <= 1 << 20; size *= 2) Buffer.allocUnsafeSlow(size).fill(poison);
        const answer = await decodeImage(bytes).catch((error) => error.message);
        out.push(typeof answer === 'string' ? answer : Buffer.from(answer.frame.data).toString('hex'));
      }
      return out;
    };
    expect(await answers(0x41)).to.deep.equal(await answers(0xb7));
  });

  it('reads a PNG whose notes have a wrong checksum, as libpng does', async () => {
    const note = pngChunk('tEXt', Buffer.from('a\0b'));
    note[note.length - 1] ^= 1;
    expect((await decodeImage(withChunk(33, note))).frame).to.deep.equal((await decodeImage(PNG)).frame);
  });

  for (const [name, bytes] of [
    ['AVC in HEIF', Buffer.from('\0\0\0\x14ftypavci\0\0\0\0avci')],
    ['video', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42')],
    ['SVG', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['JPEG XL', Buffer.of(0xff, 0x0a, 0, 0)],
  ] as const)
    it(`refuses ${name} by its name`, async () => {
      const error = await decodeImage(bytes).catch((reason) => reason);
      expect(error.message).to.match(new RegExp(`^${name} is not supported`));
    });

  it('names the format that it refuses and those that it reads', async () => {
    const error = await decodeImage(Buffer.from('%PDF-1.7')).catch((reason) => reason);
    const supported = 'JPEG, PNG, WebP, BMP, GIF, TIFF, AVIF and HEIC';
    expect(error.message).to.equal(`PDF is not supported; supported are ${supported}`);
  });

  it('reads a TIFF whose directories run in a circle or hang in other tags', async () => {
    const own = TIFF.readUInt32LE(4);
    for (const bytes of [
      encodeTiff(GRAIN, {next: own}),
      encodeTiff(GRAIN, {
        tags: [
          [330, 4, 1, own],
          [34665, 4, 1, own],
        ],
      }),
    ])
      expect((await decodeImage(bytes)).frame.width).to.equal(60);
  });
});

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

function changedU32(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}

function frameAt(jpeg: Buffer): number {
  return jpeg.indexOf(Buffer.of(0xff, 0xc0));
}

function resized(jpeg: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(jpeg);
  copy.writeUInt16BE(height, frameAt(jpeg) + 5);
  copy.writeUInt16BE(width, frameAt(jpeg) + 7);
  return copy;
}

function withSecondFrame(jpeg: Buffer, width: number, height: number): Buffer {
  const at = frameAt(jpeg);
  const frame = resized(jpeg, width, height).subarray(at, at + 19);
  return Buffer.concat([jpeg.subarray(0, at + 19), frame, jpeg.subarray(at + 19)]);
}

function withThumbnail(jpeg: Buffer): Buffer {
  const exif = withExifOrientation(jpeg, 1);
  const length = exif.readUInt16BE(4);
  const thumbnail = encodeJpeg(drawGrain({size: 16, length: 10, width: 5}));
  const out = Buffer.concat([exif.subarray(0, 4 + length), thumbnail, exif.subarray(4 + length)]);
  out.writeUInt16BE(length + thumbnail.length, 4);
  return out;
}

/** Repeats the last scan: a few bytes, and work for a whole picture. */
function withScans(jpeg: Buffer, count: number): Buffer {
  const scan = jpeg.subarray(jpeg.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
  return Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(scan.length * count, scan), EOI]);
}

function withEmptyChunks(count: number): Buffer {
  const chunk = pngChunk('IDAT', Buffer.alloc(0));
  return Buffer.concat([PNG.subarray(0, 33), Buffer.alloc(count * chunk.length, chunk), PNG.subarray(33)]);
}

/** Clear codes, and no pixel. */
function withTinyBlocks(count: number): Buffer {
  const start = 13 + 384 + 11;
  return Buffer.concat([GIF.subarray(0, start), Buffer.alloc(2 * count, Buffer.of(1, 128)), Buffer.of(0, 0x3b)]);
}

/** The pixels of GRAIN under a header that states 100 rows more. */
function encodeTaller(interlaced: boolean): Buffer {
  return Buffer.concat([pngHeader(60, 160, {interlaced}), (interlaced ? INTERLACED : PNG).subarray(33)]);
}

function withChunk(at: number, chunk: Buffer, png = PNG): Buffer {
  return Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)]);
}

function headerOf(width: number, height: number, colorType: 2 | 6, bitDepth: 8 | 16 = 8): Buffer {
  return pngHeader(width, height, {colorType, bitDepth}).subarray(8);
}

function paletteOf(entries: number): Buffer {
  return pngChunk('PLTE', Buffer.alloc(entries * 3));
}

function transparencyOf(bytes: number): Buffer {
  return pngChunk('tRNS', Buffer.alloc(bytes));
}

function withoutPalette(): Buffer {
  return Buffer.concat([PALETTE_PNG.subarray(0, 33), PALETTE_PNG.subarray(33 + 12 + 768)]);
}

/** Two rows of pixels with a note between them. */
function withSplitPixels(): Buffer {
  const pixels = PNG.subarray(41, -16);
  const middle = pixels.length >> 1;
  const parts = [
    pngChunk('IDAT', pixels.subarray(0, middle)),
    pngChunk('tEXt', Buffer.from('a\0b')),
    pngChunk('IDAT', pixels.subarray(middle)),
  ];
  return Buffer.concat([PNG.subarray(0, 33), ...parts, PNG.subarray(-12)]);
}

function inflating(bytes: number): Buffer {
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(bytes)));
  return Buffer.concat([pngHeader(60, 60, {interlaced: true}), pixels, pngChunk('IEND', Buffer.alloc(0))]);
}

/** A GIF that states a larger picture and frame than it has pixels for. */
function encodeShortGif(): Buffer {
  const copy = Buffer.from(GIF);
  copy.writeUInt16LE(90, 8);
  copy.writeUInt16LE(90, 13 + 384 + 7);
  return copy;
}

/** The second code of the pixels refers to an entry that is not there yet. */
function invalidGif(): Buffer {
  return changed(GIF, 13 + 384 + 11 + 2, 200);
}
