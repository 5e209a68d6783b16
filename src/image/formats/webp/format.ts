import {latin1} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeWebp} from './decode.ts';
import {readWebpHeader, type WebpHeader} from './header.ts';

export const webp: ImageFormat<WebpHeader> = {
  name: 'webp',
  title: 'WebP',
  mediaType: 'image/webp',
  extensions: ['.webp'],
  embeddable: true,
  detect: (bytes) => latin1(bytes, 0, 4) === 'RIFF' && latin1(bytes, 8, 12) === 'WEBP',
  readHeader: readWebpHeader,
  decode: decodeWebp,
};
