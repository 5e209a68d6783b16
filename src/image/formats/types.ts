import type {Frame} from '../frame.ts';

/** What the file says of itself before a single pixel is decoded. */
export interface ImageHeader {
  /** As stored, before any orientation is applied. */
  width: number;
  height: number;
  /** EXIF orientation, 1..8; 1 where nothing is said. */
  orientation: number;
  /** How often the decoder goes over the picture; once where left out. */
  passes?: number;
}

/** What decoding costs per pixel, at most. */
export interface PixelCost {
  /** Peak memory, 3 for the frame and 3 for the rotated one included. */
  bytes: number;
  /** Of one core, roughly. */
  nanoseconds: number;
}

/** Called with width, height and the cost of a pixel as soon as they are known; may throw. */
export type SizeCheck = (width: number, height: number, cost?: PixelCost) => void;

/** Pixels, and what a decoder has to remark about them. */
export interface Decoded {
  frame: Frame;
  notes: string[];
}

/** Which decoder reads JPEGs: libjpeg-turbo where it loads and can, our own otherwise; or always the one named. */
export type Decoder = 'auto' | 'native' | 'portable';

/** All that is to be known of an image format: a row of the table in `formats.ts`. */
export interface ImageFormat<Header extends ImageHeader = ImageHeader> {
  /** Stable, as it stands in answers: `jpeg`. */
  readonly name: string;
  /** For people: `JPEG`. */
  readonly title: string;
  readonly mediaType: string;
  /** What else such files are sent as. */
  readonly otherMediaTypes?: readonly string[];
  /** Of file names, lower case, the usual one first. They only make a file worth opening. */
  readonly extensions: readonly string[];
  /** Whether a page may hold such a file as it is: every browser shows it, and it is compact. */
  readonly embeddable: boolean;

  /** Tells the format from the first bytes of a file, of which there may be few. */
  detect(bytes: Uint8Array): boolean;

  /**
   * Reads what the file says of itself and holds its structure against the format. No decoder runs, and nothing is
   * allocated by what the file claims.
   *
   * @param check sees the size before the rest of the file is looked at, so that too large is said rather than cut
   * @throws RiceError IMAGE_TRUNCATED, IMAGE_CORRUPT or IMAGE_UNSUPPORTED
   */
  readHeader(bytes: Uint8Array, check?: SizeCheck): Header;

  /** Loads what `decode` runs on; called before each. */
  loadDecoder?(header: Header): Promise<void>;

  /**
   * Decodes the first frame or page to RGB, as stored, alpha over black. Where it returns no promise, the pixels may lie in
   * memory that the next frame takes.
   */
  decode(bytes: Buffer, header: Header, decoder: Decoder): Decoded | Promise<Decoded>;
}
