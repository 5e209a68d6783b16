import {RiceError} from '../../../../common/errors.ts';
import {checkPasses, checkSize} from '../../../../image/check-limits.ts';
import {USUAL_COST} from '../../../../image/cost.ts';
import type {DecodedImage, DecodeOptions} from '../../../../image/decode.ts';
import {corrupt, unsupported} from '../../../../image/formats/bytes.ts';
import {detectFormat} from '../../../../image/formats/formats.ts';
import {decodeJpeg} from '../../../../image/formats/jpeg/decode.ts';
import {jpeg} from '../../../../image/formats/jpeg/format.ts';
import {orient} from '../../../../image/formats/orientation.ts';
import type {ImageFormat, ImageHeader} from '../../../../image/formats/types.ts';
import {nameUnsupported} from '../../../../image/formats/unsupported.ts';
import {webp} from '../../../../image/formats/webp/format.ts';
import type {Frame} from '../../../../image/frame.ts';
import {DEFAULT_MAX_PIXELS} from '../../../../image/limits.ts';
import {frameOf} from './pixels.ts';
import {withoutExif} from './without-exif.ts';

/**
 * Takes the place of the function of that name in `src/image/decode.ts`. Format, size and structure are read from the header
 * by the same code. JPEGs are decoded by it, too, for browsers differ in their levels, and fill in what a damaged file lacks;
 * other formats by the browser.
 */
export async function useDecoded<Result>(
  bytes: Uint8Array<ArrayBuffer>,
  {maxPixels = DEFAULT_MAX_PIXELS}: DecodeOptions,
  use: (image: DecodedImage) => Result,
): Promise<Result> {
  const format = knownFormat(bytes);
  const check = (width: number, height: number, pixel = USUAL_COST) => {
    checkSize(width, height, pixel, format, maxPixels);
  };
  if (format === jpeg) {
    const header = jpeg.readHeader(bytes, check);
    checkPasses(header, maxPixels);
    const {frame, notes} = decodeJpeg(bytes, header, 'portable');
    return use({frame: orient(frame, header.orientation), format: format.name, notes});
  }
  const header = format.readHeader(bytes, check);
  checkPasses(header, maxPixels);
  const frame = await decodeInBrowser(bytes, format, header);
  return use({frame, format: format.name, notes: []});
}

function knownFormat(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new RiceError('IMAGE_EMPTY', 'the file is empty');
  const format = detectFormat(bytes);
  if (format) return format;
  const title = nameUnsupported(bytes);
  throw title === undefined
    ? new RiceError('IMAGE_UNSUPPORTED', 'the bytes are not a known image format')
    : unsupported(title);
}

/** The picture as it is shown. */
async function decodeInBrowser(
  bytes: Uint8Array<ArrayBuffer>,
  format: ImageFormat,
  header: ImageHeader,
): Promise<Frame> {
  const turnedHere = format === webp;
  const bitmap = await openBitmap(turnedHere ? withoutExif(bytes) : bytes, format);
  try {
    const swapped = header.orientation >= 5 && !turnedHere;
    const [width, height] = swapped ? [header.height, header.width] : [header.width, header.height];
    if (bitmap.width !== width || bitmap.height !== height)
      throw corrupt(format.title, 'its pixel data does not have the size stated in its header');
    const frame = frameOf(bitmap);
    return turnedHere ? orient(frame, header.orientation) : frame;
  } finally {
    bitmap.close();
  }
}

/** Without the colors of a profile, which the tool does not apply either, and without loss by alpha. */
async function openBitmap(bytes: Uint8Array<ArrayBuffer>, {title, mediaType, embeddable}: ImageFormat) {
  try {
    return await createImageBitmap(new Blob([bytes], {type: mediaType}), {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (error) {
    if (embeddable) throw corrupt(title, 'the browser cannot decode it', error);
    throw new RiceError('IMAGE_UNSUPPORTED', `this browser cannot open ${title} pictures`, {cause: error});
  }
}
