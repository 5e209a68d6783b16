import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {amount, count, percent} from '../../common/report/figures.ts';
import type {CalibrationBin} from '../calibration.ts';
import type {Measured} from '../evaluate.ts';

type FilledBin = CalibrationBin & {confidence: number; accuracy: number};

/** Side of the diagram, and the margins for its labels, in SVG units. */
const SIDE = 320;
const LEFT = 44;
const TOP = 12;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The reliability diagram, and its data as a table. */
export function calibrationSection({calibration: {ece, bins}}: Measured): Html {
  const filled = bins.filter((bin): bin is FilledBin => bin.count > 0);
  return html`<section aria-labelledby="calibration">
<h2 id="calibration">Calibration</h2>
<p>If the model is well calibrated, nine in ten of the answers with 90 % confidence are right, and the points are on the dashed line. The expected calibration error, the mean distance from that line, is <strong>${percent(ece)}</strong>.</p>
<div class="pair">
<figure>${diagram(filled)}<figcaption>Share of right answers by confidence. Larger points stand for more answers.</figcaption></figure>
<div>${binTable(filled)}</div>
</div>
</section>`;
}

function binTable(bins: readonly FilledBin[]): Html {
  const rows = bins.map(
    ({low, high, count: answers, confidence, accuracy}) =>
      html`<tr><th scope="row">${percent(low, 0)} to ${percent(high, 0)}</th><td class="number">${count(answers)}</td><td class="number">${percent(confidence)}</td><td class="number">${percent(accuracy)}</td></tr>
`,
  );
  return dataTable({
    label: 'Table of answers by confidence',
    kind: 'bins',
    note: 'Answers by confidence; rows without answers are omitted.',
    columns: [{title: 'Confidence'}, ...['Answers', 'Mean', 'Right'].map((title) => ({title, number: true}))],
    rows,
  });
}

function diagram(bins: readonly FilledBin[]): Html {
  const most = Math.max(...bins.map((bin) => bin.count));
  const places = bins.map(({confidence, accuracy}) => `${x(confidence)},${y(accuracy)}`);
  const points = bins.map(({confidence, accuracy, count: answers}) => {
    const radius = fixed(3 + 9 * Math.sqrt(answers / most));
    return html`<circle class="point" cx="${x(confidence)}" cy="${y(accuracy)}" r="${radius}"><title>${amount(answers, 'answer')}, mean confidence ${percent(confidence)}, ${percent(accuracy)} right</title></circle>`;
  });
  return html`<svg class="reliability" viewBox="0 0 ${LEFT + SIDE + 16} ${TOP + SIDE + 46}" role="img" aria-label="Reliability diagram; the table beside it has the same figures">
${TICKS.map(grid)}
<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>
<polyline class="curve" points="${places.join(' ')}"/>
${points}
<text class="axis" x="${x(0.5)}" y="${TOP + SIDE + 40}" text-anchor="middle">confidence</text>
</svg>`;
}

function grid(tick: number): Html {
  return html`<line class="grid" x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}"/><line class="grid" x1="${x(tick)}" y1="${y(0)}" x2="${x(tick)}" y2="${y(1)}"/>
<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${percent(tick, 0)}</text><text x="${x(tick)}" y="${TOP + SIDE + 20}" text-anchor="middle">${percent(tick, 0)}</text>
`;
}

function x(share: number): number {
  return fixed(LEFT + share * SIDE);
}

function y(share: number): number {
  return fixed(TOP + (1 - share) * SIDE);
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}
