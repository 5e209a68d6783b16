import {html} from '../../common/html.ts';
import {tile} from '../../common/report/facts.ts';
import {count} from '../../common/report/figures.ts';
import {pageDocument} from '../../common/report/page-document.ts';
import {WIDTH} from '../chart/bar-panel.ts';
import {panelsOf} from '../chart/panels.ts';
import {aboutLines} from '../chart/words.ts';
import type {Benchmark} from '../types.ts';
import {modelsSection} from './models-section.ts';
import {speedsSection} from './speeds-section.ts';
import {STYLE} from './style.ts';

/** What was measured as one self-contained HTML page, without network access, scripts or other files. */
export function renderBenchmarkPage(measured: Benchmark, command: string): string {
  const {models, configurations, machine, rounds, busy} = measured;
  const fastest = configurations
    .flatMap(({results}) => results)
    .filter(({decoding}) => decoding)
    .reduce((best, each) => (each.imagesPerSecond.value > best.imagesPerSecond.value ? each : best));
  const headline = `${busy ? '~' : ''}${count(fastest.imagesPerSecond.value)} images a second`;
  return pageDocument({
    title: `${headline}: rice benchmark`,
    style: STYLE,
    body: html`<main>
<p class="kicker">Benchmark of ${count(models.length)} model${models.length === 1 ? '' : 's'}</p>
<h1>${headline}</h1>
<p class="lead">From the bytes of pictures to answers, where it is fastest.</p>
${busy ? html`<p class="busy">Other programs used the processor meanwhile: every figure marked with ~ is theirs as well.</p>` : undefined}
<dl class="tiles">${tile('models', count(models.length))}${tile('configurations', count(configurations.length))}${tile('rounds', count(rounds))}${tile('cores', count(machine.cores))}</dl>
<section id="charts"><h2>Charts</h2>
${panelsOf(measured).map(
  ({
    content,
    height,
    title,
  }) => html`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><svg class="panel" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${content}</svg></div>
`,
)}</section>
${modelsSection(measured)}
${speedsSection(measured, true)}
${speedsSection(measured, false)}
<section id="about"><h2>About</h2>
${aboutLines(measured).map((line) => html`<p>${line}</p>`)}
<p><code>${command}</code></p>
</section>
</main>`,
  });
}
