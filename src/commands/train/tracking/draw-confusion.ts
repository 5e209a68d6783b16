import type {Frame} from '../../../image/frame.ts';
import {lettering, strokeWidth, textWidth} from '../../../scanning/output/draw/lettering.ts';
import {type Rgb, stroke} from '../../../scanning/output/draw/stroke.ts';

const CELL = 72;
const LETTERS = 12;
const GAP = 12;
const TITLE = 28;
const INK: Rgb = [32, 32, 32];
const PAPER: Rgb = [255, 255, 255];
/** The diagonal, and what is beside it, where every picture of a label is there. */
const RIGHT: Rgb = [38, 110, 80];
const WRONG: Rgb = [176, 48, 40];

/** Draws a confusion matrix: a row a true label, a column a predicted one, the darker the larger the share of its row. */
export function drawConfusion(labels: readonly string[], matrix: readonly (readonly number[])[]): Frame {
  const names = labels.map((label) => shortened(label));
  const margin = Math.max(...names.map((name) => textWidth(name, LETTERS))) + 2 * GAP;
  const cell = Math.max(CELL, margin - GAP);
  const frame = blank(Math.ceil(margin + cell * labels.length + GAP), TITLE + CELL * labels.length + TITLE + GAP);
  const write = (text: string, x: number, y: number, color: Rgb) =>
    stroke(
      frame,
      lettering(text, x - textWidth(text, LETTERS) / 2, y - LETTERS / 2, LETTERS),
      strokeWidth(LETTERS),
      color,
    );
  write('rows: true, columns: predicted', frame.width / 2, TITLE / 2 + 2, INK);
  for (const [i, row] of matrix.entries()) {
    const total = row.reduce((sum, count) => sum + count, 0);
    const top = TITLE + i * CELL;
    write(names[i], margin / 2, top + CELL / 2, INK);
    for (const [k, count] of row.entries()) {
      const share = total > 0 ? count / total : 0;
      const left = margin + k * cell;
      fill(
        frame,
        left,
        top,
        cell - 2,
        CELL - 2,
        mixed(i === k ? RIGHT : WRONG, count > 0 ? 0.15 + 0.85 * share : 0.04),
      );
      write(String(count), left + cell / 2, top + CELL / 2, share > 0.5 ? PAPER : INK);
    }
    write(names[i], margin + i * cell + cell / 2, TITLE + CELL * labels.length + TITLE / 2, INK);
  }
  return frame;
}

const LONGEST_NAME = 14;

function shortened(label: string): string {
  return label.length > LONGEST_NAME ? `${label.slice(0, LONGEST_NAME - 1)}.` : label;
}

function blank(width: number, height: number): Frame {
  return {width, height, data: new Uint8Array(width * height * 3).fill(255)};
}

function mixed(color: Rgb, share: number): Rgb {
  return color.map((value) => Math.round(255 - (255 - value) * share)) as unknown as Rgb;
}

function fill({width, data}: Frame, left: number, top: number, columns: number, rows: number, color: Rgb): void {
  for (let y = top; y < top + rows; y++)
    for (let x = Math.round(left); x < left + columns; x++) data.set(color, (y * width + x) * 3);
}
