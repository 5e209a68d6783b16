import {readBrands} from './isobmff/brands.ts';
import {latin1, startsWith} from './signature.ts';

/** Formats that are recognised though not read, so that a refusal can name them. */
const UNSUPPORTED: ReadonlyArray<{title: string; detect(bytes: Uint8Array): boolean}> = [
  {title: 'JPEG XL', detect: (bytes) => startsWith(bytes, [0xff, 0x0a]) || isBoxed(bytes, 'JXL ')},
  {title: 'JPEG 2000', detect: (bytes) => startsWith(bytes, [0xff, 0x4f, 0xff, 0x51]) || isBoxed(bytes, 'jP  ')},
  {title: 'ICO', detect: (bytes) => startsWith(bytes, [0, 0, 1, 0])},
  {title: 'Photoshop', detect: (bytes) => latin1(bytes, 0, 4) === '8BPS'},
  {title: 'PDF', detect: (bytes) => latin1(bytes, 0, 4) === '%PDF'},
  {title: 'VVC in HEIF', detect: (bytes) => hasBrand(bytes, /^vvi[cs]$/)},
  {title: 'AVC in HEIF', detect: (bytes) => hasBrand(bytes, /^avc[is]$/)},
  {title: 'JPEG in HEIF', detect: (bytes) => hasBrand(bytes, /^jp(eg|gs)$/)},
  {title: 'video', detect: (bytes) => hasBrand(bytes, /^(isom|iso[2-9]|mp4[12]|avc1|qt {2}|M4V |3gp.)$/)},
  {title: 'SVG', detect: looksLikeSvg},
];

/** The title of a format that is recognised, but not read. */
export function nameUnsupported(bytes: Uint8Array): string | undefined {
  return UNSUPPORTED.find(({detect}) => detect(bytes))?.title;
}

function isBoxed(bytes: Uint8Array, type: string): boolean {
  return startsWith(bytes, [0, 0, 0, 12]) && latin1(bytes, 4, 8) === type;
}

function hasBrand(bytes: Uint8Array, wanted: RegExp): boolean {
  return readBrands(bytes).some((brand) => wanted.test(brand));
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = latin1(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return start.startsWith('<') && /<(?:svg|!DOCTYPE svg)\b/i.test(start);
}
