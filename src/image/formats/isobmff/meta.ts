import {type ByteReader, corrupt} from '../bytes.ts';
import {type Box, childBoxes} from './box.ts';
import {Fields} from './fields.ts';
import {type ItemInfo, readItemInfo} from './item-info.ts';
import {type ItemLocation, readItemLocations} from './item-location.ts';
import {type ItemProperty, readItemProperties} from './item-properties.ts';
import {type ItemReference, readItemReferences} from './item-references.ts';

/** What a file's `meta` says of its items (ISO/IEC 14496-12, section 8.11). */
export interface Meta {
  /** The item that is the picture. */
  primary: number | undefined;
  items: ReadonlyMap<number, ItemInfo>;
  locations: ReadonlyMap<number, ItemLocation>;
  properties: ReadonlyMap<number, readonly ItemProperty[]>;
  references: readonly ItemReference[];
  idat: Box | undefined;
}

/** Boxes that there may be one of. */
const PARTS = ['hdlr', 'pitm', 'iinf', 'iloc', 'iprp', 'iref', 'idat'] as const;

/** Undefined where it is about something else than pictures. */
export function readMeta(reader: ByteReader, box: Box): Meta | undefined {
  const fields = new Fields(reader, box);
  fields.versionAndFlags();
  const parts = new Map<string, Box>();
  for (const child of childBoxes(reader, fields.at, box.end)) {
    if (!(PARTS as readonly string[]).includes(child.type)) continue;
    if (parts.has(child.type)) throw corrupt(reader.format, `it has two ${child.type} boxes`);
    parts.set(child.type, child);
  }
  const handler = parts.get('hdlr');
  if (!handler || handlerType(reader, handler) !== 'pict') return undefined;
  const read = <Value>(type: string, readPart: (reader: ByteReader, part: Box) => Value): Value | undefined => {
    const part = parts.get(type);
    return part && readPart(reader, part);
  };
  return {
    primary: read('pitm', readPrimaryItem),
    items: read('iinf', readItemInfo) ?? new Map(),
    locations: read('iloc', readItemLocations) ?? new Map(),
    properties: read('iprp', readItemProperties) ?? new Map(),
    references: read('iref', readItemReferences) ?? [],
    idat: parts.get('idat'),
  };
}

/** What the data that `hdlr` is about are (ISO/IEC 14496-12, section 8.4.3). */
export function handlerType(reader: ByteReader, box: Box): string {
  const fields = new Fields(reader, box);
  fields.skip(8);
  return fields.ascii(4);
}

function readPrimaryItem(reader: ByteReader, box: Box): number {
  const fields = new Fields(reader, box);
  return fields.uint(fields.versionAndFlags().version === 0 ? 2 : 4);
}
