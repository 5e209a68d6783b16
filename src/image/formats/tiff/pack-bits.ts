/**
 * Decodes run lengths (TIFF 6.0, section 9).
 *
 * @param out filled; what is more than it holds is ignored
 * @returns how many bytes were written
 */
export function decodePackBits(packed: Uint8Array, out: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < packed.length && count < out.length; ) {
    const head = packed[at++];
    if (head < 128) {
      const literal = packed.subarray(at, Math.min(at + head + 1, at + out.length - count));
      out.set(literal, count);
      count += literal.length;
      at += head + 1;
    } else if (head > 128 && at < packed.length) {
      const end = Math.min(out.length, count + 257 - head);
      out.fill(packed[at++], count, end);
      count = end;
    }
  }
  return count;
}
