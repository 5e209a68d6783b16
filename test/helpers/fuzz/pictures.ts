import {readdirSync, readFileSync} from 'node:fs';
import {extname, join} from 'node:path';
import type {Decoder} from '../../../src/image/decode.ts';
import {isImageExtension} from '../../../src/image/formats/formats.ts';
import {FIXTURES} from '../fixtures.ts';
import {
  alphaProperty,
  codedItem,
  codedPart,
  gridData,
  heifFile,
  sequenceFile,
  sizeProperty,
  turnProperty,
} from '../heif.ts';
import {
  drawGrain,
  encodeBmp,
  encodeGif,
  encodeGreyJpeg,
  encodeJpeg,
  encodePng,
  encodeTiff,
  withExifOrientation,
} from '../images.ts';
import {writeJpeg} from '../jpeg-writer.ts';
import {bigTiffFile, rgbTags, type TiffEntry, tiffFile, tiledTiff} from '../tiff.ts';
import {animatedWebp, animationFrame, withWebpExif} from '../webp.ts';

/** A file to damage. */
export interface FuzzPicture {
  name: string;
  read: () => Buffer;
  decoder: Decoder;
}

/**
 * Pictures of every format and variant; JPEGs once for each decoder.
 *
 * @param names a regular expression: only those whose names it matches
 */
export function generatedPictures(names = ''): FuzzPicture[] {
  const grain = drawGrain({size: 40, length: 28, width: 12, angle: 30, noise: 4});
  const small = drawGrain({size: 16, length: 12, width: 5});
  const alpha = Uint8Array.from({length: 1600}, (_, i) => i % 256);
  const jpeg = encodeJpeg(grain);
  const colors = [3, 5, 7, 2].map((slope) => ({level: (x: number, y: number) => (x * slope + y * 2) % 256}));
  const coarse = [{...colors[0], h: 3}, colors[1], {...colors[2], v: 2}];
  const lossless = FIXTURES['WebP, lossless'];
  const lossy = FIXTURES['WebP, lossy, alpha'];
  const files: Record<string, Buffer> = {
    JPEG: encodeJpeg(grain),
    'JPEG, 4:4:4': encodeJpeg(grain, 90, '444'),
    'JPEG, grey, drawn': encodeGreyJpeg(grain),
    'JPEG, turned by EXIF': withExifOrientation(encodeJpeg(grain), 6),
    PNG: encodePng(grain),
    'PNG, interlaced': encodePng(grain, {interlaced: true}),
    'PNG, 16 bits, turned': encodePng(grain, {bitDepth: 16, orientation: 8}),
    'PNG, 16 bits, alpha, interlaced': encodePng(grain, {bitDepth: 16, colorType: 6, alpha, interlaced: true}),
    'PNG, palette, interlaced': encodePng(grain, {colorType: 3, interlaced: true}),
    'PNG, palette, 2 bits': encodePng(grain, {colorType: 3, bitDepth: 2}),
    'PNG, grey, 1 bit, interlaced': encodePng(grain, {colorType: 0, bitDepth: 1, interlaced: true}),
    BMP: encodeBmp(grain),
    'BMP, 32 bits': encodeBmp(grain, {bitsPerPixel: 32}),
    'BMP, palette': encodeBmp(grain, {bitsPerPixel: 8}),
    'BMP, 4 bits, from the top': encodeBmp(grain, {bitsPerPixel: 4, topDown: true}),
    'GIF, of two frames': encodeGif([grain, grain]),
    TIFF: encodeTiff(grain),
    'TIFF, deflate, big-endian': encodeTiff(grain, {compression: 8, order: 'MM', orientation: 3}),
    'TIFF, tiles': tiledTiff(grain, 16, 16),
    'TIFF, big': bigTiffFile(Buffer.from(grain.data), rgbTags(40, 40, oneStrip(16, grain.data.length))),
    'TIFF, a JPEG': tiffFile(jpeg, [...rgbTags(40, 40, oneStrip(8, jpeg.length)), [259, [7]]]),
    'TIFF, a plane per color': tiffFile(Buffer.from(grain.data), rgbTags(40, 40, threePlanes(40 * 40))),
    'JPEG, CMYK, restarts': writeJpeg({width: 30, height: 20, colors, adobe: 2, restartInterval: 3}),
    'JPEG, progressive, unusual sampling': writeJpeg({width: 30, height: 20, colors: coarse, progressive: true}),
    'WebP, frames beside one another': animatedWebp(
      40,
      30,
      animationFrame(lossy.file, 17, 12, 4, 6),
      animationFrame(lossless.file, 17, 12),
    ),
    'WebP, EXIF': withWebpExif(lossy.file, lossy.frame, 5),
    'JPEG, tiny': encodeJpeg(small),
    ...boxedPictures(),
  };
  for (const [name, {file}] of Object.entries(FIXTURES)) files[name] = file;
  const wanted = Object.entries(files).filter(([name]) => new RegExp(names).test(name));
  return wanted.flatMap(([name, bytes]) => {
    const decoders: Decoder[] = name.startsWith('JPEG') ? ['auto', 'portable'] : ['auto'];
    return decoders.map((decoder) => ({name: `${name} (${decoder})`, read: () => bytes, decoder}));
  });
}

/** AVIF and HEIC as few encoders write them. */
function boxedPictures(): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (const title of ['AVIF', 'HEIC']) {
    const picture = codedPart(FIXTURES[`${title}, 4:2:0`].file);
    const grey = codedPart(FIXTURES[`${title}, grey`].file);
    const [width, height] = [2 * picture.width, picture.height - 3];
    const brands = title === 'AVIF' ? ['avif', 'mif1'] : ['heic', 'mif1'];
    files[`${title}, sequence alone`] = sequenceFile(picture);
    files[`${title}, in pieces`] = heifFile([{...codedItem(picture), pieces: 3}], {brands});
    files[`${title}, inside`] = heifFile([{...codedItem(picture), inside: true}], {brands, version: 2});
    files[`${title}, tiles with alpha`] = heifFile(
      [
        {
          type: 'grid',
          properties: [sizeProperty(width, height), turnProperty(1)],
          data: gridData(1, 2, width, height),
          inside: true,
        },
        codedItem(picture),
        codedItem(grey, alphaProperty()),
      ],
      {
        brands,
        references: [
          ['dimg', 1, 2, 2],
          ['auxl', 3, 2],
        ],
      },
    );
  }
  return files;
}

/** The picture files in a folder and its folders, by name, for each of the decoders. */
export function picturesIn(folder: string, decoders: readonly Decoder[]): FuzzPicture[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => isImageExtension(extname(name)))
    .sort()
    .flatMap((name) =>
      decoders.map((decoder) => ({
        name: `${name} (${decoder})`,
        read: () => readFileSync(join(folder, name)),
        decoder,
      })),
    );
}

function oneStrip(offset: number, length: number): TiffEntry[] {
  return [
    [273, [offset]],
    [279, [length]],
  ];
}

function threePlanes(size: number): TiffEntry[] {
  return [
    [273, [8, 8 + size, 8 + 2 * size]],
    [279, [size, size, size]],
    [284, [2]],
  ];
}
