import {latin1, startsWith} from './signature.ts';

/** Formats that are recognised though not read, so that a refusal can name them. */
const UNSUPPORTED: ReadonlyArray<{title: string; detect(bytes: Uint8Array): boolean}> = [
  {title: 'JPEG XL', detect: (bytes) => startsWith(bytes, [0xff, 0x0a]) || isBoxed(bytes, 'JXL ')},
  {title: 'JPEG 2000', detect: (bytes) => startsWith(bytes, [0xff, 0x4f, 0xff, 0x51]) || isBoxed(bytes, 'jP  ')},
  {title: 'ICO', detect: (bytes) => startsWith(bytes, [0, 0, 1, 0])},
  {title: 'Photoshop', detect: (bytes) => latin1(bytes, 0, 4) === '8BPS'},
  {title: 'PDF', detect: (bytes) => latin1(bytes, 0, 4) === '%PDF'},
  {title: 'AVIF', detect: (bytes) => /avi[fs]/.test(brands(bytes))},
  {title: 'HEIC', detect: (bytes) => /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands(bytes))},
  {title: 'SVG', detect: looksLikeSvg},
];

/** The title of a format that is recognised, but not read. */
export function nameUnsupported(bytes: Uint8Array): string | undefined {
  return UNSUPPORTED.find(({detect}) => detect(bytes))?.title;
}

function isBoxed(bytes: Uint8Array, type: string): boolean {
  return startsWith(bytes, [0, 0, 0, 12]) && latin1(bytes, 4, 8) === type;
}

/** ISO base media files (ISO/IEC 14496-12) say what they are by their brands. */
function brands(bytes: Uint8Array): string {
  return latin1(bytes, 4, 8) === 'ftyp' ? latin1(bytes, 8, 64) : '';
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = latin1(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return start.startsWith('<') && /<(?:svg|!DOCTYPE svg)\b/i.test(start);
}
