import {latin1} from '../signature.ts';

/** Many more than any file lists. */
const MOST_BRANDS = 64;

/** What an ISO base media file says it is (ISO/IEC 14496-12, section 4.3): its major brand, then those it is compatible with. */
export function readBrands(bytes: Uint8Array): string[] {
  if (latin1(bytes, 4, 8) !== 'ftyp') return [];
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const end = Math.min(size, bytes.length, 16 + 4 * MOST_BRANDS);
  const brands = [latin1(bytes, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(bytes, at, at + 4));
  return brands;
}
