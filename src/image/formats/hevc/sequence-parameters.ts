import {BitReader} from '../bits.ts';
import {corrupt, unsupported} from '../bytes.ts';
import {type NalUnit, payloadOf} from './nal-unit.ts';

/** What a sequence parameter set says of the pictures (ITU-T H.265, section 7.3.2.2). */
export interface SequenceParameters {
  /** As shown. */
  width: number;
  height: number;
  /** As coded, and what of that is left out at the left and at the top. */
  codedWidth: number;
  codedHeight: number;
  left: number;
  top: number;
  /** 0: grey; 1: 4:2:0; 2: 4:2:2; 3: 4:4:4. */
  chroma: number;
  bitDepth: number;
  /** Side of the smallest block that is coded by itself. */
  blockSize: number;
}

const MOST_BYTES = 1000;
const PROFILE_BITS = 88;
const LEVEL_BITS = 8;

export function readSequenceParameters(unit: NalUnit, format: string): SequenceParameters {
  const bits = new BitReader(payloadOf(unit, MOST_BYTES), format);
  bits.skip(4);
  const subLayers = bits.read(3);
  bits.skip(1);
  skipProfiles(bits, subLayers);
  bits.exponential();
  const chroma = bits.exponential();
  if (chroma > 3) throw corrupt(format, 'its chroma format does not exist');
  if (chroma === 3 && bits.flag()) throw unsupported(`${format} whose colors are coded one by one`);
  const [codedWidth, codedHeight] = [bits.exponential(), bits.exponential()];
  const [left, right, top, bottom] = bits.flag() ? Array.from({length: 4}, () => bits.exponential()) : [0, 0, 0, 0];
  const bitDepth = 8 + bits.exponential();
  const chromaDepth = 8 + bits.exponential();
  if (chroma !== 0 && chromaDepth !== bitDepth) throw unsupported(`${format} whose colors differ in depth`);
  if (bitDepth > 16) throw corrupt(format, 'its depth does not exist');
  bits.exponential();
  const ordered = bits.flag() ? subLayers + 1 : 1;
  for (let i = 0; i < 3 * ordered; i++) bits.exponential();
  const smallest = 3 + bits.exponential();
  const largest = smallest + bits.exponential();
  if (largest < 4 || largest > 6) throw corrupt(format, 'its blocks have a size that does not exist');
  const [across, down] = [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1];
  return {
    width: codedWidth - across * (left + right),
    height: codedHeight - down * (top + bottom),
    ...{codedWidth, codedHeight, left: across * left, top: down * top, chroma, bitDepth},
    blockSize: 2 ** smallest,
  };
}

/** profile_tier_level() of section 7.3.3. */
function skipProfiles(bits: BitReader, subLayers: number): void {
  bits.skip(PROFILE_BITS + LEVEL_BITS);
  const present = Array.from({length: subLayers}, () => [bits.flag(), bits.flag()]);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) bits.skip((profile ? PROFILE_BITS : 0) + (level ? LEVEL_BITS : 0));
}
