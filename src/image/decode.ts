import {RiceError} from '../common/errors.ts';
import {decodeBmp} from './formats/bmp/decode.ts';
import {corrupt} from './formats/bytes.ts';
import {detectFormat, FORMAT_NAMES, isSupported, SUPPORTED_NAMES, type SupportedFormat} from './formats/format.ts';
import {decodeGif} from './formats/gif/decode.ts';
import {type ImageHeader, readHeader} from './formats/header.ts';
import {decodeJpeg, loadNativeDecoder} from './formats/jpeg/decode.ts';
import {readJpegHeader} from './formats/jpeg/header.ts';
import {orient} from './formats/orientation.ts';
import {decodePng} from './formats/png/decode.ts';
import {decodeTiff} from './formats/tiff/decode.ts';
import {decodeWebp} from './formats/webp/decode.ts';
import type {Frame} from './frame.ts';

/** Pictures with more pixels are refused unless the caller says otherwise. */
export const DEFAULT_MAX_PIXELS = 25_000_000;

/** No side may be longer, whatever the number of pixels: the longest that a JPEG can have. */
const MAX_SIDE = 65_535;

/** Which decoder reads JPEGs: libjpeg-turbo where it loads and can, jimp's otherwise; or always the one named. */
export type Decoder = 'auto' | 'native' | 'jimp';

export interface DecodeOptions {
  maxPixels?: number;
  decoder?: Decoder;
}

/** Pixels, and what a decoder has to remark about them. */
export interface Decoded {
  frame: Frame;
  notes: string[];
}

export interface DecodedImage extends Decoded {
  format: SupportedFormat;
}

/** The decoders but that of JPEGs, which is told what its header says: that was a walk through the whole file. */
const DECODERS: Record<Exclude<SupportedFormat, 'jpeg'>, (bytes: Buffer) => Decoded | Promise<Decoded>> = {
  png: decodePng,
  webp: decodeWebp,
  bmp: decodeBmp,
  gif: decodeGif,
  tiff: decodeTiff,
};

/**
 * Decodes an image to RGB and hands it to `use`: format by its first bytes, size checked before any decoder runs, alpha
 * over black, grey and CMYK to RGB, EXIF orientation applied. Of several pages or frames, the first.
 *
 * @param use is called once, at once; the frame may lie where the next one will, so it must not be kept
 * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT; what `use` throws
 */
export async function useDecoded<Result>(
  bytes: Uint8Array,
  options: DecodeOptions,
  use: (image: DecodedImage) => Result,
): Promise<Result> {
  const format = supportedFormat(bytes);
  const maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
  const check = (width: number, height: number) => checkSize(width, height, format, maxPixels);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: ImageHeader;
  let decode: () => Decoded | Promise<Decoded>;
  if (format === 'jpeg') {
    const jpeg = readJpegHeader(bytes, check);
    await loadNativeDecoder();
    header = jpeg;
    decode = () => decodeJpeg(buffer, jpeg, options.decoder ?? 'auto');
  } else {
    header = readHeader(bytes, format, check);
    decode = () => DECODERS[format](buffer);
  }
  const decoding = guarded(format, decode);
  // A decoder that is done at once may have used memory that all share: nothing may come in between.
  const decoded = decoding instanceof Promise ? await decoding.catch((error) => fail(format, error)) : decoding;
  const {frame, notes} = decoded;
  if (frame.width !== header.width || frame.height !== header.height)
    throw corrupt(format, 'its pixels are not of the size that it states');
  return use({frame: orient(frame, header.orientation), format, notes});
}

/** Decodes an image to pixels that may be kept; see `useDecoded`. */
export function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  // A decoder may give a Buffer, whose `slice` copies nothing.
  return useDecoded(bytes, options, ({frame, ...rest}) => ({
    ...rest,
    frame: {...frame, data: new Uint8Array(frame.data)},
  }));
}

function guarded<Result>(format: SupportedFormat, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    return fail(format, error);
  }
}

function fail(format: SupportedFormat, error: unknown): never {
  throw error instanceof RiceError ? error : corrupt(format, reasonOf(error), error);
}

function supportedFormat(bytes: Uint8Array): SupportedFormat {
  if (bytes.length === 0) throw new RiceError('IMAGE_EMPTY', 'the file is empty');
  const format = detectFormat(bytes);
  if (format !== undefined && isSupported(format)) return format;
  const what =
    format === undefined ? 'the bytes are no known image format' : `${FORMAT_NAMES[format]} is not supported`;
  throw new RiceError('IMAGE_UNSUPPORTED', `${what}; supported are ${SUPPORTED_NAMES}`);
}

function checkSize(width: number, height: number, format: SupportedFormat, maxPixels: number): void {
  if (width === 0 || height === 0) throw corrupt(format, `it is ${width} x ${height} pixels`);
  const size = `the picture is ${width} x ${height} pixels`;
  if (width * height > maxPixels)
    throw new RiceError('IMAGE_TOO_LARGE', `${size}, over the limit of ${maxPixels.toLocaleString('en')}`);
  if (width > MAX_SIDE || height > MAX_SIDE)
    throw new RiceError('IMAGE_TOO_LARGE', `${size}; no side may be longer than ${MAX_SIDE.toLocaleString('en')}`, {
      suggestions: ['Crop or shrink it.'],
    });
}

/** Decoders throw all sorts of things, also strings. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)) || 'it cannot be decoded';
}
