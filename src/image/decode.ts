import {RiceError} from '../common/errors.ts';
import {checkPasses, checkSize} from './check-limits.ts';
import {USUAL_COST} from './cost.ts';
import {corrupt} from './formats/bytes.ts';
import {detectFormat, SUPPORTED_FORMATS} from './formats/formats.ts';
import {orient} from './formats/orientation.ts';
import type {Decoded, Decoder, ImageFormat} from './formats/types.ts';
import {nameUnsupported} from './formats/unsupported.ts';
import {DEFAULT_MAX_PIXELS} from './limits.ts';

export type {Decoder} from './formats/types.ts';

export interface DecodeOptions {
  maxPixels?: number;
  decoder?: Decoder;
  /** Shares the memory with other threads that decode. */
  memory?: MemoryGate;
}

/** Memory that several threads share. */
export interface MemoryGate {
  /** Waits until so many bytes are free, blocking the thread; the caller of the decoder gives them back. */
  hold(bytes: number): void;
}

/** What Node says if memory outside of its heap cannot be allocated. */
const OUT_OF_MEMORY = /allocation failed|allocate/i;

export interface DecodedImage extends Decoded {
  /** The format's name in the table of formats. */
  format: string;
}

/**
 * Decodes an image to RGB and passes it to `use`. The first bytes decide the format; the size is checked before any decoder
 * runs; alpha is composited over black, gray and CMYK become RGB, and the EXIF orientation is applied. Of several pages or
 * frames, the first is decoded.
 *
 * @param use called once, synchronously; it must not keep the frame, because the next one may reuse its buffer
 * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT; what `use` throws
 */
export async function useDecoded<Result>(
  bytes: Uint8Array,
  options: DecodeOptions,
  use: (image: DecodedImage) => Result,
): Promise<Result> {
  const format = supportedFormat(bytes);
  const {maxPixels = DEFAULT_MAX_PIXELS, decoder = 'auto', memory} = options;
  let cost = 0;
  const header = format.readHeader(bytes, (width, height, pixel = USUAL_COST) => {
    cost = Math.max(cost, checkSize(width, height, pixel, format, maxPixels));
  });
  checkPasses(header, maxPixels);
  await format.loadDecoder?.(header);
  memory?.hold(cost);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoding = guarded(format, () => format.decode(buffer, header, decoder));
  // A synchronous decoder may return shared memory, so nothing may be awaited before `use`.
  const decoded = decoding instanceof Promise ? await decoding.catch((error) => fail(format, error)) : decoding;
  const {frame, notes} = decoded;
  if (frame.width !== header.width || frame.height !== header.height)
    throw corrupt(format.title, 'its pixel data does not have the size stated in its header');
  return use({frame: orient(frame, header.orientation), format: format.name, notes});
}

/** Decodes an image to pixels that the caller may keep; see `useDecoded`. */
export function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<DecodedImage> {
  // A decoder may return a Buffer, whose `slice` does not copy.
  return useDecoded(bytes, options, ({frame, ...rest}) => ({
    ...rest,
    frame: {...frame, data: new Uint8Array(frame.data)},
  }));
}

function guarded<Result>(format: ImageFormat, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    return fail(format, error);
  }
}

function fail(format: ImageFormat, error: unknown): never {
  if (error instanceof RiceError) throw error;
  const reason = reasonOf(error);
  if (error instanceof RangeError && OUT_OF_MEMORY.test(reason))
    throw new RiceError('IMAGE_TOO_LARGE', 'there is not enough memory to decode the picture', {
      suggestions: ['Shrink it, or give the program more memory.'],
      cause: error,
    });
  throw corrupt(format.title, reason, error);
}

function supportedFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new RiceError('IMAGE_EMPTY', 'the file is empty');
  const format = detectFormat(bytes);
  if (format) return format;
  const title = nameUnsupported(bytes);
  const what = title === undefined ? 'the bytes are not a known image format' : `${title} is not supported`;
  throw new RiceError('IMAGE_UNSUPPORTED', `${what}; supported are ${SUPPORTED_FORMATS}`);
}

/** Decoders may throw anything, even strings. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)) || 'it cannot be decoded';
}
