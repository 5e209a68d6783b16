/** Decoded pixels: RGB interleaved, row-major, 8 bits per channel, `data.length === width * height * 3`. */
export interface Frame {
  width: number;
  height: number;
  data: Uint8Array;
}
