import {latin1} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeBmp} from './decode.ts';
import {type BmpHeader, readBmpHeader} from './header.ts';

export const bmp: ImageFormat<BmpHeader> = {
  name: 'bmp',
  title: 'BMP',
  mediaType: 'image/bmp',
  extensions: ['.bmp'],
  embeddable: false,
  detect: (bytes) => latin1(bytes, 0, 2) === 'BM',
  readHeader: readBmpHeader,
  decode: decodeBmp,
};
