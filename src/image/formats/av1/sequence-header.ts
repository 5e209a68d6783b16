import {BitReader} from '../bits.ts';
import type {Color} from '../heif/color.ts';

/** What a sequence header says of the pictures (AV1 specification, section 5.5). */
export interface SequenceHeader {
  /** The most that a frame can have. */
  width: number;
  height: number;
  bitDepth: number;
  monochrome: boolean;
  color: Color;
}

const UNSPECIFIED = 2;
const SRGB = {primaries: 1, transfer: 13, matrix: 0};

export function readSequenceHeader(payload: Uint8Array, format: string): SequenceHeader {
  const bits = new BitReader(payload, format);
  const profile = bits.read(3);
  bits.skip(1);
  const reduced = bits.flag();
  if (reduced) bits.skip(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  const [width, height] = [bits.read(widthBits) + 1, bits.read(heightBits) + 1];
  if (!reduced && bits.flag()) bits.skip(7);
  bits.skip(3);
  if (!reduced) skipTools(bits);
  bits.skip(3);
  return {width, height, ...readColorConfiguration(bits, profile)};
}

function skipOperatingPoints(bits: BitReader): void {
  let delayBits = 0;
  const timed = bits.flag();
  if (timed) {
    bits.skip(64);
    if (bits.flag()) bits.exponential();
  }
  const modeled = timed && bits.flag();
  if (modeled) {
    delayBits = bits.read(5) + 1;
    bits.skip(42);
  }
  const delayed = bits.flag();
  for (let left = bits.read(5); left >= 0; left--) {
    bits.skip(12);
    if (bits.read(5) > 7) bits.skip(1);
    if (modeled && bits.flag()) bits.skip(2 * delayBits + 1);
    if (delayed && bits.flag()) bits.skip(4);
  }
}

function skipTools(bits: BitReader): void {
  bits.skip(4);
  const ordered = bits.flag();
  if (ordered) bits.skip(2);
  const chosenByFrame = bits.flag();
  const screenContent = chosenByFrame || bits.flag();
  if (screenContent && !bits.flag()) bits.skip(1);
  if (ordered) bits.skip(3);
}

/** color_config() of section 5.5.2. */
function readColorConfiguration(
  bits: BitReader,
  profile: number,
): Pick<SequenceHeader, 'bitDepth' | 'monochrome' | 'color'> {
  const high = bits.flag();
  const bitDepth = profile === 2 && high && bits.flag() ? 12 : high ? 10 : 8;
  const monochrome = profile !== 1 && bits.flag();
  const [primaries, transfer, matrix] = bits.flag()
    ? [bits.read(8), bits.read(8), bits.read(8)]
    : [UNSPECIFIED, UNSPECIFIED, UNSPECIFIED];
  const isSrgb = primaries === SRGB.primaries && transfer === SRGB.transfer && matrix === SRGB.matrix;
  const fullRange = (!monochrome && isSrgb) || bits.flag();
  return {bitDepth, monochrome, color: {primaries, transfer, matrix, fullRange}};
}
