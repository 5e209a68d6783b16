import type {ChalkInstance} from 'chalk';
import {renderBar} from '../../../cli/bar.ts';
import {formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {padEnd} from '../../../cli/table.ts';
import type {PredictionEntry} from '../../../prediction/entry.ts';

export interface LineLayout {
  style: ChalkInstance;
  utf8: boolean;
  /** The width of the path, in columns. */
  pathWidth: number;
  /** The number of candidates to print. */
  topK: number;
}

/** One answer as a line: path, confidence as a number and as a bar, variety, further candidates. */
export function renderPrediction(answer: PredictionEntry, {style, utf8, pathWidth, topK}: LineLayout): string {
  const color = answer.known ? style.green : style.yellow;
  const percent = formatPercent(answer.confidence).padStart(6);
  const bar = color(renderBar(answer.confidence, 10, utf8));
  const path = padEnd(printable(answer.path), pathWidth);
  return `${path}  ${percent} ${bar}  ${describe(answer, style)}${others(answer, topK, style)}`;
}

function describe({label, nearest, known, reason}: PredictionEntry, style: ChalkInstance): string {
  if (known) return style.bold(printable(label));
  const name = nearest === undefined ? 'unknown' : printable(label);
  return `${style.yellow(name)}, nearest ${printable(nearest ?? label)}${reason ? ` (${reason})` : ''}`;
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
