import {inflateSync} from 'node:zlib';
import {corrupt, truncated, unsupported} from './bytes.ts';
import type {Decoded} from './decode.ts';
import {overBlack} from './rgba.ts';
import {first, readTiffHeader, TIFF_TAGS, type TiffHeader} from './tiff-header.ts';

const NONE = 1;
const LZW = 5;
const DEFLATE = 8;
const PACK_BITS = 32773;
const OLD_DEFLATE = 32946;
const MOST_BITS = 64;

const COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT fax',
  4: 'CCITT fax',
  6: 'old JPEG',
  7: 'JPEG',
};

/** Decodes the first page of a TIFF with jimp's decoder, which gets to see a file with the tags it needs and no others. */
export async function decodeTiff(bytes: Buffer): Promise<Decoded> {
  const header = readTiffHeader(bytes);
  checkCompression(header);
  checkStrips(bytes, header);
  const {default: tiff} = await import('@jimp/js-tiff');
  const frame = overBlack(tiff().decode(withPlainDirectory(bytes, header)));
  return {frame, notes: header.pages ? ['TIFF of several pages: the first was used'] : []};
}

function checkCompression({tags}: TiffHeader): void {
  const compression = first(tags, TIFF_TAGS.compression) ?? NONE;
  if (![NONE, LZW, DEFLATE, PACK_BITS, OLD_DEFLATE].includes(compression))
    throw unsupported(`a TIFF with ${COMPRESSIONS[compression] ?? `number ${compression}`} compression`);
  if (bitsPerPixel(tags) > MOST_BITS) throw unsupported(`a TIFF with ${bitsPerPixel(tags)} bits a pixel`);
  if (first(tags, TIFF_TAGS.planes) === 2) throw unsupported('a TIFF with a plane a colour');
  if ((first(tags, TIFF_TAGS.sampleFormat) ?? 1) !== 1) throw unsupported('a TIFF whose pixels are not whole numbers');
}

function bitsPerPixel(tags: TiffHeader['tags']): number {
  return (first(tags, TIFF_TAGS.bitsPerSample) ?? 1) * (first(tags, TIFF_TAGS.samplesPerPixel) ?? 1);
}

/** All strips or tiles must lie in the file, and none may inflate to more than the picture has. */
function checkStrips(bytes: Buffer, {tags, width, height}: TiffHeader): void {
  const tiled = tags.has(TIFF_TAGS.tileWidth);
  const offsets = tags.get(tiled ? TIFF_TAGS.tileOffsets : TIFF_TAGS.stripOffsets);
  const lengths = tags.get(tiled ? TIFF_TAGS.tileBytes : TIFF_TAGS.stripBytes);
  if (!offsets || !lengths || offsets.length !== lengths.length)
    throw corrupt('tiff', 'it does not tell where its pixels are');
  const rowBytes = Math.ceil((width * bitsPerPixel(tags)) / 8);
  const compression = first(tags, TIFF_TAGS.compression) ?? NONE;
  const stored = lengths.reduce((sum, length) => sum + length, 0);
  if (compression === NONE && stored < rowBytes * height) throw truncated('tiff');
  for (let i = 0; i < offsets.length; i++) {
    if (offsets[i] + lengths[i] > bytes.length) throw truncated('tiff');
    if (compression === DEFLATE || compression === OLD_DEFLATE)
      inflateSync(bytes.subarray(offsets[i], offsets[i] + lengths[i]), {
        maxOutputLength: 2 * rowBytes * height + 65536,
      });
  }
}

/** A copy whose only directory, put behind the data, holds the tags that were read. */
function withPlainDirectory(bytes: Buffer, {tags, littleEndian}: TiffHeader): Buffer {
  const entries = [...tags].filter(([tag]) => tag !== TIFF_TAGS.orientation).sort(([a], [b]) => a - b);
  const start = bytes.length + (bytes.length % 2);
  let values = start + 2 + entries.length * 12 + 4;
  const size = values + entries.reduce((sum, [, {length}]) => sum + length * 4, 0);
  const out = Buffer.alloc(size);
  bytes.copy(out);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  view.setUint32(4, start, littleEndian);
  view.setUint16(start, entries.length, littleEndian);
  entries.forEach(([tag, list], index) => {
    const entry = start + 2 + index * 12;
    view.setUint16(entry, tag, littleEndian);
    view.setUint16(entry + 2, 4, littleEndian);
    view.setUint32(entry + 4, list.length, littleEndian);
    if (list.length === 1) view.setUint32(entry + 8, list[0], littleEndian);
    else {
      view.setUint32(entry + 8, values, littleEndian);
      for (const value of list) {
        view.setUint32(values, value, littleEndian);
        values += 4;
      }
    }
  });
  return out;
}
