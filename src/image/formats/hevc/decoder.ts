import {RiceError} from '../../../common/errors.ts';
import {corrupt, truncated} from '../bytes.ts';
import type {CodecDecoder, DecodedPicture} from '../heif/codec.ts';
import type {Color} from '../heif/color.ts';
import type {CodedPicture} from '../heif/picture.ts';
import {type Libde265, loadLibde265} from './libde265.ts';
import {Memory} from './memory.ts';
import type {NalUnit} from './nal-unit.ts';
import type {Plane, Planes} from './planes.ts';
import type {HevcStream} from './stream.ts';
import {toRgb} from './to-rgb.ts';
import {hasUntouchedBlock} from './untouched.ts';

/** A decoder that took more is not kept for the next picture. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;
const MOST_ROUNDS = 10_000;

/** libde265 and its memory, as long as both are in order. */
let kept: {library: Libde265; memory: Memory} | undefined;

/**
 * Opens libde265, compiled to WebAssembly. Each picture finds its memory as it is right after loading, so that none can
 * see or change anything of another.
 */
export async function openHevcDecoder(format: string): Promise<CodecDecoder<HevcStream>> {
  const make = await loadLibde265(format);
  return {
    decode(stream, picture, color, isGrey) {
      if (!kept) {
        const library = make();
        library._de265_init();
        kept = {library, memory: new Memory(library)};
      }
      const {library, memory} = kept;
      // Whatever ends early leaves a decoder that nobody knows the state of.
      kept = undefined;
      memory.reset();
      try {
        const decoded = decodeStream(library, stream, picture, color, isGrey, format);
        if (memory.bytes <= MOST_KEPT_BYTES) kept = {library, memory};
        return decoded;
      } catch (error) {
        throw error instanceof RiceError ? error : corrupt(format, 'its pixels cannot be decoded', error);
      }
    },
  };
}

function decodeStream(
  library: Libde265,
  {units, parameters}: HevcStream,
  {width, height}: CodedPicture,
  color: Color | undefined,
  isGrey: boolean,
  format: string,
): DecodedPicture {
  const picture = decodeUnits(library, units, format);
  const planes = planesOf(library, picture);
  const [luma] = planes.planes;
  if (luma.width !== width || luma.height !== height || planes.bitDepth !== parameters.bitDepth)
    throw corrupt(format, 'its pixels are not of the size that it states');
  if (hasUntouchedBlock(planes, parameters)) throw truncated(format);
  const own = color ?? colorOf(library, picture);
  if (!isGrey) return {frame: toRgb(planes, own, format), transfer: own.transfer};
  // What an alpha channel stores is what it means, whatever is said of its range.
  return {frame: toRgb({...planes, planes: [luma]}, {...own, fullRange: true}, format), transfer: own.transfer};
}

/** @returns the address of the picture */
function decodeUnits(library: Libde265, units: readonly NalUnit[], format: string): number {
  const decoder = library._de265_new_decoder();
  for (const {bytes} of units) {
    const address = library._malloc(bytes.length);
    if (decoder === 0 || address === 0) throw corrupt(format, 'its pixels need more memory than there is');
    library.HEAPU8.set(bytes, address);
    library._de265_push_NAL(decoder, address, bytes.length, 0, 0, 0);
    library._free(address);
  }
  library._de265_flush_data(decoder);
  const more = library._malloc(4);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const error = library._de265_decode(decoder, more);
    const picture = library._de265_get_next_picture(decoder);
    if (picture !== 0) return picture;
    if (error !== 0 || u32(library, more) === 0) break;
  }
  throw corrupt(format, 'its pixels cannot be decoded');
}

function planesOf(library: Libde265, picture: number): Planes {
  const bitDepth = library._de265_get_bits_per_pixel(picture, 0);
  const stride = library._malloc(4);
  const channels = library._de265_get_chroma_format(picture) === 0 ? [0] : [0, 1, 2];
  const planes = channels.map((channel): Plane => {
    const address = library._de265_get_image_plane(picture, channel, stride);
    const width = library._de265_get_image_width(picture, channel);
    const height = library._de265_get_image_height(picture, channel);
    const {buffer} = library.HEAPU8;
    const bytes = u32(library, stride);
    if (bitDepth <= 8)
      return {samples: new Uint8Array(buffer, address, bytes * (height - 1) + width), stride: bytes, width, height};
    const samples = new Uint16Array(buffer, address, (bytes / 2) * (height - 1) + width);
    return {samples, stride: bytes / 2, width, height};
  });
  return {planes, bitDepth};
}

/** What the codec says of its colors. */
function colorOf(library: Libde265, picture: number): Color {
  return {
    primaries: library._de265_get_image_colour_primaries(picture),
    transfer: library._de265_get_image_transfer_characteristics(picture),
    matrix: library._de265_get_image_matrix_coefficients(picture),
    fullRange: library._de265_get_image_full_range_flag(picture) !== 0,
  };
}

function u32({HEAPU8}: Libde265, address: number): number {
  return new DataView(HEAPU8.buffer).getUint32(address, true);
}
