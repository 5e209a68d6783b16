import type {ChalkInstance} from 'chalk';
import {renderBar} from './bar.ts';
import {formatPercent} from './format.ts';
import {printable} from './printable.ts';
import {padEnd} from './table.ts';

/** What a line tells of one answer. */
export interface Answer {
  label: string;
  confidence: number;
  known: boolean;
  reason?: string;
  probabilities: Record<string, number>;
}

export interface LineLayout {
  style: ChalkInstance;
  utf8: boolean;
  /** Columns for the path. */
  pathWidth: number;
  /** How many candidates to name. */
  topK: number;
}

/** One answer as a line: path, confidence, the same as a bar, variety, further candidates. */
export function renderPrediction(path: string, answer: Answer, {style, utf8, pathWidth, topK}: LineLayout): string {
  const color = answer.known ? style.green : style.yellow;
  const percent = formatPercent(answer.confidence).padStart(6);
  const bar = color(renderBar(answer.confidence, 10, utf8));
  return `${padEnd(printable(path), pathWidth)}  ${percent} ${bar}  ${describe(answer, style)}${others(answer, topK, style)}`;
}

function describe({label, known, reason}: Answer, style: ChalkInstance): string {
  if (known) return style.bold(printable(label));
  return `${style.yellow('unknown')}, nearest ${printable(label)}${reason ? ` (${reason})` : ''}`;
}

function others({label, probabilities}: Answer, topK: number, style: ChalkInstance): string {
  const ranked = Object.entries(probabilities)
    .filter(([name]) => name !== label)
    .sort(([, a], [, b]) => b - a)
    .slice(0, topK - 1);
  if (ranked.length === 0) return '';
  return style.dim(
    `, then ${ranked.map(([name, probability]) => `${printable(name)} ${formatPercent(probability)}`).join(', ')}`,
  );
}
