import {type Html, html, raw} from '../../common/html.ts';
import type {Benchmark} from '../types.ts';
import {WIDTH} from './bar-panel.ts';
import {panelsOf} from './panels.ts';
import {STYLE} from './style.ts';
import {aboutLines} from './words.ts';

const MARGIN = 20;
const LINE = 16;
const APART = 18;

/** What was measured as one SVG file: bars of images a second, and with labeled pictures also accuracy over speed. */
export function benchmarkChart(measured: Benchmark): string {
  const about = aboutLines(measured);
  let y = MARGIN;
  const placed: Html[] = [];
  for (const {content, height} of panelsOf(measured)) {
    placed.push(html`<g transform="translate(${MARGIN} ${y})">
${content}</g>
`);
    y += height + APART;
  }
  const lines = about.map(
    (line, i) => html`<text x="${MARGIN}" y="${y + LINE * (i + 0.5)}">${line}</text>
`,
  );
  const [width, height] = [WIDTH + 2 * MARGIN, y + LINE * about.length + MARGIN];
  return html`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Speed of models, measured by rice benchmark">
<style>${raw(STYLE)}</style>
<rect class="paper" width="${width}" height="${height}"/>
${placed}${lines}</svg>
`.text;
}
