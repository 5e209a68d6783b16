import type {Share, SizeClasses} from '../../../../scanning/types.ts';
import {byId, make, makeSvg} from '../elements.ts';
import {measure, type ScanSummary} from './document.ts';

/** Shows what the picture is as a sample: shares with their intervals, lengths, and what a claim would need. */
export function showSums(summary: ScanSummary): void {
  const {shares, broken, grades, discolored, purity, lengths, measured, needed} = summary;
  if (measured === 0) {
    byId('sums').replaceChildren(make('p', {}, 'No grain could be measured, so that there is nothing to sum up.'));
    return;
  }
  const {unknown, ...known} = shares;
  const varieties = Object.entries(known).sort(([, a], [, b]) => b.count - a.count);
  const rows: [string, Share | null | undefined][] = [
    ...varieties,
    ['unknown', unknown],
    ...(purity ? [[`purity: ${purity.label}`, purity] as [string, Share]] : []),
    ['broken', broken],
    ...Object.entries(grades).filter(([grade]) => grade !== 'whole'),
    ['discolored', discolored],
  ];
  const column = (text: string) => make('th', {scope: 'col'}, text);
  const head = make('tr', {}, column('Share'), column('Grains'), column('By number'), column('By mass'));
  const body = rows.flatMap(([name, share]) => (share ? [rowOf(name, share)] : []));
  byId('sums').replaceChildren(
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...body)),
    factsOf(summary),
    histogramOf(lengths),
    make(
      'p',
      {class: 'fine'},
      `Estimates from ${measured} measured grains in one picture, each with the range that holds the truth 19 times of 20; masses are estimated from the outlines. They are no certificate: to know a share like these to one point, about ${needed.toLocaleString('en')} grains are needed.`,
    ),
  );
}

function rowOf(name: string, {count, share, low, high, massShare, massLow, massHigh}: Share): HTMLElement {
  const cell = (value: number, from: number, to: number) =>
    make('td', {}, points(value), make('span', {class: 'range'}, `${points(from, false)}–${points(to)}`));
  return make(
    'tr',
    {},
    make('th', {scope: 'row'}, name),
    make('td', {}, `${count}`),
    cell(share, low, high),
    cell(massShare, massLow, massHigh),
  );
}

function points(share: number, unit = true): string {
  return `${(share * 100).toFixed(1)}${unit ? ' %' : ''}`;
}

function factsOf({lengths, sizeClasses, thousandKernelMass, broken}: ScanSummary): HTMLElement {
  const {unit, mean, deviation, variation, ratio, width} = lengths;
  const of = broken === null ? 'of all measured' : 'of whole grains';
  const facts: [string, string][] = [
    [`Length ${of}`, `${measure(mean, unit)}, ± ${measure(deviation, unit)} (${(variation * 100).toFixed(1)} %)`],
    ['Width', measure(width, unit)],
    ['Length / width', ratio.toFixed(2)],
    ...(sizeClasses ? [['Size class', classesOf(sizeClasses)] as [string, string]] : []),
    ...(thousandKernelMass
      ? [
          [
            'A thousand grains, estimated',
            `${thousandKernelMass.grams.toFixed(1)} g (${thousandKernelMass.low.toFixed(1)} to ${thousandKernelMass.high.toFixed(1)} g)`,
          ] as [string, string],
        ]
      : []),
  ];
  return make('dl', {}, ...facts.flatMap(([term, value]) => [make('dt', {}, term), make('dd', {}, value)]));
}

function classesOf({usda, eu, codex}: SizeClasses): string {
  return [`USDA ${usda}`, ...(eu ? [`EU ${eu}`] : []), ...(codex ? [`Codex ${codex}`] : [])].join(', ');
}

/** Bars of the lengths; what they say is in their label. */
function histogramOf({unit, histogram: {edges, counts}}: ScanSummary['lengths']): SVGElement | string {
  const most = Math.max(...counts, 1);
  if (counts.length === 0) return '';
  const [width, height] = [480, 120];
  const step = width / counts.length;
  const bars = counts.map((count, i) =>
    makeSvg('rect', {
      x: i * step + 1,
      y: height - (count / most) * height,
      width: Math.max(1, step - 2),
      height: (count / most) * height,
    }),
  );
  const text = (x: number, anchor: string, said: string) => {
    const element = makeSvg('text', {x, y: height + 16, 'text-anchor': anchor});
    element.textContent = said;
    return element;
  };
  const digits = unit === 'mm' ? 1 : 0;
  const said = counts.map((count, i) => `${edges[i].toFixed(digits)}: ${count}`).join(', ');
  return makeSvg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height + 22}`,
      class: 'histogram',
      role: 'img',
      'aria-label': `Grains by length in ${unit}, from each length on: ${said}`,
    },
    ...bars,
    text(0, 'start', `${edges[0].toFixed(digits)} ${unit}`),
    text(width / 2, 'middle', 'length'),
    text(width, 'end', `${edges[edges.length - 1].toFixed(digits)} ${unit}`),
  );
}
