import {type ByteReader, corrupt, truncated, unsupported} from '../bytes.ts';
import type {Box} from './box.ts';
import {Fields} from './fields.ts';

/** Where the parts of an item lie, as `iloc` says (ISO/IEC 14496-12, section 8.11.3). */
export interface ItemLocation {
  /** 0: in the file; 1: in `idat`; 2: in another item. */
  method: number;
  elsewhere: boolean;
  base: number;
  extents: Extent[];
}

export interface Extent {
  offset: number;
  /** 0: all that there is. */
  length: number;
}

const MOST_EXTENTS = 100_000;
const IN_FILE = 0;
const IN_IDAT = 1;

export function readItemLocations(reader: ByteReader, box: Box): Map<number, ItemLocation> {
  const fields = new Fields(reader, box);
  const {version} = fields.versionAndFlags();
  if (version > 2) throw unsupported(`${reader.format} with an iloc of version ${version}`);
  const sizes = fields.uint(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  for (const size of [offsetSize, lengthSize, baseSize, indexSize])
    if (size !== 0 && size !== 4 && size !== 8) throw corrupt(reader.format, 'its iloc has numbers of a wrong size');
  const locations = new Map<number, ItemLocation>();
  let total = 0;
  for (let left = fields.uint(version < 2 ? 2 : 4); left > 0; left--) {
    const id = fields.uint(version < 2 ? 2 : 4);
    const method = version === 0 ? IN_FILE : fields.uint(2) & 15;
    const elsewhere = fields.uint(2) !== 0;
    const base = fields.uint(baseSize);
    const count = fields.uint(2);
    total += count;
    if (total > MOST_EXTENTS)
      throw corrupt(reader.format, `its items have more than ${MOST_EXTENTS.toLocaleString('en')} parts`);
    const extents: Extent[] = [];
    for (let k = 0; k < count; k++) {
      fields.skip(indexSize);
      extents.push({offset: fields.uint(offsetSize), length: fields.uint(lengthSize)});
    }
    locations.set(id, {method, elsewhere, base, extents});
  }
  return locations;
}

/** An item's bytes, put together. All must lie in the file, and they must be no more than it has. */
export function itemData(reader: ByteReader, location: ItemLocation | undefined, idat: Box | undefined): Uint8Array {
  const {format} = reader;
  if (!location || location.extents.length === 0) throw corrupt(format, 'a part of it has no place');
  if (location.elsewhere) throw unsupported(`${format} with pixels in another file`);
  if (location.method !== IN_FILE && location.method !== IN_IDAT)
    throw unsupported(`${format} with items that are made of others`);
  if (location.method === IN_IDAT && !idat) throw corrupt(format, 'a part of it lies in an idat that is missing');
  const source = location.method === IN_IDAT ? idat : undefined;
  const [start, end] = source ? [source.start, source.end] : [0, reader.length];
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const {offset, length} of location.extents) {
    const from = start + location.base + offset;
    const to = length === 0 ? end : from + length;
    if (from > end || to > end)
      throw source ? corrupt(format, 'a part of it lies outside of its idat') : truncated(format);
    total += to - from;
    if (total > reader.length) throw corrupt(format, 'the parts of an item are more than the file');
    parts.push(reader.bytes.subarray(from, to));
  }
  return parts.length === 1 ? parts[0] : joined(parts, total);
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const data = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}
