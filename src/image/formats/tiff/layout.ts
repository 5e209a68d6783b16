import {corrupt, truncated, unsupported} from '../bytes.ts';
import {JPEG, TIFF_TAGS as TAGS, type TiffHeader, type TiffTags} from './header.ts';

/** A strip is a tile as wide as the picture. */
export interface TiffBlocks {
  width: number;
  height: number;
  /** Blocks in a row of them. */
  across: number;
  /** Blocks of the picture, or of each of its planes, which lie one behind the other. */
  count: number;
  /** Bytes of a row of one block. */
  rowBytes: number;
  /** Where each one's data lie, and bytes of that. */
  offsets: number[];
  lengths: number[];
}

/** How the pixels are stored. */
export interface TiffLayout {
  compression: number;
  /** Bits are read from the other end of a byte. */
  reversedBits: boolean;
  /** Samples are stored as differences to the pixel on the left. */
  differences: boolean;
  littleEndian: boolean;
  bits: number;
  samples: number;
  /** Each sample has blocks of its own, rather than each pixel its samples side by side. */
  separate: boolean;
  photometric: number;
  /** What the first sample beyond the colors is: 0 nothing of interest, 1 alpha that the colors are multiplied with, 2 alpha. */
  extra: number;
  blocks: TiffBlocks;
}

export const COMPRESSION = {none: 1, lzw: 5, jpeg: JPEG, deflate: 8, oldDeflate: 32946, packBits: 32773} as const;
export const PHOTOMETRIC = {whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5, yCbCr: 6} as const;

const COMPRESSIONS: ReadonlySet<number> = new Set(Object.values(COMPRESSION));
const OTHER_COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT fax',
  4: 'CCITT fax',
  6: 'old JPEG',
};
/** Color samples of each photometric interpretation that is read. */
export const COLORS: Readonly<Record<number, number>> = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3};
const OTHER_PHOTOMETRICS: Readonly<Record<number, string>> = {4: 'a mask', 8: 'L*a*b*'};
const MOST_SAMPLES = 8;
const LEAST_TILE = 16;
const MIB = 2 ** 20;

/** Reads how the pixels of a TIFF are stored, and refuses what is not read or cannot be. */
export function readLayout(header: TiffHeader, fileBytes: number): TiffLayout {
  const {tags} = header;
  const compression = tags.first(TAGS.compression) ?? COMPRESSION.none;
  if (!COMPRESSIONS.has(compression))
    throw unsupported(`a TIFF with ${OTHER_COMPRESSIONS[compression] ?? `number ${compression}`} compression`);
  if ((tags.first(TAGS.sampleFormat) ?? 1) !== 1) throw unsupported('a TIFF whose pixels are not whole numbers');
  const pixel = readPixelFormat(tags);
  const separate = tags.first(TAGS.planes) === 2 && pixel.samples > 1;
  if (compression === COMPRESSION.jpeg) checkJpeg(pixel, separate);
  else if (pixel.photometric === PHOTOMETRIC.yCbCr)
    throw unsupported('a TIFF whose colors are YCbCr, other than in JPEGs');
  const predictor = tags.first(TAGS.predictor) ?? 1;
  if (predictor > 2 || (predictor === 2 && pixel.bits < 8)) throw unsupported(`a TIFF with predictor ${predictor}`);
  return {
    ...pixel,
    separate,
    compression,
    reversedBits: tags.first(TAGS.fillOrder) === 2,
    differences: predictor === 2,
    littleEndian: header.littleEndian,
    blocks: readBlocks(
      header,
      separate ? pixel.bits : pixel.bits * pixel.samples,
      separate ? pixel.samples : 1,
      fileBytes,
    ),
  };
}

