import type {Frame} from '../../../image/frame.ts';
import type {Scale} from '../../types.ts';
import {lettering, strokeWidth, textWidth} from './lettering.ts';
import {type Rgb, rgbOf, stroke} from './stroke.ts';

export interface LegendEntry {
  name: string;
  color: string;
  count: number;
}

const GROUND: Rgb = [22, 25, 30];
const INK: Rgb = [235, 235, 232];

interface Placed {
  entry: LegendEntry;
  text: string;
  x: number;
  row: number;
}

/**
 * The picture with a strip below it that tells what the colors mean, and how long some millimeters are.
 *
 * @param height of the capitals, in pixels
 */
export function addLegend(
  frame: Frame,
  entries: readonly LegendEntry[],
  {scale, height}: {scale: Scale | null; height: number},
): Frame {
  const pad = Math.round(height);
  const ruler = scale && rulerOf(scale, frame.width, height);
  const placed = layOut(entries, frame.width - pad, {height, pad});
  const lines = (placed.at(-1)?.row ?? -1) + 1;
  const rows = lines + (ruler ? 1 : 0);
  if (rows === 0) return frame;
  const below = rows * 2 * height + pad;
  const whole = {width: frame.width, height: frame.height + Math.round(below), data: new Uint8Array(0)};
  whole.data = new Uint8Array(whole.width * whole.height * 3);
  whole.data.set(frame.data);
  for (let i = frame.data.length; i < whole.data.length; i += 3) whole.data.set(GROUND, i);
  const line = strokeWidth(height);
  const topOf = (row: number) => frame.height + pad + row * 2 * height;
  for (const {entry, text, x, row} of placed) {
    const middle = topOf(row) + height / 2;
    stroke(whole, [x + height / 2, middle, x + height / 2, middle], height, rgbOf(entry.color));
    stroke(whole, lettering(text, x + height * 1.6, topOf(row), height), line, INK);
  }
  if (ruler) {
    const y = topOf(lines) + height / 2;
    const [from, to] = [pad, pad + ruler.length];
    const ends = [from, y - height / 2, from, y + height / 2, to, y - height / 2, to, y + height / 2];
    stroke(whole, [from, y, to, y, ...ends], line, INK);
    stroke(whole, lettering(ruler.text, to + pad, y - height / 2, height), line, INK);
  }
  return whole;
}

/** From left to right, in as many rows as they need. */
function layOut(
  entries: readonly LegendEntry[],
  right: number,
  {height, pad}: {height: number; pad: number},
): Placed[] {
  let [x, row] = [pad, 0];
  return entries.map((entry) => {
    const text = `${entry.name} ${entry.count}`;
    const width = height * 1.6 + textWidth(text, height);
    if (x > pad && x + width > right) [x, row] = [pad, row + 1];
    const placed = {entry, text, x, row};
    x += width + 2 * height;
    return placed;
  });
}

/** Round millimeters that take about a sixth of the picture. */
function rulerOf({pxPerMm}: Scale, width: number, height: number): {length: number; text: string} | undefined {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200];
  const fitting = steps.filter((each) => each * pxPerMm <= width / 5);
  const millimeters = fitting.at(-1);
  if (millimeters === undefined) return undefined;
  const [length, text] = [millimeters * pxPerMm, `${millimeters} mm`];
  return length + textWidth(text, height) + 3 * height <= width ? {length, text} : undefined;
}
