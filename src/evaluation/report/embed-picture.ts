import {dataUri} from '../../common/report/data-uri.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {type DecodeOptions, decodeImage} from '../../image/decode.ts';
import {detectFormat} from '../../image/formats/formats.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import {shrinkFrame} from '../../image/resize/shrink.ts';
import type {EmbeddedPicture} from './page-data.ts';

/** How large a picture may be in a page. */
export interface EmbeddedSize {
  /** Files up to this many bytes are embedded unchanged if browsers support their format. */
  smallFile: number;
  /** Longer side of a shrunk picture in pixels, and its JPEG quality. */
  side: number;
  quality: number;
}

/** A picture as a data URI: a small file unchanged, another one as a shrunk JPEG; undefined where it cannot be read. */
export async function embedPicture(
  file: string,
  {smallFile, side, quality}: EmbeddedSize,
  options: DecodeOptions,
): Promise<EmbeddedPicture | undefined> {
  try {
    const bytes = await readPicture(file);
    const {frame} = await decodeImage(bytes, options);
    const format = detectFormat(bytes);
    if (format?.embeddable && bytes.length <= smallFile)
      return {uri: dataUri(format.mediaType, bytes), width: frame.width, height: frame.height};
    const small = shrinkFrame(frame, side);
    return {uri: dataUri('image/jpeg', await encodeJpeg(small, quality)), width: small.width, height: small.height};
  } catch {
    return undefined;
  }
}
