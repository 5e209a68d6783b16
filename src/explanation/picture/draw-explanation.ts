import type {Frame} from '../../image/frame.ts';
import {reduceFrame} from '../../image/resize/reduce.ts';
import {resampleFrame} from '../../image/resize/resample.ts';
import {lettering, strokeWidth, textWidth} from '../../scanning/output/draw/lettering.ts';
import {type Rgb, stroke} from '../../scanning/output/draw/stroke.ts';
import type {Explanation} from '../types.ts';
import {AGAINST, FOR, type Heat, heatOf, layHeat, strongest} from './heat.ts';
import {namedParts, signed} from './words.ts';

/** The answer that stands in the picture. */
export interface ShownAnswer {
  label: string;
  confidence: number;
  known: boolean;
  reason?: string;
  /** Labeled pictures that look like it, the nearest first. */
  similar?: readonly SimilarWindow[];
}

/** A labeled picture as the network sees it. */
export interface SimilarWindow {
  label: string;
  similarity: number;
  /** RGB interleaved, row-major, of the model's size. */
  window: Uint8Array;
}

/** The longer side of a picture in it: smaller ones are enlarged, larger ones reduced. */
const SIDE = 420;
const GAP = 12;
const TEXT = 11;
const LINE = 2 * TEXT;
const GROUND: Rgb = [22, 25, 30];
const INK: Rgb = [235, 235, 232];
const DIM: Rgb = [165, 170, 176];
const DARK: Rgb = [12, 14, 18];
/** Numbers beside the map that have a line of their own. */
const NUMBERS = 4;

/**
 * A picture beside itself with the explanation laid over it, where and as the grain lies; below, the answer, what the colors mean,
 * and the parts of the score as bars.
 *
 * @param frame the picture as it is shown
 */
export function drawExplanation(frame: Frame, explanation: Explanation, answer: ShownAnswer): Frame {
  const scale = SIDE / Math.max(frame.width, frame.height);
  const shown = resized(frame, scale);
  const heat = heatOf(explanation);
  const marked = {...shown, data: Uint8Array.from(shown.data)};
  layHeat(marked, heat, explanation.placement, scale);
  markStrongest(marked, heat, explanation, scale);
  const sideBySide = shown.width * 2 + GAP <= 2 * SIDE + GAP && shown.height >= shown.width / 2;
  const width = Math.max(sideBySide ? shown.width * 2 + GAP * 3 : shown.width + GAP * 2, SIDE + 2 * GAP);
  const below = sideBySide ? shown.height + 2 * GAP : shown.height * 2 + 3 * GAP;
  const parts = explanation.score ? namedParts(explanation.score, NUMBERS) : [];
  const bars = LINE * (3 + parts.length);
  const near = similarRows(answer.similar ?? [], explanation.map, width);
  const height = below + bars + near.height + GAP;
  const whole = {width, height, data: new Uint8Array(width * height * 3)};
  for (let i = 0; i < whole.data.length; i++) whole.data[i] = GROUND[i % 3];
  paste(whole, shown, GAP, GAP);
  if (sideBySide) paste(whole, marked, shown.width + 2 * GAP, GAP);
  else paste(whole, marked, GAP, shown.height + 2 * GAP);
  const write = (text: string, line: number, color = INK, x = GAP) => {
    stroke(whole, lettering(text, x, below + line * LINE, TEXT), strokeWidth(TEXT), color);
  };
  write(answerText(answer), 0);
  write(questionText(explanation), 1, DIM);
  drawLegend(whole, below + 2 * LINE, explanation);
  drawBars(whole, parts, below + 3 * LINE, write);
  for (const each of near.placed) drawSimilar(whole, each, below + bars);
  return whole;
}

function answerText({label, confidence, known, reason}: ShownAnswer): string {
  // 100 % only for 1.
  const percent = `${confidence < 1 ? Math.min(confidence * 100, 99.9).toFixed(1) : '100'} %`;
  return known ? `${label} ${percent}` : `unknown, nearest ${label} ${percent}${reason ? `: ${reason}` : ''}`;
}

function questionText({label, against, method}: Explanation): string {
  if (method === 'occlusion') return `what hiding each part takes from ${label}`;
  return against === undefined ? `why ${label} and no other` : `why ${label} and not ${against}`;
}

/** Bilinear where it is enlarged, by averages first where it is much smaller. */
function resized(frame: Frame, scale: number): Frame {
  const factor = Math.max(1, Math.floor(0.5 / scale));
  const smaller = reduceFrame(frame, factor);
  const width = Math.max(1, Math.round(frame.width * scale));
  const height = Math.max(1, Math.round(frame.height * scale));
  return {
    width,
    height,
    data: resampleFrame(smaller, {width, height}, {left: 0, top: 0, width, height}, 'bilinear'),
  };
}

