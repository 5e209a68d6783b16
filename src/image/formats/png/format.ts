import {startsWith} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodePng} from './decode.ts';
import {type PngHeader, readPngHeader} from './header.ts';

export const png: ImageFormat<PngHeader> = {
  name: 'png',
  title: 'PNG',
  mediaType: 'image/png',
  extensions: ['.png'],
  embeddable: true,
  detect: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  readHeader: readPngHeader,
  decode: decodePng,
};
