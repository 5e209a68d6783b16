import {ByteReader, corrupt, truncated, unsupported} from '../bytes.ts';
import {topLevelBoxes, wholeBox} from '../isobmff/box.ts';
import {readMeta} from '../isobmff/meta.ts';
import {readTracks, type Track} from '../isobmff/movie.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';
import {readItemPicture} from './item-picture.ts';
import type {Picture} from './picture.ts';
import {readTrackPicture, shownTrack} from './track-picture.ts';
import {type Crop, sumUp} from './transforms.ts';

export interface HeifHeader extends ImageHeader {
  /** The format's title, for errors. */
  format: string;
  picture: Picture;
  /** What of it is shown; undefined where all is. */
  crop: Crop | undefined;
  /** Remarks on what else the file has. */
  notes: string[];
}

/**
 * Reads the boxes of a HEIF file (ISO/IEC 23008-12): its primary item or, where it has none, the first picture of its
 * sequence. A picture that states its size to us must state the same to its codec.
 *
 * It is turned by `irot` and `imir` alone, as libheif, libavif and browsers do it: an EXIF orientation beside them repeats
 * what they say, and must not turn the picture again.
 */
export function readHeifHeader(bytes: Uint8Array, format: string, check?: SizeCheck): HeifHeader {
  const reader = new ByteReader(bytes, format, false);
  const boxes = topLevelBoxes(reader);
  const find = (wanted: string) => boxes.find(({type}) => type === wanted);
  const [metaBox, movie] = [find('meta'), find('moov')];
  if (find('mini')) throw unsupported(`${format} with a short header`);
  const meta = metaBox && readMeta(reader, wholeBox(reader, metaBox));
  if (meta?.primary !== undefined) {
    const {picture, transforms, others} = readItemPicture(reader, meta, meta.primary, check);
    const {crop, orientation} = sumUp(transforms, picture, format);
    const {width, height} = crop ?? picture;
    const tracks = movie ? readTracks(reader, wholeBox(reader, movie)) : [];
    const notes = noteSequence(tracks);
    if (others > 0 && notes.length === 0) notes.push(`${format} of several pictures: the primary one was used`);
    return {...{width, height, orientation, format}, picture, crop, notes};
  }
  if (movie) {
    const tracks = readTracks(reader, wholeBox(reader, movie));
    const {picture, orientation} = readTrackPicture(reader, tracks, check);
    const {width, height} = picture;
    return {...{width, height, orientation, format}, picture, crop: undefined, notes: noteSequence(tracks)};
  }
  if (!metaBox) throw truncated(format);
  throw corrupt(format, 'it does not say which picture is meant');
}

function noteSequence(tracks: readonly Track[]): string[] {
  const samples = shownTrack(tracks)?.samples ?? 0;
  return samples > 1 ? ['image sequence: the first frame was used'] : [];
}
