import {dataUri} from '../../common/report/data-uri.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import {encodePng} from '../../image/formats/png/encode.ts';
import type {Frame} from '../../image/frame.ts';
import type {ScannedPicture} from '../types.ts';
import {type AnnotateOptions, annotateFrame} from './annotate.ts';
import {annotateSvg} from './annotate-svg.ts';

/** What an annotated picture may be written as. */
export const ANNOTATION_FORMATS = ['png', 'jpg', 'jpeg', 'svg'] as const;
export type AnnotationFormat = (typeof ANNOTATION_FORMATS)[number];

const QUALITY = 90;

/** The bytes of an annotated picture. An SVG holds the picture itself, too. */
export async function annotatedFile(
  format: AnnotationFormat,
  frame: Frame,
  picture: ScannedPicture,
  options: AnnotateOptions,
): Promise<Uint8Array> {
  if (format === 'svg')
    return Buffer.from(annotateSvg(dataUri('image/jpeg', await encodeJpeg(frame, QUALITY)), picture, options));
  const annotated = annotateFrame(frame, picture, options);
  return format === 'png' ? encodePng(annotated) : encodeJpeg(annotated, QUALITY);
}
