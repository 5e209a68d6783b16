import type {Color} from './color.ts';

/** One coded picture, or a grid of them. */
export type Picture = CodedPicture | GridPicture;

interface Common {
  width: number;
  height: number;
  /** Its alpha channel, of the same size; none where the colors were multiplied by it already, which is what black needs. */
  alpha: Picture | undefined;
}

export interface CodedPicture extends Common {
  kind: 'coded';
  /** A name in the table of codecs. */
  codec: string;
  /** What that read of it. */
  stream: unknown;
  /** What the file says of its colors; otherwise the codec does. */
  color: Color | undefined;
}

/** Pictures of one size, row by row (ISO/IEC 23008-12, section 6.6.2.3). What reaches past its edges is left out. */
export interface GridPicture extends Common {
  kind: 'grid';
  columns: number;
  tileWidth: number;
  tileHeight: number;
  tiles: CodedPicture[];
}
