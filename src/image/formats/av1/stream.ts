import {corrupt} from '../bytes.ts';
import type {CodedInput} from '../heif/codec.ts';
import {FRAME, FRAME_HEADER, SEQUENCE_HEADER, splitObus} from './obu.ts';
import {readSequenceHeader, type SequenceHeader} from './sequence-header.ts';

/** A picture coded by AV1: what its decoder gets to see. */
export interface Av1Stream {
  header: SequenceHeader;
  /** `av1C`, without what may follow its fields. */
  configuration: Uint8Array;
  data: Uint8Array;
}

/** A picture is one frame; made of layers, it has up to four, and each may be built on hidden ones. */
const MOST_FRAMES = 8;
/** The fields of `av1C` before units that repeat what is in the data (AV1 in ISO Base Media File Format, section 2.3.3). */
const CONFIGURATION_BYTES = 4;

/**
 * Takes a coded picture apart. Every sequence header must be of the size that the file states, since the decoder takes its
 * memory by them.
 */
export function readAv1Stream({format, configuration, data, width, height}: CodedInput): Av1Stream {
  if (configuration.length < CONFIGURATION_BYTES) throw corrupt(format, 'its av1C ends early');
  const units = splitObus(data, format);
  const headers = units
    .filter(({type}) => type === SEQUENCE_HEADER)
    .map(({payload}) => readSequenceHeader(payload, format));
  if (headers.length === 0) throw corrupt(format, 'a picture in it does not say how it is coded');
  const [header] = headers;
  for (const {width: codedWidth, height: codedHeight, bitDepth, monochrome} of headers) {
    if (codedWidth !== width || codedHeight !== height)
      throw corrupt(format, 'its pixels are not of the size that it states');
    if (bitDepth !== header.bitDepth || monochrome !== header.monochrome)
      throw corrupt(format, 'a picture in it says in different ways how it is coded');
  }
  const frames = units.filter(({type}) => type === FRAME || type === FRAME_HEADER).length;
  if (frames === 0 || frames > MOST_FRAMES) throw corrupt(format, `a picture in it has ${frames} frames`);
  return {header, configuration: configuration.subarray(0, CONFIGURATION_BYTES), data};
}
