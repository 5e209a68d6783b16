import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Html, html, raw} from '../../common/html.ts';
import {packageRoot} from '../../common/package-root.ts';

/** A phone straight above one grain on a dark cloth; and what not to do. */
const DRAWING = `<svg viewBox="0 0 320 150" role="img" aria-label="A phone held straight above one grain that lies on a dark, plain surface">
<rect x="20" y="112" width="280" height="26" rx="4" fill="#14161a" stroke="#6d7480"/>
<path d="M124 44 L70 112 H250 L196 44 Z" fill="#7cd0ff" opacity=".22"/>
<rect x="105" y="26" width="110" height="16" rx="5" fill="currentColor"/>
<circle cx="160" cy="42" r="4" fill="#7cd0ff"/>
<ellipse cx="160" cy="112" rx="19" ry="5" fill="#f4efe2" stroke="#8a8577"/>
<path d="M278 40 V104 M272 96 l6 9 l6 -9 M272 48 l6 -9 l6 9" fill="none" stroke="currentColor" stroke-width="1.5"/>
</svg>`;

/** How to photograph a grain, and samples of the model's varieties to try. */
export function renderGuide(labels: readonly string[]): Html {
  const samples = readSamples().filter(({label}) => labels.includes(label));
  return html`<section class="guide" aria-labelledby="guide-title">
<h2 id="guide-title">A good picture</h2>
<div class="how">${raw(DRAWING)}
<ul><li>One grain, whole and alone</li><li>On something plain and dark</li><li>From straight above, sharp and in even light</li></ul></div>
${
  samples.length === 0
    ? undefined
    : html`<div class="try" id="try" hidden><p>No rice at hand? Try a sample:</p><div class="samples">${samples.map(
        ({label, name, address}) =>
          html`<button type="button" class="sample" data-name="${name}"><img src="${address}" alt="" width="64" height="64">${label}</button>`,
      )}</div></div>`
}
</section>`;
}

function readSamples(): {label: string; name: string; address: string}[] {
  const folder = join(packageRoot(), 'dist', 'server', 'page', 'samples');
  return readdirSync(folder).map((name) => {
    const variety = name.replace(/-.*$/, '');
    const base64 = readFileSync(join(folder, name), 'base64');
    return {
      label: variety.charAt(0).toUpperCase() + variety.slice(1),
      name,
      address: `data:image/jpeg;base64,${base64}`,
    };
  });
}
