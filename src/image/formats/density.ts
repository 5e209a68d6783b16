import {RiceError} from '../../common/errors.ts';
import {ByteReader} from './bytes.ts';
import {exifDensity, type FileDensity} from './exif-density.ts';
import {detectFormat} from './formats.ts';
import {MARKER, nextSegment} from './jpeg/segments.ts';

export type {FileDensity} from './exif-density.ts';

const INCH = 25.4;
/** What lies before the pixels: far more segments or chunks than any program writes there. */
const MOST_PARTS = 1000;

/**
 * The density that a file states, and whether a camera wrote it; undefined where it states none. What is damaged states none:
 * a broken remark must not cost the picture. Nothing is decoded, and nothing is allocated by what the file claims.
 */
export function readDensity(bytes: Uint8Array): FileDensity | undefined {
  const reader = READERS[detectFormat(bytes)?.name ?? ''];
  try {
    return reader?.(bytes);
  } catch (error) {
    // `ByteReader` throws where a file ends too early.
    if (error instanceof RiceError) return undefined;
    throw error;
  }
}

const READERS: Readonly<Record<string, (bytes: Uint8Array) => FileDensity | undefined>> = {
  jpeg: jpegDensity,
  png: pngDensity,
  tiff: exifDensity,
  webp: webpDensity,
  bmp: bmpDensity,
};

/** EXIF goes before JFIF: programs fill JFIF's fields with 72 or 1. */
function jpegDensity(bytes: Uint8Array): FileDensity | undefined {
  const reader = new ByteReader(bytes, 'JPEG', false);
  let [jfif, exif]: (FileDensity | undefined)[] = [];
  let camera = false;
  let segment = nextSegment(reader, 2);
  for (let i = 0; segment && segment.code !== MARKER.scan && segment.code !== MARKER.end && i < MOST_PARTS; i++) {
    const {code, offset, length} = segment;
    if (code === MARKER.app0 && length >= 12 && reader.ascii(offset, 5) === 'JFIF\0') {
      const unit = reader.u8(offset + 7);
      const factor = unit === 1 ? 1 : unit === 2 ? INCH / 10 : 0;
      jfif ??= densityOf(reader.u16(offset + 8) * factor, reader.u16(offset + 10) * factor);
    } else if (code === MARKER.app1 && length >= 6 && reader.ascii(offset, 6) === 'Exif\0\0') {
      const found = exifDensity(bytes.subarray(offset + 6, offset + length));
      camera ||= found?.camera ?? false;
      if (found && found.dpiX > 0) exif ??= found;
    }
    segment = nextSegment(reader, offset + length);
  }
  return withCamera(exif ?? jfif, camera);
}

function pngDensity(bytes: Uint8Array): FileDensity | undefined {
  const reader = new ByteReader(bytes, 'PNG', false);
  let density: FileDensity | undefined;
  let camera = false;
  let offset = 8;
  for (let i = 0; offset + 8 <= bytes.length && i < MOST_PARTS; i++) {
    const length = reader.u32(offset);
    const type = reader.ascii(offset + 4, 4);
    const at = offset + 8;
    if (type === 'pHYs' && length === 9 && reader.u8(at + 8) === 1)
      density ??= densityOf((reader.u32(at) * INCH) / 1000, (reader.u32(at + 4) * INCH) / 1000);
    else if (type === 'eXIf') {
      const found = exifDensity(bytes.subarray(at, at + length));
      camera ||= found?.camera ?? false;
      if (found && found.dpiX > 0) density ??= found;
    } else if (type === 'IDAT' && density) break;
    offset = at + length + 4;
  }
  return withCamera(density, camera);
}

function webpDensity(bytes: Uint8Array): FileDensity | undefined {
  const reader = new ByteReader(bytes, 'WebP', true);
  let offset = 12;
  for (let i = 0; offset + 8 <= bytes.length && i < MOST_PARTS; i++) {
    const length = reader.u32(offset + 4);
    if (reader.ascii(offset, 4) === 'EXIF') {
      const exif = bytes.subarray(offset + 8, offset + 8 + length);
      // Some programs put JPEG's mark before it.
      return exifDensity(exif[0] === 0x45 ? exif.subarray(6) : exif);
    }
    offset += 8 + length + (length & 1);
  }
  return undefined;
}

/** Pixels per metre, at the same place in all headers but the oldest. */
function bmpDensity(bytes: Uint8Array): FileDensity | undefined {
  const reader = new ByteReader(bytes, 'BMP', true);
  if (reader.u32(14) < 40) return undefined;
  return densityOf((reader.u32(38) * INCH) / 1000, (reader.u32(42) * INCH) / 1000);
}

function densityOf(dpiX: number, dpiY: number): FileDensity | undefined {
  return dpiX > 0 && dpiY > 0 ? {dpiX, dpiY, camera: false} : undefined;
}

function withCamera(density: FileDensity | undefined, camera: boolean): FileDensity | undefined {
  return density && {...density, camera: density.camera || camera};
}
