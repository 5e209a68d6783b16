import {decodeImage} from '../../image/decode.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import type {Frame} from '../../image/frame.ts';

/** Saves the frame as a JPEG of this quality (1 to 100, the IJG scale) and decodes it again. */
export async function recompress(frame: Frame, quality: number): Promise<Frame> {
  const bytes = await encodeJpeg(frame, quality);
  return (await decodeImage(bytes, {maxPixels: Number.POSITIVE_INFINITY})).frame;
}
