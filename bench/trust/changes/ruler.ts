import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {between} from './change.ts';
import type {Color} from './ground.ts';
import type {Subject} from './subject.ts';

/** Pixels between the grain and the ruler, and between it and the picture's border. */
const GAP = 5;
const WIDEST = 34;
/** Pixels of a millimeter: a grain of 7 mm is about 150 pixels long. */
const MILLIMETER = 22;

/**
 * Lays a ruler along a border of the picture, with its marks towards the grain, which makes room for it: it is moved to
 * the other side.
 */
export function withRuler({frame, grain}: Subject, color: Color, random: RandomStream): Frame {
  const {width, height, data} = frame;
  const columns = width - (grain.right - grain.left + 1);
  const rows = height - (grain.bottom - grain.top + 1);
  const level = rows >= columns;
  const room = Math.max(columns, rows);
  const thick = Math.max(6, Math.min(WIDEST, room - 2 * GAP));
  const first = random.uniform() < 0.5;
  // The grain's box ends GAP before the other border.
  const [begin, end, side] = level ? [grain.top, grain.bottom, height] : [grain.left, grain.right, width];
  const shift = first ? Math.max(0, thick + GAP - begin) : Math.min(0, side - 1 - thick - GAP - end);
  const out = moved(frame, level ? 0 : shift, level ? shift : 0);
  const start = between(random, 0, MILLIMETER);
  const tone = between(random, 0.92, 1);
  for (let depth = 0; depth < thick; depth++)
    for (let along = 0; along < (level ? width : height); along++) {
      const across = first ? depth : side - 1 - depth;
      const pixel = level ? across * width + along : along * width + across;
      const mark = Math.round((along + start) / MILLIMETER);
      const near = Math.abs(along + start - mark * MILLIMETER);
      const reach = mark % 5 === 0 ? 0.75 : 0.45;
      const dark = near < 1.5 && thick - depth < reach * thick;
      for (let c = 0; c < 3; c++) out[pixel * 3 + c] = dark ? 30 : color[c] * tone;
    }
  return {width, height, data: data.length === out.length ? out : data};
}

/** The picture moved by whole pixels; black comes from outside. */
function moved({width, height, data}: Frame, dx: number, dy: number): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y++)
    for (let x = Math.max(0, dx); x < Math.min(width, width + dx); x++)
      for (let c = 0; c < 3; c++) out[(y * width + x) * 3 + c] = data[((y - dy) * width + x - dx) * 3 + c];
  return out;
}
