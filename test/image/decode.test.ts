import gif from '@jimp/js-gif';
import {expect} from 'chai';
import {type DecodedImage, decodeImage} from '../../src/image/decode.ts';
import {detectFormat} from '../../src/image/formats/formats.ts';
import type {Frame} from '../../src/image/frame.ts';
import {FIXTURES} from '../helpers/fixtures.ts';
import {
  type Color,
  drawFrame,
  encodeBmp,
  encodeGif,
  encodeGreyJpeg,
  encodeJpeg,
  encodePng,
  encodeTiff,
  pngHeader,
  withExifOrientation,
} from '../helpers/images.ts';
import {withWebpExif} from '../helpers/webp.ts';

/** 8 x 8 blocks of uniform color, which JPEG preserves; every corner differs. */
const BLOCKS = drawFrame(48, 32, (x, y): Color => [x < 24 ? 220 : 40, y < 16 ? 200 : 30, x + 48 * y < 400 ? 240 : 90]);
const GREY = drawFrame(37, 23, (x, y): Color => {
  const level = ((x * 7 + y * 11) % 128) * 2;
  return [level, level, level];
});
const COLORS = drawFrame(37, 23, (x, y): Color => [x * 6, y * 11, (x * y) % 256]);

describe('image: decode', () => {
  describe('detectFormat and readHeader', () => {
    const encoded = {
      jpeg: encodeJpeg(COLORS),
      png: encodePng(COLORS),
      bmp: encodeBmp(COLORS),
      gif: encodeGif([GREY]),
      tiff: encodeTiff(COLORS),
    } as const;
    for (const [format, bytes] of Object.entries(encoded) as Array<[keyof typeof encoded, Buffer]>)
      it(`detect ${format} and read its size`, () => {
        expect(detectFormat(bytes)?.name).to.equal(format);
        expect(readHeader(bytes)).to.include({width: 37, height: 23, orientation: 1});
      });

    it('read the orientation of JPEG, PNG and TIFF in both byte orders', () => {
      for (const order of ['II', 'MM'] as const) {
        expect(readHeader(withExifOrientation(encoded.jpeg, 6, order)).orientation).to.equal(6);
        expect(readHeader(encodeTiff(COLORS, {orientation: 5, order})).orientation).to.equal(5);
      }
      expect(readHeader(encodePng(COLORS, {orientation: 8})).orientation).to.equal(8);
    });

    it('ignore an invalid orientation', () => {
      expect(readHeader(withExifOrientation(encoded.jpeg, 9)).orientation).to.equal(1);
    });
  });

  describe('lossless formats give the exact pixels', () => {
    const exact: Record<string, [Buffer, Frame]> = {
      'PNG RGB': [encodePng(COLORS), COLORS],
      'PNG RGB, interlaced': [encodePng(COLORS, {interlaced: true}), COLORS],
      'PNG RGB, 16 bits': [encodePng(COLORS, {bitDepth: 16}), COLORS],
      'PNG RGBA, opaque': [encodePng(COLORS, {colorType: 6}), COLORS],
      'PNG RGBA, 16 bits, opaque': [encodePng(COLORS, {colorType: 6, bitDepth: 16}), COLORS],
      'PNG grey': [encodePng(GREY, {colorType: 0}), GREY],
      'PNG grey and alpha': [encodePng(GREY, {colorType: 4}), GREY],
      'PNG grey, 16 bits': [encodePng(GREY, {colorType: 0, bitDepth: 16}), GREY],
      'PNG palette': [encodePng(GREY, {colorType: 3}), GREY],
      'PNG palette, interlaced': [encodePng(GREY, {colorType: 3, interlaced: true}), GREY],
      'PNG grey, 1 bit': [encodePng(GREY, {colorType: 0, bitDepth: 1}), quantised(2)],
      'PNG palette, 2 bits': [encodePng(GREY, {colorType: 3, bitDepth: 2}), quantised(4)],
      'PNG grey, 4 bits, interlaced': [encodePng(GREY, {colorType: 0, bitDepth: 4, interlaced: true}), quantised(16)],
      'BMP 24 bits': [encodeBmp(COLORS), COLORS],
      'BMP 32 bits': [encodeBmp(COLORS, {bitsPerPixel: 32}), COLORS],
      'BMP from the top (negative height)': [encodeBmp(COLORS, {topDown: true}), COLORS],
      'BMP with a gap before its pixels': [encodeBmp(COLORS, {gap: 20}), COLORS],
      'BMP palette': [encodeBmp(GREY, {bitsPerPixel: 8}), GREY],
      'BMP 4 bits, odd width': [encodeBmp(GREY, {bitsPerPixel: 4}), quantised(16)],
      GIF: [encodeGif([GREY]), GREY],
      TIFF: [encodeTiff(COLORS), COLORS],
      'TIFF, big-endian': [encodeTiff(COLORS, {order: 'MM'}), COLORS],
      'TIFF, deflate': [encodeTiff(COLORS, {compression: 8}), COLORS],
    };
    for (const [name, [bytes, frame]] of Object.entries(exact))
      it(name, async () => expectSame(await decodeImage(bytes), frame));
  });

  describe("pictures written by Pillow give Pillow's pixels", () => {
    for (const [name, {file, frame, tolerance}] of Object.entries(FIXTURES))
      for (const decoder of name.startsWith('JPEG') ? (['native', 'portable'] as const) : (['auto'] as const))
        it(`${name} (${decoder})`, async () => {
          const {frame: decoded} = await decodeImage(file, {decoder});
          expect([decoded.width, decoded.height]).to.deep.equal([frame.width, frame.height]);
          const worst = decoded.data.reduce((most, v, i) => Math.max(most, Math.abs(v - frame.data[i])), 0);
          expect(worst, 'levels').to.be.at.most(tolerance);
        });
  });

  it('composites alpha over black', async () => {
    const alpha = Uint8Array.from({length: 37 * 23}, (_, i) => i % 256);
    const expected = COLORS.data.map((level, i) => Math.round((level * alpha[Math.floor(i / 3)]) / 255));
    for (const bitDepth of [8, 16] as const) {
      const {frame} = await decodeImage(encodePng(COLORS, {colorType: 6, bitDepth, alpha}));
      expect(Buffer.from(frame.data).equals(Buffer.from(expected))).to.equal(true);
    }
  });

  it('reads a GIF with growing code sizes like an independent decoder', async () => {
    const frame = drawFrame(120, 90, (x, y): Color => [((x * y) % 16) * 17, ((x + y) % 8) * 34, 60]);
    const rgba = Buffer.alloc(120 * 90 * 4, 255);
    for (let i = 0; i < 120 * 90; i++) rgba.set(frame.data.subarray(i * 3, i * 3 + 3), i * 4);
    const bytes = await gif().encode({width: 120, height: 90, data: rgba});
    const {data} = gif().decode(bytes) as {data: Buffer};
    expectSame(await decodeImage(bytes), {...frame, data: data.filter((_, i) => i % 4 !== 3)});
    expectNear(await decodeImage(bytes), frame, 8);
  });

  it('returns pixels that the next picture does not overwrite', async () => {
    const {frame} = await decodeImage(encodeJpeg(BLOCKS));
    const kept = Uint8Array.from(frame.data);
    await decodeImage(encodeJpeg(COLORS));
    expect(Buffer.from(kept).equals(frame.data)).to.equal(true);
  });

  it('decodes the first frame of an animation or the first page, with a note', async () => {
    const black = drawFrame(37, 23, () => [0, 0, 0]);
    const animated = await decodeImage(encodeGif([GREY, black]));
    expectSame(animated, GREY);
    expect(animated.notes).to.deep.equal(['animated GIF: the first frame was used']);
    const paged = await decodeImage(encodeTiff(COLORS, {next: 8}));
    expectSame(paged, COLORS);
    expect(paged.notes).to.deep.equal(['TIFF of several pages: the first was used']);
  });

  for (const decoder of ['native', 'portable'] as const) {
    it(`reads color and grey JPEGs (${decoder})`, async () => {
      expectNear(await decodeImage(encodeJpeg(BLOCKS, 95, '444'), {decoder}), BLOCKS, 6);
      const grey = drawFrame(48, 32, (x) => [x * 5, x * 5, x * 5]);
      expectNear(await decodeImage(encodeGreyJpeg(grey, 95), {decoder}), grey, 6);
    });

    it(`ignores what follows the end of a JPEG (${decoder})`, async () => {
      const bytes = Buffer.concat([encodeJpeg(BLOCKS, 95, '444'), Buffer.alloc(999, 0xff), encodeJpeg(GREY)]);
      expectNear(await decodeImage(bytes, {decoder}), BLOCKS, 6);
    });

    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
      it(`applies EXIF orientation ${orientation} once: JPEG (${decoder})`, async () => {
        const bytes = withExifOrientation(encodeJpeg(BLOCKS, 95, '444'), orientation);
        const turned = moved(BLOCKS, seenAt(orientation, 48, 32), orientation >= 5);
        expectNear(await decodeImage(bytes, {decoder}), turned, 6);
      });
  }

  const stored = FIXTURES['WebP, lossless'];
  const turnable: Record<string, [Frame, (orientation: number) => Buffer]> = {
    'PNG (eXIf)': [COLORS, (orientation) => encodePng(COLORS, {orientation})],
    TIFF: [COLORS, (orientation) => encodeTiff(COLORS, {orientation})],
    'TIFF, big-endian': [COLORS, (orientation) => encodeTiff(COLORS, {orientation, order: 'MM'})],
    WebP: [stored.frame, (orientation) => withWebpExif(stored.file, stored.frame, orientation)],
    'WebP, prefixed': [stored.frame, (orientation) => withWebpExif(stored.file, stored.frame, orientation, 'Exif\0\0')],
  };
  for (const [name, [frame, encode]] of Object.entries(turnable))
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
      it(`applies EXIF orientation ${orientation} once: ${name}`, async () => {
        const turned = moved(frame, seenAt(orientation, frame.width, frame.height), orientation >= 5);
        expectSame(await decodeImage(encode(orientation)), turned);
      });

  it('accepts pictures up to the pixel limit', async () => {
    const bytes = encodePng(COLORS);
    expectSame(await decodeImage(bytes, {maxPixels: 37 * 23}), COLORS);
    const error = await decodeImage(bytes, {maxPixels: 37 * 23 - 1}).catch((reason) => reason);
    expect(error.code).to.equal('IMAGE_TOO_LARGE');
    const bomb = await decodeImage(pngHeader(30_000, 30_000)).catch((reason) => reason);
    expect(bomb.code, 'although the rest of the file is missing').to.equal('IMAGE_TOO_LARGE');
  });
});

