import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Decoder} from '../../../src/image/decode.ts';
import {FIXTURES} from '../fixtures.ts';
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
import {tiledTiff} from '../tiff.ts';
import {animatedWebp, animationFrame, withWebpExif} from '../webp.ts';

/** A file to damage. */
export interface FuzzPicture {
  name: string;
  read: () => Buffer;
  decoder: Decoder;
}

/** Pictures of every format and variant; JPEGs once for each decoder. */
export function generatedPictures(): FuzzPicture[] {
  const grain = drawGrain({size: 40, length: 28, width: 12, angle: 30, noise: 4});
  const small = drawGrain({size: 16, length: 12, width: 5});
  const alpha = Uint8Array.from({length: 1600}, (_, i) => i % 256);
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
    'WebP, frames beside one another': animatedWebp(
      40,
      30,
      animationFrame(lossy.file, 17, 12, 4, 6),
      animationFrame(lossless.file, 17, 12),
    ),
    'WebP, EXIF': withWebpExif(lossy.file, lossy.frame, 5),
    'JPEG, tiny': encodeJpeg(small),
  };
  for (const [name, {file}] of Object.entries(FIXTURES)) files[name] = file;
  return Object.entries(files).flatMap(([name, bytes]) => {
    const decoders: Decoder[] = name.startsWith('JPEG') ? ['auto', 'jimp'] : ['auto'];
    return decoders.map((decoder) => ({name: `${name} (${decoder})`, read: () => bytes, decoder}));
  });
}

/** The picture files in a folder and its folders, by name, for each of the decoders. */
export function picturesIn(folder: string, decoders: readonly Decoder[]): FuzzPicture[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.(jpe?g|png|webp|bmp|gif|tiff?)$/i.test(name))
    .sort()
    .flatMap((name) =>
      decoders.map((decoder) => ({
        name: `${name} (${decoder})`,
        read: () => readFileSync(join(folder, name)),
        decoder,
      })),
    );
}
