import {type ByteReader, corrupt, truncated, unsupported} from '../bytes.ts';
import {type Box, childBoxes} from './box.ts';
import {Fields} from './fields.ts';
import {handlerType} from './meta.ts';

/** A track of an image sequence or a video, as far as its first picture needs it (ISO/IEC 14496-12, chapter 8). */
export interface Track {
  id: number;
  /** `pict`, `vide`, or `auxv`, which belongs to another. */
  handler: string;
  /** Tracks that it is the alpha channel or depth of. */
  auxiliaryTo: number[];
  /** How its pictures are to be turned (section 8.3.2): a, b, c and d of the matrix, as fractions of 65,536. */
  matrix: [number, number, number, number];
  samples: number;
  /** What the samples are coded as: `hvc1`. */
  coding: string;
  width: number;
  height: number;
  /** What more is said of how they are coded. */
  properties: Box[];
  /** Where the first sample lies. */
  offset: number;
  length: number;
}

/** Fields of a visual sample entry before its boxes (section 12.1.3). */
const SAMPLE_ENTRY = 78;
const SIZE_IN_ENTRY = 24;

/** The tracks of a file that have pictures, in its order. */
export function readTracks(reader: ByteReader, movie: Box): Track[] {
  return childBoxes(reader, movie.start, movie.end)
    .filter(({type}) => type === 'trak')
    .flatMap((box) => readTrack(reader, box) ?? []);
}

function readTrack(reader: ByteReader, box: Box): Track | undefined {
  const [header, media] = [find(reader, box, 'tkhd'), find(reader, box, 'mdia')];
  const handlerBox = media && find(reader, media, 'hdlr');
  if (!header || !media || !handlerBox) throw corrupt(reader.format, 'a track of it is incomplete');
  const handler = handlerType(reader, handlerBox);
  if (!['pict', 'vide', 'auxv'].includes(handler)) return undefined;
  const information = find(reader, media, 'minf');
  const table = information && find(reader, information, 'stbl');
  if (!table) throw corrupt(reader.format, 'a track of it is incomplete');
  const references = find(reader, box, 'tref');
  const auxiliary = references && find(reader, references, 'auxl');
  return {
    ...readHeader(reader, header),
    handler,
    auxiliaryTo: auxiliary ? readIds(reader, auxiliary) : [],
    ...readSampleEntry(reader, table),
    ...readFirstSample(reader, table),
  };
}

function readHeader(reader: ByteReader, box: Box): Pick<Track, 'id' | 'matrix'> {
  const fields = new Fields(reader, box);
  const wide = fields.versionAndFlags().version === 1;
  fields.skip(wide ? 16 : 8);
  const id = fields.uint(4);
  fields.skip(wide ? 28 : 24);
  const [a, b, , c, d] = Array.from({length: 5}, () => fields.int32());
  return {id, matrix: [a, b, c, d]};
}

function readIds(reader: ByteReader, box: Box): number[] {
  const fields = new Fields(reader, box);
  const ids: number[] = [];
  while (fields.left > 0) ids.push(fields.uint(4));
  return ids;
}

function readSampleEntry(reader: ByteReader, table: Box): Pick<Track, 'coding' | 'width' | 'height' | 'properties'> {
  const box = need(reader, table, 'stsd');
  const [entry] = childBoxes(reader, new Fields(reader, box).skip(8) + 8, box.end);
  if (!entry) throw corrupt(reader.format, 'it does not say how its pictures are coded');
  const fields = new Fields(reader, entry);
  const start = fields.skip(SAMPLE_ENTRY);
  return {
    coding: entry.type,
    width: reader.u16(start + SIZE_IN_ENTRY),
    height: reader.u16(start + SIZE_IN_ENTRY + 2),
    properties: childBoxes(reader, start + SAMPLE_ENTRY, entry.end),
  };
}

function readFirstSample(reader: ByteReader, table: Box): Pick<Track, 'samples' | 'offset' | 'length'> {
  if (find(reader, table, 'stz2')) throw unsupported(`${reader.format} with a compact table of sizes`);
  const sizes = new Fields(reader, need(reader, table, 'stsz'));
  sizes.versionAndFlags();
  const common = sizes.uint(4);
  const samples = sizes.uint(4);
  if (samples === 0) throw truncated(reader.format);
  const length = common || sizes.uint(4);
  const wide = find(reader, table, 'co64');
  const chunks = new Fields(reader, wide ?? need(reader, table, 'stco'));
  chunks.versionAndFlags();
  if (chunks.uint(4) === 0) throw truncated(reader.format);
  return {samples, offset: chunks.uint(wide ? 8 : 4), length};
}

function find(reader: ByteReader, box: Box, wanted: string): Box | undefined {
  return childBoxes(reader, box.start, box.end).find(({type}) => type === wanted);
}

function need(reader: ByteReader, box: Box, wanted: string): Box {
  const found = find(reader, box, wanted);
  if (!found) throw corrupt(reader.format, `its ${wanted} is missing`);
  return found;
}
