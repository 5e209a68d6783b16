import {type ByteReader, corrupt, truncated} from '../bytes.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12, section 4.2): its type, and where its payload lies. */
export interface Box {
  type: string;
  start: number;
  end: number;
}

/** Far more than any picture has in one place. */
const MOST_BOXES = 20_000;

/** The boxes that a box consists of, from `start` to `end`. Each must lie in it. */
export function childBoxes(reader: ByteReader, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const box = readBox(reader, at, end);
    if (box.end > end) throw corrupt(reader.format, `its ${box.type} is longer than what it lies in`);
    if (boxes.push(box) > MOST_BOXES)
      throw corrupt(reader.format, `it has more than ${MOST_BOXES.toLocaleString('en')} boxes in one place`);
    at = box.end;
  }
  return boxes;
}

/** The boxes of a whole file. The last may reach past its end: what is missing may not be needed. */
export function topLevelBoxes(reader: ByteReader): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= reader.length && boxes.length < MOST_BOXES; ) {
    const box = readBox(reader, at, reader.length);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** A box that must lie in the file as a whole. */
export function wholeBox(reader: ByteReader, box: Box): Box {
  if (box.end > reader.length) throw truncated(reader.format);
  return box;
}

/** @param end of what the box lies in, up to where it goes if it states no size */
function readBox(reader: ByteReader, at: number, end: number): Box {
  const size = reader.u32(at);
  const type = reader.ascii(at + 4, 4);
  const header = size === 1 ? 16 : 8;
  const length = size === 1 ? reader.u64(at + 8) : size === 0 ? end - at : size;
  if (length < header) throw corrupt(reader.format, 'a box is shorter than its own header');
  return {type, start: at + header, end: at + length};
}
