import {decodeImage} from '../../image/decode.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import type {Frame} from '../../image/frame.ts';

/** What is left of a picture that was saved as a JPEG of this quality (1 to 100, the scale of the IJG). */
export async function recompress(frame: Frame, quality: number): Promise<Frame> {
  const bytes = await encodeJpeg(frame, quality);
  return (await decodeImage(bytes, {maxPixels: Number.POSITIVE_INFINITY})).frame;
}
