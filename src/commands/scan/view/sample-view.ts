import {wrapWords} from '../../../cli/fit.ts';
import {formatAmount, formatCount, formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {padEnd} from '../../../cli/table.ts';
import {classWords, lengthWords, NO_CERTIFICATE, neededWords, scaleWords} from '../../../scanning/grading/words.ts';
import type {Scale, ScanSummary} from '../../../scanning/types.ts';
import {lengthHistogram} from './length-histogram.ts';
import {shareTable} from './share-table.ts';
import type {ViewOptions} from './view-options.ts';

export interface Sample {
  /** What it is called: the path of a picture, or `3 pictures`. */
  title: string;
  summary: ScanSummary;
  /** One for all of its pictures; undefined where they differ. */
  scale: Scale | null | undefined;
}

/** What a sample is, on one screen: counts, shares with their intervals, sizes, the histogram of lengths, the scale. */
export function renderSample({title, summary, scale}: Sample, options: ViewOptions): string {
  const {style, columns} = options;
  const head = `${style.bold(printable(title))}: ${countLine(summary)}`;
  if (summary.measured === 0) return `${wrapWords(head, columns, 2)}\n`;
  const facts = factsOf(summary, scale);
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => {
    const told = wrapWords(value, columns, width + 2, width + 2);
    return `${style.dim(padEnd(name, width))}  ${told}`;
  });
  return [
    wrapWords(head, columns, 2),
    shareTable(summary, options),
    lines.join('\n'),
    lengthHistogram(summary, options),
    wrapWords(style.dim(caveat(summary)), columns),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

function countLine({grains, measured, countByArea}: ScanSummary): string {
  const border = grains - measured;
  const cut = border > 0 ? `, ${formatCount(border)} of them cut by the border` : '';
  return `${formatAmount(grains, 'grain')}${cut} (${formatCount(countByArea)} by area)`;
}

function factsOf({lengths, sizeClasses, thousandKernelMass}: ScanSummary, scale: Sample['scale']): [string, string][] {
  const {unit, mean, deviation, variation, width, ratio} = lengths;
  const facts: [string, string][] = [
    ['length', `${lengthWords(mean, unit)}, deviation ${lengthWords(deviation, unit)} (${formatPercent(variation)})`],
    ['width', `${lengthWords(width, unit)}, length / width ${ratio.toFixed(2)}`],
  ];
  if (sizeClasses) facts.push(['class', classWords(sizeClasses)]);
  if (thousandKernelMass) {
    const {grams, low, high} = thousandKernelMass;
    facts.push(['mass', `1,000 whole grains: about ${grams.toFixed(1)} g (${low.toFixed(1)} to ${high.toFixed(1)})`]);
  }
  facts.push(['scale', scaleLine(scale)]);
  return facts;
}

function scaleLine(scale: Sample['scale']): string {
  return scale === undefined ? 'not the same in all pictures' : printable(scaleWords(scale));
}

function caveat({needed, measured}: ScanSummary): string {
  return `${NO_CERTIFICATE} Mass is estimated from area and width. ${neededWords(needed, measured)}`;
}
