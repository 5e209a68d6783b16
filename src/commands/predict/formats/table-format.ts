import type {ChalkInstance} from 'chalk';
import {renderBar} from '../../../cli/bar.ts';
import {wrapWords} from '../../../cli/fit.ts';
import {formatAmount, formatCount, formatDuration, formatPercent, formatRate} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {renderReasons} from '../../../cli/reason-lines.ts';
import {displayWidth, padEnd, renderTable} from '../../../cli/table.ts';
import {isError, type PredictionEntry} from '../../../prediction/entry.ts';
import type {Summary} from '../../../prediction/tally.ts';
import type {AnswerFormat} from './answer-format.ts';
import {renderPrediction, roomForPath} from './prediction-line.ts';

export interface TableOptions {
  style: ChalkInstance;
  utf8: boolean;
  /** The columns of the terminal; infinitely many elsewhere. */
  columns: number;
  /** The number of candidates to print. */
  topK: number;
  /** Omits the summary. */
  quiet: boolean;
}

/** The largest width of the path column; longer paths overflow it. */
const WIDEST_PATH = 60;
/** From this number of pictures on, the summary has a table of counts. */
const MIN_IMAGES_FOR_TABLE = 25;

/** For people: one line per picture, without errors, and a summary at the end. */
export function tableFormat({style, utf8, columns, topK, quiet}: TableOptions): AnswerFormat {
  let pathWidth = 0;
  const widestPath = Math.min(WIDEST_PATH, roomForPath(columns));
  return {
    start: () => '',
    entries(entries) {
      const predictions = entries.filter((entry): entry is PredictionEntry => !isError(entry));
      for (const {path} of predictions)
        pathWidth = Math.min(widestPath, Math.max(pathWidth, displayWidth(printable(path))));
      const layout = {style, utf8, pathWidth, columns, topK};
      return predictions.map((entry) => `${renderPrediction(entry, layout)}\n${similarLines(entry, style)}`).join('');
    },
    end({summary, interrupted}) {
      if (quiet) return '';
      const several = summary.images + summary.errors > 1;
      const reasons = style.dim(renderReasons(summary.reasons, {counted: several, columns}));
      if (!several && !interrupted) return reasons;
      const table = summary.images >= MIN_IMAGES_FOR_TABLE ? `\n${countTable(summary, style, utf8)}\n` : '';
      const told = `${describe(summary, table !== '')}${interrupted ? ', then stopped' : ''}`;
      return `${table}\n${wrapWords(told, columns)}\n${reasons}`;
    },
  };
}

/** The pictures that look like it, a line each. */
function similarLines({similar = []}: PredictionEntry, style: ChalkInstance): string {
  const widest = Math.max(0, ...similar.map(({label}) => displayWidth(printable(label))));
  return similar
    .map(({path, label, similarity}) => {
      const name = padEnd(printable(label), widest);
      return `${style.dim(`  like ${similarity.toFixed(3)}  ${name}  ${printable(path)}`)}\n`;
    })
    .join('');
}

function countTable({labels, unknown, images}: Summary, style: ChalkInstance, utf8: boolean): string {
  const counts = ranked(labels);
  if (unknown > 0) counts.push(['unknown', unknown]);
  const rows = counts.map(([label, count], i) => {
    const color = unknown > 0 && i === counts.length - 1 ? style.yellow : style.green;
    const bar = color(renderBar(count / images, 20, utf8).trimEnd());
    return [printable(label), formatCount(count), formatPercent(count / images), bar];
  });
  const head = ['variety', 'pictures', 'share'].map((name) => style.dim(name));
  return renderTable([head, ...rows], 'lrrl');
}

function describe({images, errors, labels, unknown, seconds, imagesPerSecond}: Summary, counted: boolean): string {
  const counts = ranked(labels).map(([label, count]) => `${printable(label)} ${formatCount(count)}`);
  if (unknown > 0) counts.push(`unknown ${formatCount(unknown)}`);
  const failed = errors > 0 ? `, ${formatAmount(errors, 'file')} unreadable` : '';
  const time = `${formatDuration(seconds)} (${formatRate(imagesPerSecond)} a second)`;
  const list = counted || counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  return `${formatAmount(images, 'picture')} in ${time}${failed}${list}`;
}

function ranked(labels: Record<string, number>): [string, number][] {
  return Object.entries(labels).sort(([, a], [, b]) => b - a);
}
