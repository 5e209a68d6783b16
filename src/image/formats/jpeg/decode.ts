import {RiceError} from '../../../common/errors.ts';
import type {Frame} from '../../frame.ts';
import {openKernels} from '../../kernels/kernels.ts';
import {reductionFactor} from '../../resize/reduce.ts';
import {corrupt, truncated, unsupported} from '../bytes.ts';
import type {Decoded, Decoder} from '../types.ts';
import type {JpegFrame} from './frame.ts';
import type {JpegHeader} from './header.ts';
import {decodePortable} from './portable/decode.ts';

type Turbo = typeof import('@julusian/jpeg-turbo');

/** What libjpeg-turbo says of a picture that it had to make up in part: its warnings carry no text in this binding. */
const WARNING = /^No error$/;
/** How much finer than the other colors the first is stored, where libjpeg-turbo has a name for it. */
const NAMED_SAMPLINGS: ReadonlySet<string> = new Set(['1x1', '2x1', '2x2', '1x2', '4x1', '1x4']);

const END = Uint8Array.of(0xff, 0xd9);

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
 * Decodes a JPEG with libjpeg-turbo where that was loaded; CMYK, samplings that it has no name for, and everything where it was
 * not, in TypeScript. Valid until the next frame.
 */
export function decodeJpeg(bytes: Uint8Array, header: JpegHeader, decoder: Decoder): Decoded {
  if (header.frame.components.length === 4 && header.adobeTransform === undefined)
    throw unsupported('a CMYK JPEG without Adobe marker');
  const {missingEnd} = header;
  if (!missingEnd) return {frame: decodeWhole(bytes, header, decoder), notes: []};
  // With an end marker right behind the data decoders tell whether these are whole: too few or too many are an error.
  const ended = new Uint8Array(missingEnd.data + END.length);
  ended.set(bytes.subarray(0, missingEnd.data));
  ended.set(END, missingEnd.data);
  const notes = missingEnd.padded ? [] : ['the JPEG has no end marker, but all of its pixels'];
  return {frame: decodeWhole(ended, header, decoder), notes};
}

function decodeWhole(bytes: Uint8Array, header: JpegHeader, decoder: Decoder): Frame {
  const native = decoder !== 'portable' && header.frame.components.length !== 4;
  if (native && !turbo && decoder === 'native')
    throw new RiceError('INTERNAL', 'the native JPEG decoder cannot be loaded here');
  return (native && turbo && decodeNative(turbo, bytes, header)) || decodePortable(bytes, header);
}

/**
 * Small pictures go right where the kernels want them: fresh memory for each would cost a third of the decoding. Every pixel is
 * written, or a warning makes it an error. Undefined where it fails at a sampling that it has no name for.
 */
function decodeNative(native: Turbo, data: Uint8Array, {width, height, frame}: JpegHeader): Frame | undefined {
  const options = {format: native.FORMAT_RGB};
  const small = reductionFactor(width, height) === 1;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  try {
    const decoded = small
      ? native.decompressSync(bytes, openKernels().frameBuffer(width * height * 3), options)
      : native.decompressSync(bytes, options);
    return {width: decoded.width, height: decoded.height, data: decoded.data};
  } catch (error) {
    const message = (error as Error).message;
    if (!hasNamedSampling(frame)) return undefined;
    throw WARNING.test(message) ? truncated('JPEG', error) : corrupt('JPEG', message, error);
  }
}

function hasNamedSampling({components: [first, ...others]}: JpegFrame): boolean {
  return others.every(
    ({h, v}) => h === others[0].h && v === others[0].v && NAMED_SAMPLINGS.has(`${first.h / h}x${first.v / v}`),
  );
}