function quantised(levels: number): Frame {
  return {...GREY, data: GREY.data.map((v) => Math.round((Math.round((v * (levels - 1)) / 255) * 255) / (levels - 1)))};
}

/** Displayed position of the stored pixel (x, y), according to the table in the EXIF standard. */
function seenAt(orientation: number, width: number, height: number): (x: number, y: number) => [number, number] {
  const [right, bottom] = [width - 1, height - 1];
  const places: Record<number, (x: number, y: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y) => [right - x, y],
    3: (x, y) => [right - x, bottom - y],
    4: (x, y) => [x, bottom - y],
    5: (x, y) => [y, x],
    6: (x, y) => [bottom - y, x],
    7: (x, y) => [bottom - y, right - x],
    8: (x, y) => [y, right - x],
  };
  return places[orientation];
}

function moved(frame: Frame, place: (x: number, y: number) => [number, number], swap: boolean): Frame {
  const width = swap ? frame.height : frame.width;
  const height = swap ? frame.width : frame.height;
  const data = new Uint8Array(frame.data.length);
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const [toX, toY] = place(x, y);
      data.set(frame.data.subarray((y * frame.width + x) * 3).subarray(0, 3), (toY * width + toX) * 3);
    }
  }
  return {width, height, data};
}

function expectSame({frame}: DecodedImage, expected: Frame): void {
  expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
  expect(Buffer.from(frame.data).equals(Buffer.from(expected.data)), 'the pixels are the same').to.equal(true);
}

function expectNear({frame}: DecodedImage, expected: Frame, tolerance: number): void {
  expect([frame.width, frame.height]).to.deep.equal([expected.width, expected.height]);
  let sum = 0;
  frame.data.forEach((level, i) => {
    sum += Math.abs(level - expected.data[i]);
  });
  expect(sum / frame.data.length).to.be.below(tolerance);
}

function readHeader(bytes: Uint8Array) {
  return detectFormat(bytes)!.readHeader(bytes);
}
