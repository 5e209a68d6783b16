import {decodeHeif} from '../heif/decode.ts';
import {type HeifHeader, readHeifHeader} from '../heif/header.ts';
import {readBrands} from '../isobmff/brands.ts';
import type {ImageFormat} from '../types.ts';

export const avif: ImageFormat<HeifHeader> = {
  name: 'avif',
  title: 'AVIF',
  mediaType: 'image/avif',
  extensions: ['.avif'],
  embeddable: true,
  detect: (bytes) => readBrands(bytes).some((brand) => /^avi[fs]$/.test(brand)),
  readHeader: (bytes, check) => readHeifHeader(bytes, 'AVIF', check),
  decode: decodeHeif,
};
