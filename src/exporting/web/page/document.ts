import {hash} from 'node:crypto';
import {formatPercent} from '../../../common/format-percent.ts';
import {type Html, html, raw} from '../../../common/html.ts';
import {count} from '../../../common/report/figures.ts';
import {FORMATS} from '../../../image/formats/formats.ts';
import type {RiceMetadata} from '../../../model/metadata.ts';
import type {Exported} from '../exported.ts';
import {ICONS, TITLE} from './manifest.ts';
import {STYLE} from './style.ts';

/** The formats that every browser decodes. A phone that is asked for these alone gives its HEIC pictures as JPEG. */
const ACCEPT = FORMATS.filter(({embeddable}) => embeddable)
  .map(({mediaType}) => mediaType)
  .join(',');

/**
 * The page as one document; what it loads beside are the files of `exported`.
 *
 * @param script of the page, which is written into it
 */
export function renderWebPage(metadata: RiceMetadata, exported: Exported, script: string): string {
  const {name, version, labels} = metadata;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy(script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${TITLE}</title>
<link rel="manifest" href="manifest.webmanifest">
<link rel="icon" href="${ICONS.get(192)}">
<link rel="apple-touch-icon" href="${ICONS.get(192)}">
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<p class="brand">rice</p>
</header>
<main>
<h1>${TITLE}</h1>
<p class="lead">A picture of one grain on a plain, dark background tells its variety: ${either(labels)}.</p>
<div class="drop" id="drop">
<div class="pick">
<span><input class="hidden" type="file" id="choose" multiple accept="${ACCEPT}"><label for="choose">Choose pictures</label></span>
<span class="camera" id="photograph-choice"><input class="hidden" type="file" id="photograph" accept="${ACCEPT}" capture="environment"><label class="second" for="photograph">Take a photo</label></span>
<button type="button" id="open-camera" hidden>Use the camera</button>
</div>
<p class="mouse">or drop them anywhere, or paste them</p>
</div>
<p class="notice">The pictures stay on this device: they are looked at by this page itself, and sent nowhere. Photographs of many grains need <code>rice scan</code> on a computer.</p>
<p class="failure" id="unstarted">The page has not started. It needs JavaScript, and a web server: opened as a file, a browser does not let it load its model.</p>
<p class="failure" id="failure" role="alert" hidden></p>
<div class="progress" id="loading" hidden><progress aria-label="Loading the model"></progress> <span>Loading the model: ${megabytes(exported)} MB, the first time</span></div>
<p class="hidden" id="status" role="status"></p>
<div class="progress" id="progress" hidden><progress id="progress-bar" aria-label="Pictures that are done"></progress> <span id="progress-text"></span></div>
<section class="results" id="history" aria-labelledby="results-title" hidden>
<div class="bar-top">
<h2 id="results-title">Answers</h2>
<div class="tools"><button type="button" class="small" id="copy">Copy JSON</button> <button type="button" class="small" id="download">Download JSON</button> <button type="button" class="small" id="clear">Clear</button></div>
</div>
<ul class="tally" id="tally" aria-label="Pictures by variety"></ul>
<ul class="cards" id="results" tabindex="-1" aria-label="Pictures, the latest first"></ul>
</section>
</main>
<dialog id="camera" aria-label="Camera">
<video id="view" muted playsinline aria-label="What the camera sees"></video>
<p id="seen" role="status">Lay one grain on something plain and dark, and go near.</p>
<div class="tools"><button type="button" class="small" id="take">Take a still</button> <button type="button" class="small" id="close-camera">Close</button></div>
</dialog>
<footer>
<p>Model ${name} ${version}. ${accuracyOf(metadata)}</p>
<p id="offline" hidden>Kept on this device: the page works without a network from now on.</p>
<p><a href="licenses.txt">Licenses</a></p>
</footer>
<script type="application/json" id="data">${dataBlock(exported)}</script>
<script>${raw(script)}</script>
</body>
</html>
`.text;
}

/**
 * Nothing is loaded from or sent to another host, whatever a picture or a name contains: not by the page, and not by its worker,
 * which has the policy of the page.
 */
function policy(script: string): string {
  return [
    "default-src 'none'",
    `script-src ${digest(script)} 'wasm-unsafe-eval'`,
    `style-src ${digest(STYLE)}`,
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digest(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}

function either(labels: readonly string[]): string {
  return new Intl.ListFormat('en-GB', {type: 'disjunction'}).format(labels);
}

function megabytes({files}: Exported): number {
  return Math.ceil(Object.values(files).reduce((sum, {bytes}) => sum + bytes, 0) / 1e6);
}

function accuracyOf({accuracy}: RiceMetadata): string {
  const [measured, part] = accuracy.test ? [accuracy.test, 'test'] : [accuracy.validation, 'validation'];
  return `It named ${formatPercent(measured.accuracy, 2)} of ${count(measured.images)} ${part} pictures correctly.`;
}

/** JSON without markup, whatever labels contain. */
function dataBlock(exported: Exported): Html {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return raw(JSON.stringify(exported).replaceAll(/[<>&\u007f-\uffff]/g, toEscape));
}
