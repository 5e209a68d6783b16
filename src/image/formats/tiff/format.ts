import {loadNativeDecoder} from '../jpeg/decode.ts';
import {startsWith} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeTiff} from './decode.ts';
import {JPEG, readTiffHeader, TIFF_TAGS, type TiffHeader} from './header.ts';

/** Of either byte order; the second pair is BigTIFF's. */
const SIGNATURES = [
  [0x49, 0x49, 0x2a, 0],
  [0x4d, 0x4d, 0, 0x2a],
  [0x49, 0x49, 0x2b, 0],
  [0x4d, 0x4d, 0, 0x2b],
];

export const tiff: ImageFormat<TiffHeader> = {
  name: 'tiff',
  title: 'TIFF',
  mediaType: 'image/tiff',
  extensions: ['.tif', '.tiff'],
  embeddable: false,
  detect: (bytes) => SIGNATURES.some((signature) => startsWith(bytes, signature)),
  readHeader: readTiffHeader,
  loadDecoder: async ({tags}) => {
    if (tags.first(TIFF_TAGS.compression) === JPEG) await loadNativeDecoder();
  },
  decode: decodeTiff,
};
