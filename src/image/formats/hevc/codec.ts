import type {Codec} from '../heif/codec.ts';
import {openHevcDecoder} from './decoder.ts';
import {type HevcStream, readHevcStream} from './stream.ts';

/** HEVC (ITU-T H.265) in boxes (ISO/IEC 23008-12, annex B). */
export const hevc: Codec<HevcStream> = {
  name: 'hevc',
  title: 'HEVC',
  itemTypes: ['hvc1', 'hev1'],
  configurationType: 'hvcC',
  readStream: readHevcStream,
  open: openHevcDecoder,
};
