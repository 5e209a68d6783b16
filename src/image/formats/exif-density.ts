/** What a file says of how large its pixels are. */
export interface FileDensity {
  /** Pixels per inch, along x and y as stored. */
  dpiX: number;
  dpiY: number;
  /** Whether it says how it was exposed: then a camera wrote it, whose density means nothing. */
  camera: boolean;
}

const TAGS = {xResolution: 282, yResolution: 283, unit: 296, exif: 0x8769};
/** Exposure time, f-number, sensitivity, aperture, focal length (CIPA DC-008, table 7): a scanner has none of them. */
const EXPOSURE: ReadonlySet<number> = new Set([0x829a, 0x829d, 0x8827, 0x9201, 0x9202, 0x920a]);
const RATIONAL = 5;
const CENTIMETER = 3;
const NO_UNIT = 1;
/** Directories of EXIF have some dozens. */
const MOST_ENTRIES = 1000;

/**
 * The density in the first directory of a TIFF file, or of EXIF data, which are one in small. `dpiX` is 0 where only exposure
 * is told. Whatever is damaged counts as not there.
 */
export function exifDensity(tiff: Uint8Array): FileDensity | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return undefined;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return undefined;
  const first = entriesAt(view.getUint32(4, little));
  const exif = first.get(TAGS.exif);
  const all = [...first.keys(), ...(exif === undefined ? [] : entriesAt(u32(exif)).keys())];
  const camera = all.some((tag) => EXPOSURE.has(tag));
  const unitAt = first.get(TAGS.unit);
  const unit = unitAt === undefined ? 2 : view.getUint16(unitAt, little);
  const factor = unit === CENTIMETER ? 2.54 : unit === NO_UNIT ? 0 : 1;
  const [dpiX, dpiY] = [TAGS.xResolution, TAGS.yResolution].map((tag) => rational(first.get(tag)) * factor);
  if (dpiX > 0 && dpiY > 0) return {dpiX, dpiY, camera};
  return camera ? {dpiX: 0, dpiY: 0, camera} : undefined;

  /** Where the values of a directory's tags lie; those of rationals have their type checked. */
  function entriesAt(directory: number): Map<number, number> {
    const found = new Map<number, number>();
    if (directory + 2 > tiff.length) return found;
    const count = Math.min(MOST_ENTRIES, view.getUint16(directory, little));
    for (let i = 0; i < count; i++) {
      const entry = directory + 2 + i * 12;
      if (entry + 12 > tiff.length) break;
      const tag = view.getUint16(entry, little);
      const isRational = view.getUint16(entry + 2, little) === RATIONAL;
      if ((tag === TAGS.xResolution || tag === TAGS.yResolution) && !isRational) continue;
      if (!found.has(tag)) found.set(tag, entry + 8);
    }
    return found;
  }

  function u32(at: number): number {
    return at + 4 <= tiff.length ? view.getUint32(at, little) : 0;
  }

  function rational(at: number | undefined): number {
    if (at === undefined) return 0;
    const offset = u32(at);
    const denominator = u32(offset + 4);
    return denominator === 0 ? 0 : u32(offset) / denominator;
  }
}