/** JPEGs have samples of 8 bits side by side, and tell black and white, RGB and YCbCr apart, no more. */
function checkJpeg(
  {bits, samples, photometric}: Pick<TiffLayout, 'bits' | 'samples' | 'photometric'>,
  separate: boolean,
) {
  if (separate) throw unsupported('a TIFF with JPEG compression and a plane per color');
  const colors = COLORS[photometric];
  const known = photometric !== PHOTOMETRIC.palette && photometric !== PHOTOMETRIC.cmyk;
  if (bits !== 8 || samples !== colors || !known)
    throw unsupported(`a TIFF with JPEG compression of ${samples} x ${bits} bits`);
}

function readPixelFormat(tags: TiffTags): Pick<TiffLayout, 'bits' | 'samples' | 'photometric' | 'extra'> {
  const samples = tags.first(TAGS.samplesPerPixel) ?? 1;
  const depths = tags.list(TAGS.bitsPerSample, MOST_SAMPLES) ?? [1];
  const bits = depths[0];
  const photometric = tags.first(TAGS.photometric) ?? (samples >= 3 ? PHOTOMETRIC.rgb : PHOTOMETRIC.blackIsZero);
  const colors = COLORS[photometric];
  if (colors === undefined)
    throw unsupported(`a TIFF whose colors are ${OTHER_PHOTOMETRICS[photometric] ?? `of kind ${photometric}`}`);
  if (samples < colors) throw corrupt('TIFF', `its pixels have ${samples} samples`);
  if (samples > MOST_SAMPLES) throw unsupported(`a TIFF with ${samples} samples a pixel`);
  if (![1, 2, 4, 8, 16].includes(bits) || depths.some((depth) => depth !== bits))
    throw unsupported(`a TIFF with ${depths.join(', ')} bits a sample`);
  if (photometric === PHOTOMETRIC.palette && bits > 8) throw unsupported(`a TIFF with a palette for ${bits} bits`);
  return {bits, samples, photometric, extra: samples > colors ? (tags.first(TAGS.extraSamples) ?? 0) : 0};
}

/**
 * All blocks must lie in the file and side by side, or a small file could have the same bytes decompressed again and again;
 * and none may be much larger than the picture.
 */
function readBlocks(
  {tags, width, height}: TiffHeader,
  bitsPerPixel: number,
  planes: number,
  fileBytes: number,
): TiffBlocks {
  const tiled = tags.has(TAGS.tileWidth);
  const blockWidth = tiled ? (tags.first(TAGS.tileWidth) ?? 0) : width;
  const statedHeight = tags.first(tiled ? TAGS.tileHeight : TAGS.rowsPerStrip) ?? (tiled ? 0 : height);
  if (statedHeight === 0 || (tiled && Math.min(blockWidth, statedHeight) < LEAST_TILE))
    throw corrupt('TIFF', 'its parts have no size');
  const blockHeight = Math.min(statedHeight, height);
  const rowBytes = Math.ceil((blockWidth * bitsPerPixel) / 8);
  if (rowBytes * blockHeight > (width * height * bitsPerPixel) / 2 + MIB)
    throw corrupt('TIFF', 'its tiles are larger than the picture');
  const across = Math.ceil(width / blockWidth);
  const count = across * Math.ceil(height / blockHeight);
  const all = count * planes;
  const offsets = tags.list(tiled ? TAGS.tileOffsets : TAGS.stripOffsets, all);
  const lengths = tags.list(tiled ? TAGS.tileBytes : TAGS.stripBytes, all);
  if (!offsets || !lengths || offsets.length !== lengths.length)
    throw corrupt('TIFF', 'it does not tell where its pixels are');
  if (offsets.length < all) throw truncated('TIFF');
  let stored = 0;
  for (let i = 0; i < all; i++) {
    if (offsets[i] + lengths[i] > fileBytes) throw truncated('TIFF');
    stored += lengths[i];
  }
  if (stored > fileBytes) throw corrupt('TIFF', 'its parts lie on one another');
  return {width: blockWidth, height: blockHeight, across, count, rowBytes, offsets, lengths};
}
