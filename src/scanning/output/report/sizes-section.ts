import {type Html, html} from '../../../common/html.ts';
import {fact} from '../../../common/report/facts.ts';
import {percent} from '../../../common/report/figures.ts';
import {round} from '../../../common/round.ts';
import {classWords, lengthWords} from '../../grading/words.ts';
import type {ReportData} from './report-data.ts';

const [WIDTH, HEIGHT, FOOT, HEAD] = [640, 240, 28, 18];
/** Edges are named at most so often, so that they do not touch. */
const MOST_NAMES = 11;

/** How long the grains are, in figures and as a histogram. */
export function sizesSection({summary}: ReportData): Html | undefined {
  if (summary.measured === 0) return undefined;
  const {lengths, sizeClasses, thousandKernelMass} = summary;
  const {unit, mean, deviation, variation, width, ratio} = lengths;
  return html`<section aria-labelledby="sizes">
<h2 id="sizes">Sizes</h2>
<div class="pair">
<figure class="histogram">${histogram(summary.lengths)}<figcaption>Grains by length in ${unit}</figcaption></figure>
<dl class="facts">
${fact('Length of whole grains', html`${lengthWords(mean, unit)}, deviation ${lengthWords(deviation, unit)} (${percent(variation, 1)})`)}
${fact('Width', html`${lengthWords(width, unit)}, length / width ${ratio.toFixed(2)}`)}
${sizeClasses && fact('Class', html`${classWords(sizeClasses)}`)}
${thousandKernelMass && fact('1,000 whole grains', html`about ${thousandKernelMass.grams.toFixed(1)} g (${thousandKernelMass.low.toFixed(1)} to ${thousandKernelMass.high.toFixed(1)})`)}
</dl>
</div>
</section>`;
}

function histogram({histogram: {edges, counts}, unit}: ReportData['summary']['lengths']): Html {
  const most = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const inner = HEIGHT - FOOT - HEAD;
  const every = Math.ceil(edges.length / MOST_NAMES);
  const bars = counts.map((count, i) => {
    const height = (inner * count) / most;
    const top = HEAD + inner - height;
    const label =
      count > 0 && step > 18
        ? html`<text x="${round((i + 0.5) * step, 1)}" y="${round(top - 5, 1)}" text-anchor="middle">${count}</text>`
        : undefined;
    return html`<rect class="column" x="${round(i * step + 1, 1)}" y="${round(top, 1)}" width="${round(step - 2, 1)}" height="${round(height, 1)}"/>${label}`;
  });
  const names = edges.map((edge, i) =>
    i % every === 0
      ? html`<text x="${round(Math.min(WIDTH - 22, Math.max(22, i * step)), 1)}" y="${HEIGHT - 8}" text-anchor="middle">${round(edge, 2)}</text>`
      : undefined,
  );
  const told = counts
    .map((count, i) => `${round(edges[i], 2)} to ${round(edges[i + 1], 2)} ${unit}: ${count}`)
    .join('; ');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Histogram of lengths. ${told}">
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT - FOOT}" y2="${HEIGHT - FOOT}"/>${bars}${names}</svg>`;
}
