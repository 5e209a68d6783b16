import {av1} from '../av1/codec.ts';
import {hevc} from '../hevc/codec.ts';
import type {Codec} from './codec.ts';

/** The codecs that are read. */
// biome-ignore lint/suspicious/noExplicitAny: a row's streams are its own affair
const CODECS: ReadonlyArray<Codec<any>> = [hevc, av1];

/** @param type of an item or a sample entry */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function codecOf(type: string): Codec<any> | undefined {
  return CODECS.find(({itemTypes}) => itemTypes.includes(type));
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export function codecNamed(name: string): Codec<any> | undefined {
  return CODECS.find((codec) => codec.name === name);
}

/** What else items are, so that a refusal can name it. */
const OTHERS: Readonly<Record<string, string>> = {
  avc1: 'AVC inside',
  avc3: 'AVC inside',
  vvc1: 'VVC inside',
  vvi1: 'VVC inside',
  evc1: 'EVC inside',
  lhv1: 'layered HEVC inside',
  jpeg: 'JPEG inside',
  mjpg: 'JPEG inside',
  j2k1: 'JPEG 2000 inside',
  unci: 'uncompressed pixels inside',
  iovl: 'pictures over one another',
  iden: 'a picture made of another',
  tmap: 'a picture made of two of different brightness',
  grid: 'grids inside of grids',
};

/** Says of items of a type that is not read what they are. */
export function nameItemType(type: string): string {
  return OTHERS[type] ?? `${JSON.stringify(type)} inside`;
}
