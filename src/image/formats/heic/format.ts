import {decodeHeif} from '../heif/decode.ts';
import {type HeifHeader, readHeifHeader} from '../heif/header.ts';
import {readBrands} from '../isobmff/brands.ts';
import type {ImageFormat} from '../types.ts';

/** HEVC in HEIF, and whatever else says that it is HEIF. */
export const heic: ImageFormat<HeifHeader> = {
  name: 'heic',
  title: 'HEIC',
  mediaType: 'image/heic',
  otherMediaTypes: ['image/heif'],
  extensions: ['.heic', '.heif', '.hif'],
  embeddable: false,
  detect: (bytes) => readBrands(bytes).some((brand) => /^(he[iv][cxmsi]|mif[123]|msf1)$/.test(brand)),
  readHeader: (bytes, check) => readHeifHeader(bytes, 'HEIC', check),
  decode: decodeHeif,
};
