import type {Codec} from '../heif/codec.ts';
import {openAv1Decoder} from './decoder.ts';
import {type Av1Stream, readAv1Stream} from './stream.ts';

/** AV1 in boxes (AV1 Image File Format). */
export const av1: Codec<Av1Stream> = {
  name: 'av1',
  title: 'AV1',
  itemTypes: ['av01'],
  configurationType: 'av1C',
  readStream: readAv1Stream,
  open: openAv1Decoder,
};
