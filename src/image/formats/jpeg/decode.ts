import {RiceError} from '../../../common/errors.ts';
import type {Frame} from '../../frame.ts';
import {openKernels} from '../../kernels/kernels.ts';
import {reductionFactor} from '../../resize/reduce.ts';
import {corrupt, truncated, unsupported} from '../bytes.ts';
import {overBlack} from '../rgba.ts';
import type {Decoded, Decoder} from '../types.ts';
import type {JpegHeader} from './header.ts';

type Turbo = typeof import('@julusian/jpeg-turbo');

/** Bytes that jimp's decoder takes for a pixel at the worst: four channels of 32-bit coefficients, lines and pixels. */
const WORKING_BYTES = 48;
const MIB = 2 ** 20;

/** What libjpeg-turbo says of a picture that it had to make up in part: its warnings carry no text in this binding. */
const WARNING = /^No error$/;

let loading: Promise<void> | undefined;
let turbo: Turbo | undefined;

/** Loads libjpeg-turbo, if it can be loaded here; `decodeJpeg` uses it from then on. */
export function loadNativeDecoder(): Promise<void> {
  loading ??= loadTurbo();
  return loading;
}

/** libjpeg-turbo, undefined where it cannot be loaded. */
export async function nativeCodec(): Promise<Turbo | undefined> {
  await loadNativeDecoder();
  return turbo;
}

/** The package is optional: a platform without a prebuilt binary lives without it. */
async function loadTurbo(): Promise<void> {
  try {
    turbo = (await import('@julusian/jpeg-turbo')).default;
  } catch {
    turbo = undefined;
  }
}

/**
 * Decodes a JPEG with libjpeg-turbo where that was loaded; CMYK, and everything where it was not, with jimp. What
 * libjpeg-turbo decodes is there at once, and valid until the next frame.
 */
export function decodeJpeg(bytes: Buffer, header: JpegHeader, decoder: Decoder): Decoded | Promise<Decoded> {
  const native = decoder !== 'jimp' && header.components !== 4;
  if (native && turbo) return {frame: decodeNative(turbo, bytes, header), notes: []};
  if (native && decoder === 'native') throw new RiceError('INTERNAL', 'the native JPEG decoder cannot be loaded here');
  return decodeWithJimp(bytes, header).then((frame) => ({frame, notes: []}));
}

/** Small pictures go right where the kernels want them: fresh memory for each would cost a third of the decoding. */
function decodeNative(native: Turbo, bytes: Buffer, {width, height}: JpegHeader): Frame {
  const options = {format: native.FORMAT_RGB};
  const small = reductionFactor(width, height) === 1;
  try {
    const decoded = small
      ? native.decompressSync(bytes, openKernels().frameBuffer(width * height * 3), options)
      : native.decompressSync(bytes, options);
    return {width: decoded.width, height: decoded.height, data: decoded.data};
  } catch (error) {
    const message = (error as Error).message;
    throw WARNING.test(message) ? truncated('JPEG', error) : corrupt('JPEG', message, error);
  }
}

async function decodeWithJimp(bytes: Buffer, header: JpegHeader): Promise<Frame> {
  if (header.components === 4 && header.adobeTransform === undefined)
    throw unsupported('a CMYK JPEG without Adobe marker');
  const {default: jpeg} = await import('@jimp/js-jpeg');
  try {
    const options = {
      tolerantDecoding: false,
      maxResolutionInMP: Number.POSITIVE_INFINITY,
      maxMemoryUsageInMB: 64 + (header.width * header.height * WORKING_BYTES) / MIB,
      ...(header.components === 3 && header.adobeTransform === 0 && {colorTransform: false}),
    };
    return overBlack(jpeg().decode(bytes, options));
  } catch (error) {
    const message = (error as Error).message;
    throw /unexpected marker|marker was not found/.test(message)
      ? truncated('JPEG', error)
      : corrupt('JPEG', message, error);
  }
}
