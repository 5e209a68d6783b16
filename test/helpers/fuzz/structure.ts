import {detectFormat} from '../../../src/image/formats/formats.ts';

/** A number inside of a file. */
export interface Field {
  offset: number;
  bytes: 1 | 2 | 4;
  littleEndian: boolean;
}

/** Where a file's numbers and parts lie, as far as it can be followed: it may be damaged already. */
export interface Structure {
  fields: Field[];
  /** Start and end of segments, chunks, blocks or directory entries. */
  parts: Array<readonly [start: number, end: number]>;
}

const MOST_PARTS = 500;

/** Finds sizes, lengths, counts and offsets, so that they can be made wrong on purpose. */
export function structureOf(bytes: Buffer): Structure {
  const structure: Structure = {fields: [], parts: []};
  const format = detectFormat(bytes)?.name;
  try {
    if (format === 'png') followPng(bytes, structure);
    else if (format === 'jpeg') followJpeg(bytes, structure);
    else if (format === 'gif') followGif(bytes, structure);
    else if (format === 'bmp') followBmp(structure);
    else if (format === 'tiff') followTiff(bytes, structure);
    else if (format === 'webp') followWebp(bytes, 12, bytes.length, structure);
    else if (format === 'avif' || format === 'heic') followBoxes(bytes, 0, bytes.length, structure);
  } catch {
    // Damaged: what was found so far is of use.
  }
  const within = structure.fields.filter(({offset, bytes: size}) => offset + size <= bytes.length);
  return {fields: within, parts: structure.parts.filter(([start, end]) => start < end && end <= bytes.length)};
}

function add({fields}: Structure, offset: number, bytes: 1 | 2 | 4, littleEndian: boolean): void {
  fields.push({offset, bytes, littleEndian});
}

function followPng(bytes: Buffer, structure: Structure): void {
  for (const offset of [16, 20]) add(structure, offset, 4, false);
  for (const offset of [24, 25, 28]) add(structure, offset, 1, false);
  for (let at = 8; structure.parts.length < MOST_PARTS; ) {
    const length = bytes.readUInt32BE(at);
    add(structure, at, 4, false);
    structure.parts.push([at, at + 12 + length]);
    at += 12 + length;
  }
}

function followJpeg(bytes: Buffer, structure: Structure): void {
  for (let at = 2; structure.parts.length < MOST_PARTS; ) {
    const code = bytes[at + 1];
    const length = bytes.readUInt16BE(at + 2);
    add(structure, at + 2, 2, false);
    if (code >= 0xc0 && code <= 0xc2) {
      for (const offset of [5, 7]) add(structure, at + offset, 2, false);
      for (let k = 4; k < length; k++) add(structure, at + k, 1, false);
    }
    let end = at + 2 + length;
    if (code === 0xda) {
      for (let k = 4; k < length + 2; k++) add(structure, at + k, 1, false);
      while (
        end + 1 < bytes.length &&
        (bytes[end] !== 0xff || bytes[end + 1] === 0 || (bytes[end + 1] & 0xf8) === 0xd0)
      )
        end++;
    }
    structure.parts.push([at, end]);
    at = end;
  }
}

function followGif(bytes: Buffer, structure: Structure): void {
  for (const offset of [6, 8]) add(structure, offset, 2, true);
  add(structure, 10, 1, true);
  const palette = (flags: number) => (flags & 0x80 ? 3 * (2 << (flags & 7)) : 0);
  for (let at = 13 + palette(bytes[10]); structure.parts.length < MOST_PARTS; ) {
    const start = at;
    if (bytes[at] === 0x2c) {
      for (const offset of [1, 3, 5, 7]) add(structure, at + offset, 2, true);
      add(structure, at + 9, 1, true);
      at += 10 + palette(bytes[at + 9]);
      add(structure, at, 1, true);
      at += 1;
    } else at += 2;
    for (; bytes.readUInt8(at) !== 0; at += bytes[at] + 1) add(structure, at, 1, true);
    at += 1;
    structure.parts.push([start, at]);
  }
}

function followBmp(structure: Structure): void {
  for (const offset of [2, 10, 14, 18, 22, 30, 34, 46, 54, 58, 62]) add(structure, offset, 4, true);
  for (const offset of [26, 28]) add(structure, offset, 2, true);
  structure.parts.push([54, 118]);
}

function followTiff(bytes: Buffer, structure: Structure): void {
  const little = bytes[0] === 0x49;
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const directory = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  add(structure, 4, 4, little);
  add(structure, directory, 2, little);
  const entries = Math.min(u16(directory), MOST_PARTS);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    add(structure, entry, 2, little);
    add(structure, entry + 2, 2, little);
    // Twice, since these are what matters.
    for (const offset of [4, 8, 4, 8]) add(structure, entry + offset, 4, little);
    if (u16(entry + 2) === 3) add(structure, entry + 8, 2, little);
    structure.parts.push([entry, entry + 12]);
  }
}

function followWebp(bytes: Buffer, start: number, end: number, structure: Structure): void {
  add(structure, 4, 4, true);
  for (let at = start; at + 8 <= end && structure.parts.length < MOST_PARTS; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    add(structure, at + 4, 4, true);
    for (let k = 0; k < Math.min(length, 16); k += 2) add(structure, at + 8 + k, 2, true);
    structure.parts.push([at, at + 8 + length + (length % 2)]);
    if (name === 'ANMF') followWebp(bytes, at + 24, at + 8 + length, structure);
    at += 8 + length + (length % 2);
  }
}

/** Boxes that consist of boxes, and how many bytes come before those. */
const CONTAINERS: Readonly<Record<string, number>> = {
  meta: 4,
  iinf: 6,
  iref: 4,
  stsd: 8,
  ...{iprp: 0, ipco: 0, moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, hvc1: 78, av01: 78},
};

function followBoxes(bytes: Buffer, start: number, end: number, structure: Structure): void {
  for (let at = start; at + 8 <= end && structure.parts.length < MOST_PARTS; ) {
    const length = Math.max(8, bytes.readUInt32BE(at));
    const type = bytes.toString('latin1', at + 4, at + 8);
    const next = Math.min(end, at + length);
    add(structure, at, 4, false);
    structure.parts.push([at, next]);
    if (type in CONTAINERS) {
      for (let k = 0; k < CONTAINERS[type]; k += 2) add(structure, at + 8 + k, 2, false);
      followBoxes(bytes, at + 8 + CONTAINERS[type], next, structure);
    } else if (type !== 'mdat') {
      for (let k = 8; k < Math.min(next - at, 80); k++) {
        add(structure, at + k, 1, false);
        if (k % 2 === 0) add(structure, at + k, k % 4 === 0 ? 4 : 2, false);
      }
    } else for (let k = 8; k < Math.min(next - at, 40); k++) add(structure, at + k, 1, false);
    at = next;
  }
}
