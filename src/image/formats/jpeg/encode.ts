import {RiceError} from '../../../common/errors.ts';
import type {Decoder} from '../../decode.ts';
import type {Frame} from '../../frame.ts';
import {nativeCodec} from './decode.ts';

/** The longest side that libjpeg writes. */
const MAX_SIDE = 65_500;

/**
 * Encodes pixels as a baseline JPEG, by libjpeg-turbo with 4:2:0 subsampling where it can be loaded, by jimp elsewhere.
 *
 * @param quality 1 to 100, on the scale of the Independent JPEG Group
 * @param encoder whose code it is, for tests; as for decoding, but jimp's where libjpeg-turbo is not
 * @throws RiceError IMAGE_TOO_LARGE where a side is longer than a JPEG's can be
 */
export async function encodeJpeg(
  {width, height, data}: Frame,
  quality: number,
  encoder: Decoder = 'auto',
): Promise<Buffer> {
  if (Math.max(width, height) > MAX_SIDE)
    throw new RiceError('IMAGE_TOO_LARGE', `${width} x ${height} pixels are more than a JPEG can hold`);
  const turbo = encoder === 'portable' ? undefined : await nativeCodec();
  if (turbo) {
    const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const options = {format: turbo.FORMAT_RGB, width, height, quality, subsampling: turbo.SAMP_420};
    return Buffer.from(turbo.compressSync(pixels, options));
  }
  const {default: jpeg} = await import('@jimp/js-jpeg');
  return jpeg().encode({width, height, data: withAlpha(data)} as never, {quality});
}

function withAlpha(rgb: Uint8Array): Buffer {
  const rgba = Buffer.alloc((rgb.length / 3) * 4, 255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
}
