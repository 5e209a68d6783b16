import {startsWith} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeTiff} from './decode.ts';
import {readTiffHeader, type TiffHeader} from './header.ts';

export const tiff: ImageFormat<TiffHeader> = {
  name: 'tiff',
  title: 'TIFF',
  mediaType: 'image/tiff',
  extensions: ['.tif', '.tiff'],
  embeddable: false,
  detect: (bytes) => startsWith(bytes, [0x49, 0x49, 0x2a, 0]) || startsWith(bytes, [0x4d, 0x4d, 0, 0x2a]),
  readHeader: readTiffHeader,
  decode: decodeTiff,
};