/** A plus where most speaks for the answer and a minus where most speaks against it, for who sees no colors. */
function markStrongest(frame: Frame, heat: Heat, {placement}: Explanation, scale: number): void {
  for (const [sign, text] of [
    [1, '+'],
    [-1, '-'],
  ] as const) {
    const [u, v] = strongest(heat, sign) ?? [];
    if (u === undefined || v === undefined) continue;
    const x = (placement.x + u * placement.rightX + v * placement.downX) * scale;
    const y = (placement.y + u * placement.rightY + v * placement.downY) * scale;
    const segments = lettering(text, x - textWidth(text, TEXT) / 2, y - TEXT / 2, TEXT);
    stroke(frame, segments, strokeWidth(TEXT) * 2.6, DARK);
    stroke(frame, segments, strokeWidth(TEXT), [255, 255, 255]);
  }
}

function drawLegend(whole: Frame, top: number, {method}: Explanation): void {
  const [left, right] = method === 'occlusion' ? ['speaks against', 'speaks for'] : ['against', 'for'];
  let x: number = GAP;
  const text = (words: string) => {
    stroke(whole, lettering(words, x, top, TEXT), strokeWidth(TEXT), INK);
    x = Math.ceil(x + textWidth(words, TEXT) + TEXT);
  };
  text(`- ${left}`);
  const bar = 8 * TEXT;
  for (let i = 0; i < bar; i++) {
    const value = (2 * (i + 0.5)) / bar - 1;
    const color = value > 0 ? FOR : AGAINST;
    for (let y = 0; y < TEXT; y++) {
      const at = ((top + y) * whole.width + x + i) * 3;
      for (let c = 0; c < 3; c++) whole.data[at + c] = Math.round(128 + (color[c] - 128) * Math.abs(value));
    }
  }
  x += bar + TEXT;
  text(`+ ${right}`);
}

/** A bar for each part from a common middle, with its amount. */
function drawBars(
  whole: Frame,
  parts: readonly (readonly [name: string, amount: number])[],
  top: number,
  write: (text: string, line: number, color?: Rgb, x?: number) => void,
): void {
  const largest = Math.max(...parts.map(([, amount]) => Math.abs(amount)), Number.MIN_VALUE);
  const names = Math.max(...parts.map(([name]) => textWidth(name, TEXT)), 0);
  const numbers = textWidth('+00.00', TEXT) + TEXT;
  const room = Math.max(0, whole.width - 2 * GAP - names - numbers - 2 * TEXT);
  const middle = GAP + names + numbers + TEXT + room / 2;
  parts.forEach(([name, amount], i) => {
    write(name, 3 + i, DIM);
    write(signed(amount), 3 + i, INK, GAP + names + TEXT);
    const y = top + i * LINE + TEXT / 2;
    const end = middle + (amount / largest) * (room / 2 - TEXT);
    if (room > 4 * TEXT) stroke(whole, [middle, y, end, y], TEXT * 0.7, amount < 0 ? AGAINST : FOR);
  });
}

interface PlacedWindow {
  text: string;
  window: Frame;
  x: number;
  y: number;
}

/** Lays similar pictures out in rows, each with its label and similarity below it. */
function similarRows(
  similar: readonly SimilarWindow[],
  {width: windowWidth, height: windowHeight}: {width: number; height: number},
  width: number,
): {placed: PlacedWindow[]; height: number} {
  const texts = similar.map(({label, similarity}) => `${label} ${similarity.toFixed(3)}`);
  const column = Math.ceil(Math.max(windowWidth, ...texts.map((text) => textWidth(text, TEXT)))) + GAP;
  const row = windowHeight + LINE + GAP;
  const columns = Math.max(1, Math.floor((width - GAP) / column));
  const placed = similar.map(({window}, i) => ({
    text: texts[i],
    window: {width: windowWidth, height: windowHeight, data: window},
    x: GAP + (i % columns) * column,
    y: LINE + Math.floor(i / columns) * row,
  }));
  return {placed, height: similar.length === 0 ? 0 : LINE + Math.ceil(similar.length / columns) * row};
}

function drawSimilar(whole: Frame, {text, window, x, y}: PlacedWindow, top: number): void {
  if (x === GAP && y === LINE) stroke(whole, lettering('looks like', GAP, top, TEXT), strokeWidth(TEXT), DIM);
  paste(whole, window, x, top + y);
  const below = top + y + window.height + TEXT / 2;
  stroke(whole, lettering(text, x, below, TEXT), strokeWidth(TEXT), INK);
}

function paste(whole: Frame, part: Frame, left: number, top: number): void {
  const row = part.width * 3;
  for (let y = 0; y < part.height; y++)
    whole.data.set(part.data.subarray(y * row, (y + 1) * row), ((top + y) * whole.width + left) * 3);
}
