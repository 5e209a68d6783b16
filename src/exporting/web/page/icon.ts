import {encodePng} from '../../../image/formats/png/encode.ts';

const GROUND = [0x14, 0x16, 0x1a];
const GRAIN = [0xf4, 0xef, 0xe2];
/** Of the icon's side: within the circle that every system leaves of an icon that it cuts. */
const [HALF_LENGTH, HALF_WIDTH] = [0.34, 0.14];
const TURN = (-38 * Math.PI) / 180;
/** Samples along each side of a pixel. */
const SAMPLES = 4;

/** The icon of the page as a PNG: a grain, which fills a square of `side` pixels without transparency. */
export function drawIcon(side: number): Uint8Array {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const share = coverage(x, y, side);
      for (let c = 0; c < 3; c++) data[(y * side + x) * 3 + c] = Math.round(GROUND[c] + share * (GRAIN[c] - GROUND[c]));
    }
  return encodePng({width: side, height: side, data});
}

/** How much of a pixel the grain covers, 0 to 1. */
function coverage(x: number, y: number, side: number): number {
  let inside = 0;
  for (let i = 0; i < SAMPLES ** 2; i++) {
    const dx = (x + ((i % SAMPLES) + 0.5) / SAMPLES) / side - 0.5;
    const dy = (y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / side - 0.5;
    const along = (dx * Math.cos(TURN) + dy * Math.sin(TURN)) / HALF_LENGTH;
    const across = (dy * Math.cos(TURN) - dx * Math.sin(TURN)) / HALF_WIDTH;
    if (along ** 2 + across ** 2 <= 1) inside++;
  }
  return inside / SAMPLES ** 2;
}
