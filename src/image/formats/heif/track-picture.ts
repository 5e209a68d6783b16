import {type ByteReader, corrupt, truncated, unsupported} from '../bytes.ts';
import type {Track} from '../isobmff/movie.ts';
import type {SizeCheck} from '../types.ts';
import {isAlpha} from './auxiliaries.ts';
import {codecOf, nameItemType} from './codecs.ts';
import type {CodedPicture} from './picture.ts';
import {readProperties} from './properties.ts';
import {matrixOrientation} from './transforms.ts';

/** As of a single picture of more than 8 bits. */
const COST = {bytes: 34, nanoseconds: 90};

/** The first picture of the sequence that a file has. */
export interface TrackPicture {
  picture: CodedPicture;
  orientation: number;
}

/** @param check sees the size before anything else is looked at */
export function readTrackPicture(reader: ByteReader, tracks: readonly Track[], check?: SizeCheck): TrackPicture {
  const shown = shownTrack(tracks);
  if (!shown) throw corrupt(reader.format, 'it does not say which picture is meant');
  check?.(shown.width, shown.height, COST);
  const alpha = tracks.find(({handler, auxiliaryTo}) => handler === 'auxv' && auxiliaryTo.includes(shown.id));
  if (alpha && (alpha.width !== shown.width || alpha.height !== shown.height))
    throw unsupported(`${reader.format} with an alpha channel of another size`);
  return {
    picture: {
      ...readSample(reader, shown),
      alpha: alpha && isAlphaTrack(reader, alpha) ? readSample(reader, alpha) : undefined,
    },
    orientation: matrixOrientation(shown.matrix, reader.format),
  };
}

export function shownTrack(tracks: readonly Track[]): Track | undefined {
  return tracks.find(({handler}) => handler === 'pict') ?? tracks.find(({handler}) => handler === 'vide');
}

function readSample(
  reader: ByteReader,
  {coding, width, height, properties: boxes, offset, length}: Track,
): CodedPicture {
  const {format, bytes} = reader;
  const codec = codecOf(coding);
  if (!codec) throw unsupported(`${format} with ${nameItemType(coding)}`);
  const {configurations, color} = readProperties(reader, boxes);
  const box = configurations.get(codec.configurationType);
  if (!box) throw corrupt(format, 'a picture in it does not say how it is coded');
  if (offset + length > bytes.length) throw truncated(format);
  const configuration = bytes.subarray(box.start, box.end);
  const data = bytes.subarray(offset, offset + length);
  const stream = codec.readStream({format, configuration, data, width, height});
  return {kind: 'coded', width, height, codec: codec.name, stream, color, alpha: undefined};
}

/** `auxi` says of a track what `auxC` says of an item (ISO/IEC 23008-12, section 7.5.3). */
function isAlphaTrack(reader: ByteReader, {properties}: Track): boolean {
  return isAlpha(readProperties(reader, properties).auxiliary);
}
