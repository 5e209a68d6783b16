import {type ByteReader, corrupt} from '../bytes.ts';
import {type Box, childBoxes} from './box.ts';
import {Fields} from './fields.ts';

/** A property of an item (ISO/IEC 23008-12, section 9.3). */
export interface ItemProperty extends Box {
  /** Who does not understand it must not show the item. */
  essential: boolean;
}

const MOST_ASSOCIATIONS = 200_000;
const WIDE_INDEX = 1;

/** The properties of each item, in the order that the file gives them, from its `iprp`. */
export function readItemProperties(reader: ByteReader, box: Box): Map<number, ItemProperty[]> {
  const children = childBoxes(reader, box.start, box.end);
  const container = children.find(({type}) => type === 'ipco');
  const all = container ? childBoxes(reader, container.start, container.end) : [];
  const properties = new Map<number, ItemProperty[]>();
  let total = 0;
  for (const child of children) {
    if (child.type !== 'ipma') continue;
    const fields = new Fields(reader, child);
    const {version, flags} = fields.versionAndFlags();
    for (let left = fields.uint(4); left > 0; left--) {
      const id = fields.uint(version < 1 ? 2 : 4);
      if (properties.has(id)) throw corrupt(reader.format, `item ${id} is given properties twice`);
      const count = fields.uint(1);
      total += count + 1;
      if (total > MOST_ASSOCIATIONS)
        throw corrupt(reader.format, `its items have more than ${MOST_ASSOCIATIONS.toLocaleString('en')} properties`);
      properties.set(id, Array.from({length: count}, () => readAssociation(fields, flags, all)).flat());
    }
  }
  return properties;
}

/** Nothing for index 0, which says that there is none. */
function readAssociation(fields: Fields, flags: number, all: readonly Box[]): ItemProperty[] {
  const bytes = flags & WIDE_INDEX ? 2 : 1;
  const value = fields.uint(bytes);
  const top = bytes === 2 ? 0x8000 : 0x80;
  const index = value & (top - 1);
  if (index === 0) return [];
  const property = all[index - 1];
  if (!property) throw corrupt(fields.reader.format, 'an item has a property that is missing');
  return [{...property, essential: (value & top) !== 0}];
}
