import {dataUri} from '../../../common/report/data-uri.ts';
import {encodeJpeg} from '../../../image/formats/jpeg/encode.ts';
import type {Frame} from '../../../image/frame.ts';
import {shrinkFrame} from '../../../image/resize/shrink.ts';
import type {EmbeddedImage} from './report-data.ts';

/** The largest number of pictures in a page, so that it has a few MB at most. */
export const MOST_PICTURES = 12;
/** Longer side in pixels, and quality. */
const SIDE = 1800;
const QUALITY = 82;

/** A picture for a page: shrunk, as a data URI. */
export async function embedPicture(frame: Frame): Promise<EmbeddedImage> {
  const {width, height, data} = shrinkFrame(frame, SIDE);
  return {uri: dataUri('image/jpeg', await encodeJpeg({width, height, data}, QUALITY)), width, height};
}
