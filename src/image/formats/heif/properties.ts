import {type ByteReader, corrupt, unsupported} from '../bytes.ts';
import type {Box} from '../isobmff/box.ts';
import {Fields} from '../isobmff/fields.ts';
import type {Color} from './color.ts';
import type {Transform} from './transforms.ts';

/** What the properties of a picture say (ISO/IEC 23008-12, section 6.5). */
export interface PictureProperties {
  size: {width: number; height: number} | undefined;
  color: Color | undefined;
  /** In the order in which they are to be applied. */
  transforms: Transform[];
  /** What it is to the picture that it belongs to. */
  auxiliary: string | undefined;
  /** Boxes that say how it is coded, by their type. */
  configurations: ReadonlyMap<string, Box>;
}

/** Properties that the picture is the same without, or that its codec repeats. */
const HARMLESS = new Set('pixi pasp clli mdcv cclv amve a1lx rloc udes altt crtt mdft cmin cmex ccst btrt'.split(' '));
const FULL_RANGE = 0x80;
const ALL_LAYERS = 0xffff;

/** @param boxes of an item or a sample entry */
export function readProperties(
  reader: ByteReader,
  boxes: ReadonlyArray<Box & {essential?: boolean}>,
): PictureProperties {
  const configurations = new Map<string, Box>();
  const properties: PictureProperties = {
    ...{size: undefined, color: undefined, auxiliary: undefined},
    transforms: [],
    configurations,
  };
  for (const box of boxes) {
    const fields = new Fields(reader, box);
    if (box.type === 'ispe') {
      if (properties.size) throw corrupt(reader.format, 'a picture in it states its size twice');
      properties.size = readSize(fields);
    } else if (box.type === 'colr') properties.color ??= readColor(fields);
    else if (box.type === 'auxC' || box.type === 'auxi') properties.auxiliary = readAuxiliaryType(fields);
    else if (box.type === 'irot') properties.transforms.push({kind: 'turn', quarters: fields.uint(1) & 3});
    else if (box.type === 'imir') properties.transforms.push({kind: 'mirror', axis: fields.uint(1) & 1});
    else if (box.type === 'clap') properties.transforms.push(readCleanAperture(fields));
    else if (box.type === 'hvcC' || box.type === 'av1C') {
      if (configurations.has(box.type)) throw corrupt(reader.format, 'a picture in it says twice how it is coded');
      configurations.set(box.type, box);
    } else if (box.essential && !HARMLESS.has(box.type)) refuseLayers(fields, box.type);
  }
  return properties;
}

function readSize(fields: Fields): {width: number; height: number} {
  fields.versionAndFlags();
  return {width: fields.uint(4), height: fields.uint(4)};
}

/** Undefined for ICC profiles: pixels are taken as they are, as those of other formats. */
function readColor(fields: Fields): Color | undefined {
  if (fields.ascii(4) !== 'nclx') return undefined;
  const [primaries, transfer, matrix] = [fields.uint(2), fields.uint(2), fields.uint(2)];
  return {primaries, transfer, matrix, fullRange: (fields.uint(1) & FULL_RANGE) !== 0};
}

function readAuxiliaryType(fields: Fields): string {
  fields.versionAndFlags();
  return fields.ascii(Math.min(fields.left, 100)).split('\0')[0];
}

/** ISO/IEC 14496-12, section 12.1.4. */
function readCleanAperture(fields: Fields): Transform {
  const [width, height] = [readFraction(fields), readFraction(fields)];
  return {kind: 'crop', width, height, x: readFraction(fields), y: readFraction(fields)};
}

/** The numerator may be negative where that makes sense; elsewhere it is refused for its size. */
function readFraction(fields: Fields): number {
  const numerator = fields.int32();
  return numerator / fields.uint(4);
}

/** Of a picture in layers the decoders show the whole (AV1 Image File Format, section 2.3.2). */
function refuseLayers(fields: Fields, type: string): void {
  if (type === 'a1op' && fields.uint(1) === 0) return;
  if (type === 'lsel' && fields.uint(2) === ALL_LAYERS) return;
  throw unsupported(`${fields.reader.format} with the property ${JSON.stringify(type)}`);
}
