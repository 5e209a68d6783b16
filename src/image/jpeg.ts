import {RiceError} from '../errors.ts';
import {corrupt, truncated, unsupported} from './bytes.ts';
import type {Decoded, Decoder} from './decode.ts';
import type {Frame} from './frame.ts';
import {type JpegHeader, readJpegHeader} from './jpeg-header.ts';
import {overBlack} from './rgba.ts';

type Turbo = typeof import('@julusian/jpeg-turbo');

/** Bytes that jimp's decoder takes for a pixel at the worst: four channels of 32-bit coefficients, lines and pixels. */
const WORKING_BYTES = 48;
const MIB = 2 ** 20;

/** What libjpeg-turbo says of a picture that it had to make up in part: its warnings carry no text in this binding. */
const WARNING = /^No error$/;

let turbo: Promise<Turbo | undefined> | undefined;

/** Decodes a JPEG with libjpeg-turbo where that loads; CMYK, and everything where it does not load, with jimp. */
export async function decodeJpeg(bytes: Buffer, decoder: Decoder): Promise<Decoded> {
  const header = readJpegHeader(bytes);
  turbo ??= loadTurbo();
  const native = decoder === 'jimp' || header.components === 4 ? undefined : await turbo;
  if (native) return {frame: decodeNative(native, bytes), notes: []};
  if (decoder === 'native' && header.components !== 4)
    throw new RiceError('INTERNAL', 'the native JPEG decoder cannot be loaded here');
  return {frame: await decodeWithJimp(bytes, header), notes: []};
}

/** The package is optional: a platform without a prebuilt binary lives without it. */
async function loadTurbo(): Promise<Turbo | undefined> {
  try {
    return (await import('@julusian/jpeg-turbo')).default;
  } catch {
    return undefined;
  }
}

function decodeNative(native: Turbo, bytes: Buffer): Frame {
  try {
    const {width, height, data} = native.decompressSync(bytes, {format: native.FORMAT_RGB});
    return {width, height, data};
  } catch (error) {
    const message = (error as Error).message;
    throw WARNING.test(message) ? truncated('jpeg', error) : corrupt('jpeg', message, error);
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
      ? truncated('jpeg', error)
      : corrupt('jpeg', message, error);
  }
}
