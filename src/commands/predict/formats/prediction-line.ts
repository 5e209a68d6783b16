import type {ChalkInstance} from 'chalk';
import {renderBar} from '../../../cli/bar.ts';
import {shortenPath, wrapWords} from '../../../cli/fit.ts';
import {formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {padEnd} from '../../../cli/table.ts';
import type {PredictionEntry} from '../../../prediction/entry.ts';

export interface LineLayout {
  style: ChalkInstance;
  utf8: boolean;
  /** The width of the path, in columns. */
  pathWidth: number;
  /** The columns of the terminal, into which the line is fitted. */
  columns: number;
  /** The number of candidates to print. */
  topK: number;
}

/** The columns of the answer that a path leaves, and those below which there is no bar. */
const ANSWER = 30;
const MIN_COLUMNS_FOR_BAR = 70;
const PERCENT = 6;
const BAR = 10;

/** The columns that a path may take, so that the answer stands beside it. */
export function roomForPath(columns: number): number {
  return Math.max(12, columns - before(columns, 0) - ANSWER);
}

/** The column at which the answer begins. */
function before(columns: number, pathWidth: number): number {
  return pathWidth + 2 + PERCENT + (columns < MIN_COLUMNS_FOR_BAR ? 2 : 1 + BAR + 2);
}

/**
 * One answer as a line: path, confidence as a number and as a bar, variety, further candidates. An unknown one has no
 * bar: its confidence is not to be trusted. One without a grain has neither number nor varieties: they would be those of
 * the ground. On a terminal the path is shortened, and the answer wrapped between words.
 */
export function renderPrediction(answer: PredictionEntry, layout: LineLayout): string {
  const {style, utf8, pathWidth, columns, topK} = layout;
  const percent = (isEmpty(answer) ? '' : formatPercent(answer.confidence)).padStart(PERCENT);
  const bar = answer.known ? style.green(renderBar(answer.confidence, BAR, utf8)) : ' '.repeat(BAR);
  const whole = printable(answer.path);
  const path = padEnd(Number.isFinite(columns) ? shortenPath(whole, pathWidth, utf8) : whole, pathWidth);
  const confidence = columns < MIN_COLUMNS_FOR_BAR ? percent : `${percent} ${bar}`;
  const start = before(columns, pathWidth);
  const text = `${describe(answer, style)}${isEmpty(answer) ? '' : others(answer, topK, style)}`;
  return `${path}  ${confidence}  ${wrapWords(text, columns, start, start)}`;
}

/** Whether no grain was found. */
function isEmpty({reason}: PredictionEntry): boolean {
  return reason === 'no grain';
}

function describe(answer: PredictionEntry, style: ChalkInstance): string {
  const {label, nearest, known, reason} = answer;
  if (known) return style.bold(printable(label));
  const name = style.yellow(nearest === undefined ? 'unknown' : printable(label));
  const variety = isEmpty(answer) ? '' : `, nearest ${printable(nearest ?? label)}`;
  return `${name}${variety}${reason ? ` (${reason})` : ''}`;
}

function others({label, nearest = label, probabilities}: PredictionEntry, topK: number, style: ChalkInstance): string {
  if (topK < 2) return '';
  const ranked = Object.entries(probabilities)
    .filter(([name]) => name !== nearest)
    .sort(([, a], [, b]) => b - a)
    .slice(0, topK - 1);
  const named = ranked.map(([name, probability]) => `${printable(name)} ${formatPercent(probability)}`);
  return named.length === 0 ? '' : style.dim(`, then ${named.join(', ')}`);
}
