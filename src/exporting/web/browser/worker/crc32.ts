/** The reflected polynomial of CRC-32 (https://www.w3.org/TR/png-3/#samplecrc). */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** Takes the place of the function of that name in `node:zlib`, by which the chunks of a PNG are checked. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}
