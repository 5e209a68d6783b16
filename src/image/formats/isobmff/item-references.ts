import {type ByteReader, corrupt} from '../bytes.ts';
import {type Box, childBoxes} from './box.ts';
import {Fields} from './fields.ts';

/** What an item has to do with others (ISO/IEC 14496-12, section 8.11.12): `dimg` is made of, `auxl` belongs to. */
export interface ItemReference {
  type: string;
  from: number;
  to: number[];
}

const MOST_REFERENCES = 100_000;

export function readItemReferences(reader: ByteReader, box: Box): ItemReference[] {
  const fields = new Fields(reader, box);
  const size = fields.versionAndFlags().version === 0 ? 2 : 4;
  let total = 0;
  return childBoxes(reader, fields.at, box.end).map((entry) => {
    const list = new Fields(reader, entry);
    const from = list.uint(size);
    const count = list.uint(2);
    total += count;
    if (total > MOST_REFERENCES)
      throw corrupt(reader.format, `its items refer to more than ${MOST_REFERENCES.toLocaleString('en')} others`);
    return {type: entry.type, from, to: Array.from({length: count}, () => list.uint(size))};
  });
}
