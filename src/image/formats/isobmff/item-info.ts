import {type ByteReader, corrupt} from '../bytes.ts';
import {type Box, childBoxes} from './box.ts';
import {Fields} from './fields.ts';

/** An item of a file, as its `infe` announces it (ISO/IEC 14496-12, section 8.11.6). */
export interface ItemInfo {
  id: number;
  /** Four characters: what it is coded as (`hvc1`), or derived by (`grid`). */
  type: string;
  /** Not to be shown by itself, as the tiles of a grid. */
  hidden: boolean;
  encrypted: boolean;
}

/** A photograph of hundreds of megapixels has about a thousand. */
const MOST_ITEMS = 10_000;
const HIDDEN = 1;

export function readItemInfo(reader: ByteReader, box: Box): Map<number, ItemInfo> {
  const fields = new Fields(reader, box);
  const {version} = fields.versionAndFlags();
  fields.skip(version === 0 ? 2 : 4);
  const items = new Map<number, ItemInfo>();
  for (const entry of childBoxes(reader, fields.at, box.end)) {
    const item = entry.type === 'infe' ? readEntry(reader, entry) : undefined;
    if (!item) continue;
    if (items.has(item.id)) throw corrupt(reader.format, `it has two items ${item.id}`);
    if (items.size >= MOST_ITEMS)
      throw corrupt(reader.format, `it has more than ${MOST_ITEMS.toLocaleString('en')} items`);
    items.set(item.id, item);
  }
  return items;
}

/** Undefined for entries of the first two versions, which have no type: no picture is one. */
function readEntry(reader: ByteReader, box: Box): ItemInfo | undefined {
  const fields = new Fields(reader, box);
  const {version, flags} = fields.versionAndFlags();
  if (version < 2) return undefined;
  const id = fields.uint(version === 2 ? 2 : 4);
  const encrypted = fields.uint(2) !== 0;
  return {id, type: fields.ascii(4), hidden: (flags & HIDDEN) !== 0, encrypted};
}
