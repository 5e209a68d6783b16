import {inflateSync} from 'node:zlib';
import {corrupt, truncated} from '../bytes.ts';
import {decodeLzw} from '../lzw.ts';
import {COMPRESSION, type TiffLayout} from './layout.ts';
import {decodePackBits} from './pack-bits.ts';

const LZW_BITS = 8;
const REVERSED = Uint8Array.from({length: 256}, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 128 >> bit;
  return reversed;
});

/** Decompresses `rows` rows of a strip or tile. A block that has fewer was cut. */
export function readBlock(bytes: Buffer, layout: TiffLayout, index: number, rows: number): Uint8Array {
  const {offsets, lengths, rowBytes, height} = layout.blocks;
  const stored = bytes.subarray(offsets[index], offsets[index] + lengths[index]);
  const data = layout.reversedBits ? stored.map((byte) => REVERSED[byte]) : stored;
  const out = decompress(data, layout.compression, rows * rowBytes, height * rowBytes);
  if (layout.differences) for (let row = 0; row < rows; row++) addUp(out, row * rowBytes, layout);
  return out;
}

/**
 * @param wanted bytes to give back
 * @param most bytes that there may be: some writers fill up the last strip
 */
function decompress(data: Uint8Array, compression: number, wanted: number, most: number): Uint8Array {
  if (compression === COMPRESSION.none) {
    if (data.length < wanted) throw truncated('TIFF');
    // A copy, since differences are added up in place.
    return Uint8Array.from(data.subarray(0, wanted));
  }
  if (compression === COMPRESSION.deflate || compression === COMPRESSION.oldDeflate) return inflate(data, wanted, most);
  const out = new Uint8Array(wanted);
  const count = compression === COMPRESSION.lzw ? decodeLzw(data, LZW_BITS, out, 'tiff') : decodePackBits(data, out);
  if (count === undefined) throw corrupt('TIFF', 'a code of its pixels is not valid');
  if (count < wanted) throw truncated('TIFF');
  return out;
}

function inflate(data: Uint8Array, wanted: number, most: number): Uint8Array {
  let out: Buffer;
  try {
    out = inflateSync(data, {maxOutputLength: Math.max(1, most)});
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') throw truncated('TIFF', error);
    throw corrupt(
      'tiff',
      code === 'ERR_BUFFER_TOO_LARGE' ? 'it holds more pixels than it states' : 'its pixels',
      error,
    );
  }
  if (out.length < wanted) throw truncated('TIFF');
  return out;
}

/** Turns the differences of one row back into samples (TIFF 6.0, section 14). */
function addUp(out: Uint8Array, start: number, layout: TiffLayout): void {
  const {bits, littleEndian, blocks} = layout;
  const samples = layout.separate ? 1 : layout.samples;
  const end = start + blocks.rowBytes;
  if (bits === 8) {
    for (let i = start + samples; i < end; i++) out[i] += out[i - samples];
    return;
  }
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (let i = start + 2 * samples; i < end; i += 2)
    view.setUint16(i, view.getUint16(i, littleEndian) + view.getUint16(i - 2 * samples, littleEndian), littleEndian);
}
