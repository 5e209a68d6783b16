import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';

const SIDE = 250;

/** A picture for warming up: a bright bar on black, as a JPEG. */
export async function warmUpImage(): Promise<Uint8Array> {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 100; y < 150; y++) data.fill(200, (y * SIDE + 60) * 3, (y * SIDE + 190) * 3);
  return encodeJpeg({width: SIDE, height: SIDE, data}, 90);
}
