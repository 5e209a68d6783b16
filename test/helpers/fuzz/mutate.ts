import {fix} from './fix.ts';
import {changeBoxedPixels, changePngPixels} from './pixels.ts';
import {structureOf} from './structure.ts';

/** Where the damage comes from: numbers in [0, 1), and other files to take parts of. */
export interface Damage {
  random: () => number;
  donor: () => Buffer;
}

export interface Mutated {
  bytes: Buffer;
  /** Names of what was done, in order. */
  how: string[];
}

type Mutation = (bytes: Buffer, damage: Damage) => Buffer;

const HEADER = 256;
/** What lengths, counts and sizes are changed to. */
const WRONG = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

const MUTATIONS: Record<string, Mutation> = {
  flipBits: (bytes, {random}) => flipBits(bytes, random),
  overwrite(bytes, {random}) {
    const copy = Buffer.from(bytes);
    const start = place(copy, random);
    const value = [0, 0xff, undefined][below(random, 3)];
    for (let i = start; i < Math.min(copy.length, start + 1 + below(random, 16)); i++)
      copy[i] = value ?? below(random, 256);
    return copy;
  },
  cut: (bytes, {random}) =>
    bytes.subarray(0, random() < 0.3 ? bytes.length - 1 - below(random, 8) : below(random, bytes.length)),
  remove(bytes, {random}) {
    const [start, end] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  insert(bytes, {random}) {
    const at = place(bytes, random);
    const fill = Buffer.alloc(1 + below(random, 64), below(random, 256));
    return Buffer.concat([bytes.subarray(0, at), fill, bytes.subarray(at)]);
  },
  repeat(bytes, {random}) {
    const [start, end] = range(bytes, random);
    const times = random() < 0.1 ? 200 : 1 + below(random, 5);
    const copies = Array.from({length: times}, () => bytes.subarray(start, end));
    return Buffer.concat([bytes.subarray(0, end), ...copies, bytes.subarray(end)]);
  },
  swap(bytes, {random}) {
    const [[a, b], [c, d]] = [range(bytes, random), range(bytes, random)].sort(([x], [y]) => x - y);
    if (b > c) return bytes;
    const parts = [
      [0, a],
      [c, d],
      [b, c],
      [a, b],
      [d, bytes.length],
    ];
    return Buffer.concat(parts.map(([from, to]) => bytes.subarray(from, to)));
  },
  splice(bytes, {random, donor}) {
    const other = donor();
    return Buffer.concat([bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))]);
  },
  transplant(bytes, {random, donor}) {
    const other = donor();
    const [start, end] = range(bytes, random);
    const [from, to] = range(other, random);
    return Buffer.concat([bytes.subarray(0, start), other.subarray(from, to), bytes.subarray(end)]);
  },
  pixels(bytes, {random}) {
    const change = (pixels: Buffer) => flipBits(pixels, random);
    return changePngPixels(bytes, change) ?? changeBoxedPixels(bytes, change) ?? change(bytes);
  },
  wrongNumber(bytes, {random}) {
    const {fields} = structureOf(bytes);
    if (fields.length === 0) return bytes;
    const copy = Buffer.from(bytes);
    for (let k = 1 + below(random, 2); k > 0; k--) {
      const {offset, bytes: size, littleEndian} = fields[below(random, fields.length)];
      const old = littleEndian ? copy.readUIntLE(offset, size) : copy.readUIntBE(offset, size);
      const near = [old - 1, old + 1, old * 2, old >>> 1, below(random, 300), copy.length, copy.length - offset];
      const wrong = random() < 0.5 ? WRONG[below(random, WRONG.length)] : near[below(random, near.length)];
      const value = (wrong >>> 0) % 256 ** size;
      if (littleEndian) copy.writeUIntLE(value, offset, size);
      else copy.writeUIntBE(value, offset, size);
    }
    return copy;
  },
};

const NAMES = Object.keys(MUTATIONS);

/** Damages a file in one to three ways; every other one is then made consistent again. */
export function mutate(bytes: Buffer, damage: Damage): Mutated {
  const {random} = damage;
  const how: string[] = [];
  let mutated = bytes;
  for (let k = random() < 0.5 ? 1 : 2 + below(random, 2); k > 0 && mutated.length > 0; k--) {
    const name = NAMES[below(random, NAMES.length)];
    mutated = MUTATIONS[name](mutated, damage);
    how.push(name);
  }
  if (random() < 0.5) {
    mutated = fix(mutated);
    how.push('fix');
  }
  return {bytes: mutated, how};
}

function flipBits(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let k = 1 + below(random, 8); k > 0; k--) copy[place(copy, random)] ^= 1 << below(random, 8);
  return copy;
}

export function below(random: () => number, end: number): number {
  return Math.floor(random() * end);
}

/** An offset, more often in the header or at the end than elsewhere. */
function place(bytes: Buffer, random: () => number): number {
  const where = random();
  if (where < 0.4) return below(random, Math.min(HEADER, bytes.length));
  return where < 0.5 ? Math.max(0, bytes.length - 1 - below(random, 32)) : below(random, bytes.length);
}

/** A part of the file's structure, or any range. */
function range(bytes: Buffer, random: () => number): readonly [number, number] {
  const {parts} = structureOf(bytes);
  if (parts.length > 0 && random() < 0.7) return parts[below(random, parts.length)];
  const start = place(bytes, random);
  return [start, Math.min(bytes.length, start + 1 + below(random, 64))];
}
