import {latin1} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeGif} from './decode.ts';
import {type GifHeader, readGifHeader} from './header.ts';

export const gif: ImageFormat<GifHeader> = {
  name: 'gif',
  title: 'GIF',
  mediaType: 'image/gif',
  extensions: ['.gif'],
  embeddable: true,
  detect: (bytes) => /^GIF8[79]a/.test(latin1(bytes, 0, 6)),
  readHeader: readGifHeader,
  decode: decodeGif,
};
