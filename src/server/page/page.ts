import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {html, raw} from '../../common/html.ts';
import {packageRoot} from '../../common/package-root.ts';
import {FORMATS} from '../../image/formats/formats.ts';
import {makeDocument, type PageDocument} from './document.ts';
import {renderGuide} from './guide.ts';
import {renderScanPanel} from './scan-panel.ts';
import {STYLE} from './style.ts';

/** The supported media types. */
const ACCEPT = FORMATS.flatMap(({mediaType, otherMediaTypes = []}) => [mediaType, ...otherMediaTypes]).join(',');

/** Shown by the script, without which there is only the first. */
const TABS = html`<div class="tabs" id="tabs" role="tablist" aria-label="What the picture shows" hidden><button type="button" role="tab" id="tab-one" aria-controls="panel-one" aria-selected="true">One grain</button><button type="button" role="tab" id="tab-scan" aria-controls="panel-scan" aria-selected="false" tabindex="-1">Scan</button></div>`;

/**
 * The web page for classifying pictures, and for scanning them where the server does. Classifying also works without the
 * script, with simpler answers.
 *
 * @param root the server's address, for links
 */
export function renderPage(
  model: {name: string; version: string; labels: readonly string[]},
  root: string,
  {scans}: {scans: boolean},
): PageDocument {
  const script = readFileSync(join(packageRoot(), 'dist', 'server', 'page', 'script.js'), 'utf8');
  const body = html`<header>
<p class="brand">rice</p>
<nav aria-label="Site"><a href="${root}docs">API</a></nav>
</header>
<main>
${scans ? TABS : undefined}
<section id="panel-one"${scans ? raw(' role="tabpanel" aria-labelledby="tab-one"') : undefined}>
<h1>Which rice is it?</h1>
<p class="lead">A picture of one grain on a plain, dark background tells its variety: ${list(model.labels)}.</p>
<form class="drop" id="drop" method="post" action="${root}" enctype="multipart/form-data">
<div class="pick">
<span><input class="hidden" type="file" id="choose" name="file" multiple accept="${ACCEPT}"><label for="choose">Choose pictures</label></span>
<span class="camera"><input class="hidden" type="file" id="photograph" name="photo" accept="${ACCEPT}" capture="environment"><label class="second" for="photograph">Take a photo</label></span>
</div>
<p class="mouse">or drop them anywhere, or paste them</p>
<noscript><button type="submit">Send</button></noscript>
</form>
<p class="hidden" id="status" role="status"></p>
<div class="progress" id="progress" hidden><progress id="progress-bar" aria-label="Pictures that are done"></progress> <span id="progress-text"></span></div>
<section class="results" id="history" aria-labelledby="results-title" hidden>
<div class="bar-top">
<h2 id="results-title">Answers</h2>
<div class="tools"><button type="button" class="small" id="csv">Download CSV</button> <button type="button" class="small" id="clear">Clear</button></div>
</div>
<ul class="tally" id="tally" aria-label="Pictures by variety"></ul>
<ul class="cards" id="results" tabindex="-1" aria-label="Pictures, the latest first"></ul>
</section>
${renderGuide(model.labels)}
</section>
${scans ? renderScanPanel(model.labels, ACCEPT) : undefined}
</main>
<dialog id="large" aria-label="The picture"><div id="large-content"></div><button type="button" class="small" id="close">Close</button></dialog>
<footer><p>Model ${model.name} ${model.version}. The server does not store pictures.</p></footer>`;
  return makeDocument({title: 'Which rice is it?', style: STYLE, body, script});
}

function list(labels: readonly string[]): string {
  return `${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}`;
}
