const MOST_CODES = 4096;
/** The byte that each code stands for before others are learnt. */
const OWN_BYTES = Uint8Array.from({length: MOST_CODES}, (_, code) => code);

/**
 * Decodes variable-length LZW codes (GIF89a specification, appendix F; TIFF 6.0, section 13). Every code is checked: an
 * invalid one makes the usual decoders run in a circle.
 *
 * @param codes the data of a frame's sub-blocks, joined, or of a strip
 * @param minimumBits the code size that the frame states, 1 to 8; that of a TIFF is 8
 * @param out filled with the bytes; more than it holds are ignored
 * @param variant codes of a TIFF start at a byte's high end, and grow one code earlier
 * @returns how many bytes there were, or undefined where a code is invalid
 */
export function decodeLzw(
  codes: Uint8Array,
  minimumBits: number,
  out: Uint8Array,
  variant: 'gif' | 'tiff' = 'gif',
): number | undefined {
  const highFirst = variant === 'tiff';
  const early = highFirst ? 1 : 0;
  const clear = 1 << minimumBits;
  const end = clear + 1;
  const prefixes = new Uint16Array(MOST_CODES);
  const lengths = new Uint16Array(MOST_CODES).fill(1, 0, clear);
  const firsts = OWN_BYTES.slice();
  const lasts = OWN_BYTES.slice();
  let next = end + 1;
  let bits = minimumBits + 1;
  let previous = -1;
  let buffer = 0;
  let buffered = 0;
  let count = 0;
  for (let at = 0; count < out.length; ) {
    while (buffered < bits && at < codes.length) {
      buffer = highFirst ? (buffer << 8) | codes[at++] : buffer | (codes[at++] << buffered);
      buffered += 8;
    }
    if (buffered < bits) break;
    buffered -= bits;
    const code = (highFirst ? buffer >>> buffered : buffer) & ((1 << bits) - 1);
    buffer = highFirst ? buffer & ((1 << buffered) - 1) : buffer >>> bits;
    if (code === end) break;
    if (code === clear) {
      next = end + 1;
      bits = minimumBits + 1;
      previous = -1;
      continue;
    }
    if (code > next || (code >= next && previous < 0) || (code === next && next >= MOST_CODES)) return undefined;
    if (previous >= 0 && next < MOST_CODES) {
      prefixes[next] = previous;
      firsts[next] = firsts[previous];
      lasts[next] = code === next ? firsts[previous] : firsts[code];
      lengths[next] = lengths[previous] + 1;
      next++;
      if (next + early === 1 << bits && bits < 12) bits++;
    }
    let position = count + lengths[code] - 1;
    count += lengths[code];
    for (let c = code; ; c = prefixes[c]) {
      if (position < out.length) out[position] = lasts[c];
      if (lengths[c] === 1) break;
      position--;
    }
    previous = code;
  }
  return count;
}
