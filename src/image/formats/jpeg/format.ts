import {startsWith} from '../signature.ts';
import type {ImageFormat} from '../types.ts';
import {decodeJpeg, loadNativeDecoder} from './decode.ts';
import {type JpegHeader, readJpegHeader} from './header.ts';

export const jpeg: ImageFormat<JpegHeader> = {
  name: 'jpeg',
  title: 'JPEG',
  mediaType: 'image/jpeg',
  extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  embeddable: true,
  detect: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  readHeader: readJpegHeader,
  loadDecoder: loadNativeDecoder,
  decode: decodeJpeg,
};
