import type {ChalkInstance} from 'chalk';
import {shortenPath, wrapWords} from '../../cli/fit.ts';
import {formatAmount, formatCount, formatDuration, formatPercent, formatRate} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {listReasons} from '../../cli/reason-lines.ts';
import {isUtf8} from '../../cli/style.ts';
import {displayWidth, renderTable} from '../../cli/table.ts';
import {DEFAULT_TRUST, type Trust} from '../../model/trust.ts';
import type {ReasonCounts} from '../../prediction/reason-tally.ts';
import type {AccuracyGate} from './accuracy-gate.ts';
import {renderConfusion} from './confusion-table.ts';
import {type RobustnessRow, renderRobustness} from './robustness-table.ts';

/** The parts of an evaluation that are printed. */
export interface Report {
  model: {name: string; version: string};
  trust: Trust;
  images: number;
  accuracy: number;
  interval: {low: number; high: number};
  unknown: number;
  reasons: ReasonCounts;
  selective: {coverage: number; accuracy: number; images: number};
  perClass: Record<string, {precision: number | null; recall: number | null; f1: number | null; support: number}>;
  confusion: {labels: string[]; matrix: number[][]};
  calibration: {ece: number};
  mistakes: {path: string; label: string; predicted: string; confidence: number}[];
  errors: unknown[];
  seconds: number;
  imagesPerSecond: number;
  gate?: AccuracyGate;
  robustness?: RobustnessRow[];
  /** The path of the HTML report. */
  report?: string;
}

/** The number of mistakes to print; the JSON document has all of them. */
const SHOWN_MISTAKES = 10;
/** The columns that a path keeps on a narrow terminal. */
const SHORTEST_PATH = 16;

/** An evaluation as text: accuracy, confusion matrix, varieties, mistakes, robustness. */
export function renderReport(
  report: Report,
  {style, part, columns}: {style: ChalkInstance; part: string; columns: number},
): string {
  const {labels, matrix} = report.confusion;
  return [
    headline(report, style, part)
      .split('\n')
      .map((line) => wrapWords(line, columns, 2))
      .join('\n'),
    renderConfusion(labels.map(printable), matrix, style),
    classTable(report, style),
    mistakeList(report, style, columns),
    report.robustness ? renderRobustness(report.robustness, style) : '',
    report.report === undefined ? '' : `Report with pictures of the mistakes: ${printable(report.report)}`,
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function headline(report: Report, style: ChalkInstance, part: string): string {
  const {model, images, accuracy, interval, unknown, calibration, errors, seconds, imagesPerSecond} = report;
  const {reasons, selective} = report;
  const right = images - report.mistakes.length;
  const range = `95 % interval ${formatPercent(interval.low, 2)} to ${formatPercent(interval.high, 2)}`;
  const notes = [`calibration error ${formatPercent(calibration.ece, 2)}`];
  if (report.trust !== DEFAULT_TRUST) notes.push(`answers accepted with --trust ${report.trust}`);
  if (unknown > 0) notes.push(`${formatCount(unknown)} answered "unknown" (${listReasons(reasons)})`);
  if (report.gate?.passed) notes.push(`--min-accuracy ${report.gate.minAccuracy} reached`);
  if (errors.length > 0) notes.push(`${formatAmount(errors.length, 'file')} unreadable`);
  const mostTrusted = `${formatPercent(selective.accuracy, 2)} right of the ${formatPercent(selective.coverage, 0)} most trusted: ${formatAmount(selective.images, 'picture')}`;
  const ofPart = part === 'all' ? '' : ` of the ${part} part`;
  return `${style.bold(`${formatPercent(accuracy, 2)} right`)}: ${formatCount(right)} of ${formatAmount(images, 'picture')}${ofPart} (${range})
${mostTrusted}
${notes.join(', ')}
${printable(`${model.name} ${model.version}`)}, ${formatDuration(seconds)} (${formatRate(imagesPerSecond)} pictures a second)`;
}

function classTable({perClass}: Report, style: ChalkInstance): string {
  const percent = (value: number | null) => (value === null ? '-' : formatPercent(value, 2));
  const head = ['variety', 'precision', 'recall', 'F1', 'pictures'].map((name) => style.dim(name));
  const rows = Object.entries(perClass).map(([label, {precision, recall, f1, support}]) => [
    printable(label),
    percent(precision),
    percent(recall),
    percent(f1),
    formatCount(support),
  ]);
  return renderTable([head, ...rows], 'lr');
}

function mistakeList({mistakes}: Report, style: ChalkInstance, columns: number): string {
  if (mistakes.length === 0) return '';
  const shown = mistakes.slice(0, SHOWN_MISTAKES);
  const answers = shown.map(({label, predicted, confidence}) => [
    printable(`${label} taken for ${predicted}`),
    formatPercent(confidence),
  ]);
  const besidePath = Math.max(...renderTable(answers, 'lr').split('\n').map(displayWidth)) + 4;
  const room = Math.max(SHORTEST_PATH, columns - besidePath);
  const rows = answers.map((answer, i) => [`  ${shortenPath(printable(shown[i].path), room, isUtf8())}`, ...answer]);
  const rest = mistakes.length - shown.length;
  const more = rest > 0 ? `\n  and ${formatCount(rest)} more (--json and --report have all)` : '';
  return `${style.bold('The most confident mistakes')}\n${renderTable(rows, 'llr')}${more}`;
}
