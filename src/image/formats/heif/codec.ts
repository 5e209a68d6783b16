import type {Frame} from '../../frame.ts';
import type {Color} from './color.ts';
import type {CodedPicture} from './picture.ts';

/** A coded picture as it lies in the file. */
export interface CodedInput {
  /** The format's title, for errors. */
  format: string;
  /** The payload of the box that says how it is coded. */
  configuration: Uint8Array;
  data: Uint8Array;
  /** As the file states it. */
  width: number;
  height: number;
}

export interface DecodedPicture {
  /** As stored, without alpha. */
  frame: Frame;
  /** The transfer characteristics that it was decoded by. */
  transfer: number;
}

/** Decodes one coded picture after the other. */
export interface CodecDecoder<Stream> {
  /** @param grey of what there is, the brightness alone, as it is stored: an alpha channel */
  decode(stream: Stream, picture: CodedPicture, color: Color | undefined, grey: boolean): DecodedPicture;
}

/** What pictures in boxes are coded with. */
export interface Codec<Stream> {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Types of items and sample entries. */
  readonly itemTypes: readonly string[];
  /** The box that says how a picture is coded. */
  readonly configurationType: string;

  /** Holds a coded picture against what the file says of it. No decoder runs. */
  readStream(input: CodedInput): Stream;

  /** Loads what decodes. What it gives is used at once, for the pictures of one file. */
  open(format: string): Promise<CodecDecoder<Stream>>;
}
