/** A NAL unit of HEVC (ITU-T H.265, section 7.3.1). */
export interface NalUnit {
  type: number;
  /** With its header of two bytes. */
  bytes: Uint8Array;
}

export const HEADER_BYTES = 2;
export const VIDEO_PARAMETERS = 32;
export const SEQUENCE_PARAMETERS = 33;
export const PICTURE_PARAMETERS = 34;

export function nalUnit(bytes: Uint8Array): NalUnit {
  return {type: (bytes[0] >> 1) & 63, bytes};
}

/** Whether it belongs to the picture itself, rather than to its depth or a second view of it. */
export function isBaseLayer({bytes}: NalUnit): boolean {
  return bytes.length > HEADER_BYTES && (((bytes[0] & 1) << 5) | (bytes[1] >> 3)) === 0;
}

/** Slices have the types below 32; of pictures that need no other, 16 to 23 (table 7-1). */
export function isSlice({type}: NalUnit): boolean {
  return type < 32;
}

export function isRandomAccess({type}: NalUnit): boolean {
  return type >= 16 && type <= 23;
}

export function startsPicture({bytes}: NalUnit): boolean {
  return (bytes[HEADER_BYTES] & 0x80) !== 0;
}

/** What a NAL unit says, without the bytes that keep it from looking like the start of another (section 7.4.2). */
export function payloadOf({bytes}: NalUnit, most: number): Uint8Array {
  const out = new Uint8Array(Math.min(bytes.length, most));
  let length = 0;
  let zeros = 0;
  for (let i = HEADER_BYTES; i < bytes.length && length < most; i++) {
    const emulation = zeros >= 2 && bytes[i] === 3;
    zeros = bytes[i] === 0 ? zeros + 1 : 0;
    if (!emulation) out[length++] = bytes[i];
  }
  return out.subarray(0, length);
}
