/** The formats that can be read. */
export type SupportedFormat = 'jpeg' | 'png' | 'webp' | 'bmp' | 'gif' | 'tiff';

/** The formats that are recognised, so that a refusal can name them. */
export type ImageFormat = SupportedFormat | 'avif' | 'heic' | 'jxl' | 'jp2' | 'ico' | 'psd' | 'svg' | 'pdf';

/** How a format is called in messages. */
export const FORMAT_NAMES: Record<ImageFormat, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  bmp: 'BMP',
  gif: 'GIF',
  tiff: 'TIFF',
  avif: 'AVIF',
  heic: 'HEIC',
  jxl: 'JPEG XL',
  jp2: 'JPEG 2000',
  ico: 'ICO',
  psd: 'Photoshop',
  svg: 'SVG',
  pdf: 'PDF',
};

const SUPPORTED: ReadonlySet<ImageFormat> = new Set(['jpeg', 'png', 'webp', 'bmp', 'gif', 'tiff']);

/** The supported formats, for messages. */
export const SUPPORTED_NAMES = 'JPEG, PNG, WebP, BMP, GIF and TIFF';

export function isSupported(format: ImageFormat): format is SupportedFormat {
  return SUPPORTED.has(format);
}

/** Byte sequences at the start of a file; what ISO media, RIFF and text formats need beyond that is below. */
const SIGNATURES: ReadonlyArray<readonly [ImageFormat, readonly number[]]> = [
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['gif', [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ['bmp', [0x42, 0x4d]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['jxl', [0xff, 0x0a]],
  ['jxl', [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20]],
  ['jp2', [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20]],
  ['jp2', [0xff, 0x4f, 0xff, 0x51]],
  ['ico', [0, 0, 1, 0]],
  ['psd', [0x38, 0x42, 0x50, 0x53]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
];

/** Tells the format of an encoded image from its first bytes alone; never from a name. */
export function detectFormat(bytes: Uint8Array): ImageFormat | undefined {
  for (const [format, signature] of SIGNATURES) if (startsWith(bytes, signature)) return format;
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'webp';
  if (text(bytes, 4, 8) === 'ftyp') return isoMediaFormat(bytes);
  return looksLikeSvg(bytes) ? 'svg' : undefined;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  for (let i = 0; i < signature.length; i++) if (bytes[i] !== signature[i]) return false;
  return true;
}

/** ISO base media files (ISO/IEC 14496-12) say what they are by their brands. */
function isoMediaFormat(bytes: Uint8Array): ImageFormat | undefined {
  const brands = text(bytes, 8, 64);
  if (/avi[fs]/.test(brands)) return 'avif';
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : undefined;
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  const start = text(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return start.startsWith('<') && /<(?:svg|!DOCTYPE svg)\b/i.test(start);
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);
}
