/** One of the channels of a decoded picture. */
export interface Plane {
  samples: Uint8Array | Uint16Array;
  /** Samples from one row to the next. */
  stride: number;
  width: number;
  height: number;
}

/** A decoded picture, in the decoder's memory. */
export interface Planes {
  /** Brightness, then the two of color unless it is grey. */
  planes: Plane[];
  bitDepth: number;
}
