const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * The orientation (1..8) that a block of EXIF data, a TIFF file in small, gives in its first directory; 1 where it gives
 * none or is damaged: a broken remark must not cost the picture.
 */
export function exifOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    if (view.getUint16(entry + 2, little) !== SHORT) return 1;
    return validOrientation(view.getUint16(entry + 8, little));
  }
  return 1;
}

export function validOrientation(value: number): number {
  return value >= 1 && value <= 8 ? value : 1;
}
