import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import type {CodedInput} from '../heif/codec.ts';
import {Fields} from '../isobmff/fields.ts';
import {
  isBaseLayer,
  isRandomAccess,
  isSlice,
  type NalUnit,
  nalUnit,
  PICTURE_PARAMETERS,
  SEQUENCE_PARAMETERS,
  startsPicture,
  VIDEO_PARAMETERS,
} from './nal-unit.ts';
import {readSequenceParameters, type SequenceParameters} from './sequence-parameters.ts';

/** A picture coded by HEVC: what its decoder gets to see. */
export interface HevcStream {
  parameters: SequenceParameters;
  units: NalUnit[];
}

const MOST_UNITS = 1000;
/**
 * ITU-T H.265, table A.8, allows 600 for the largest pictures. But each can be made to cover the whole picture by a few
 * bytes, and photographs have one or a few.
 */
const MOST_SLICES = 16;
/** Pictures are coded in whole blocks, and the rest is cut off. */
const MOST_PADDING = 128;
/** `hvcC` up to the size of a length, which is in the two lowest bits of the byte (ISO/IEC 14496-15, section 8.3.3.1). */
const LENGTH_SIZE_AT = 21;

/**
 * Takes a coded picture apart. All parameter sets must be of the size that the file states, since the decoder takes its
 * memory by them, and there must be one picture, which needs no other.
 */
export function readHevcStream({format, configuration, data, width, height}: CodedInput): HevcStream {
  const {units, lengthSize} = readConfiguration(configuration, format);
  const all = [...units, ...splitUnits(data, lengthSize, format)];
  if (all.length > MOST_UNITS) throw corrupt(format, `a picture in it is in more than ${MOST_UNITS} parts`);
  const wanted = all.filter((unit) => isBaseLayer(unit) && isWanted(unit));
  const sets = wanted
    .filter(({type}) => type === SEQUENCE_PARAMETERS)
    .map((set) => readSequenceParameters(set, format));
  if (sets.length === 0) throw corrupt(format, 'a picture in it does not say how it is coded');
  const [first] = sets;
  for (const set of sets) {
    if (set.width !== width || set.height !== height)
      throw corrupt(format, 'its pixels are not of the size that it states');
    const padding = Math.max(set.codedWidth - width, set.codedHeight - height);
    if (padding > MOST_PADDING || set.chroma !== first.chroma || set.bitDepth !== first.bitDepth)
      throw corrupt(format, 'a picture in it says in different ways how it is coded');
  }
  const slices = wanted.filter(isSlice);
  if (slices.length > MOST_SLICES) throw unsupported(`${format} of more than ${MOST_SLICES} slices`);
  if (!slices.every(isRandomAccess) || slices.filter(startsPicture).length !== 1 || !startsPicture(slices[0]))
    throw corrupt(format, 'a picture in it is not coded as one');
  return {parameters: first, units: wanted};
}

function isWanted(unit: NalUnit): boolean {
  return isSlice(unit) || [VIDEO_PARAMETERS, SEQUENCE_PARAMETERS, PICTURE_PARAMETERS].includes(unit.type);
}

function readConfiguration(bytes: Uint8Array, format: string): {units: NalUnit[]; lengthSize: number} {
  const reader = new ByteReader(bytes, format, false);
  const fields = new Fields(reader, {type: 'hvcC', start: 0, end: bytes.length});
  fields.skip(LENGTH_SIZE_AT);
  const lengthSize = (fields.uint(1) & 3) + 1;
  if (lengthSize === 3) throw corrupt(format, 'its lengths have a wrong size');
  const units: NalUnit[] = [];
  for (let arrays = fields.uint(1); arrays > 0; arrays--) {
    fields.skip(1);
    for (let left = fields.uint(2); left > 0; left--) {
      const length = fields.uint(2);
      const start = fields.skip(length);
      units.push(nalUnit(bytes.subarray(start, start + length)));
    }
  }
  return {units, lengthSize};
}

/** A sample: each unit behind its length (ISO/IEC 14496-15, section 4.3.3). */
function splitUnits(data: Uint8Array, lengthSize: number, format: string): NalUnit[] {
  const fields = new Fields(new ByteReader(data, format, false), {type: 'picture', start: 0, end: data.length});
  const units: NalUnit[] = [];
  while (fields.left > 0 && units.length <= MOST_UNITS) {
    const length = fields.uint(lengthSize);
    const start = fields.skip(length);
    units.push(nalUnit(data.subarray(start, start + length)));
  }
  return units;
}
