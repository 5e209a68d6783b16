import {type Html, html} from '../../common/html.ts';

/** Round things whose diameter people need not measure, in millimeters: by the mints that strike them. */
const COINS: readonly [name: string, diameter: number][] = [
  ['1 euro', 23.25],
  ['2 euro', 25.75],
  ['50 euro cent', 24.25],
  ['20 euro cent', 22.25],
  ['10 euro cent', 19.75],
  ['US quarter', 24.26],
  ['US nickel', 21.21],
  ['US penny', 19.05],
  ['100 yen', 22.6],
  ['10 yen', 23.5],
];

const SCALES: readonly [value: string, text: string][] = [
  ['', 'Nothing, or what is found'],
  ['coin', 'A coin or another round thing'],
  ['card', 'A bank card'],
  ['a4', 'The sheet of A4 that they lie on'],
  ['letter', 'The sheet of Letter paper that they lie on'],
  ['target', 'The printed target of rice'],
  ['dpi', 'The resolution of a flatbed scanner'],
  ['pxPerMm', 'Pixels per millimeter'],
];

/** The tab for a photograph of many grains. @param accept media types of pictures */
export function renderScanPanel(labels: readonly string[], accept: string): Html {
  return html`<section id="panel-scan" role="tabpanel" aria-labelledby="tab-scan" hidden>
<h1>What is in it?</h1>
<p class="lead">A photograph of many grains tells how many there are, of which variety, how long and how many are broken.</p>
<div class="drop" id="scan-drop">
<div class="pick">
<span><input class="hidden" type="file" id="scan-choose" accept="${accept}"><label for="scan-choose">Choose a picture</label></span>
<span class="camera"><input class="hidden" type="file" id="scan-photograph" accept="${accept}" capture="environment"><label class="second" for="scan-photograph">Take a photo</label></span>
</div>
<p class="mouse">or drop it anywhere, or paste it</p>
<p>From straight above, sharp, the grains apart on something plain and dark; for millimeters lay a coin or a card beside them.</p>
</div>
<form class="settings" id="scan-settings" aria-label="Settings of the scan">
<p><label for="scale">What tells the size</label><select id="scale">${SCALES.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select></p>
<p data-for="coin" hidden><label for="coin">Which one</label><select id="coin">${COINS.map(
    ([name, diameter]) => html`<option value="${diameter}">${name}, ${diameter} mm</option>`,
  )}<option value="">another</option></select></p>
<p data-for="diameter" hidden><label for="diameter">Its diameter in mm</label><input id="diameter" type="number" inputmode="decimal" min="5" max="200" step="any"></p>
<p data-for="dpi" hidden><label for="dpi">Dots per inch</label><input id="dpi" type="number" inputmode="numeric" min="10" max="25400" step="any" value="600"></p>
<p data-for="pxPerMm" hidden><label for="px-per-mm">Pixels per millimeter</label><input id="px-per-mm" type="number" inputmode="decimal" min="0.1" max="1000" step="any"></p>
<p data-for="place" hidden><label for="place">Where it is, if it is not found: x, y</label><span class="both"><input id="place" type="text" inputmode="numeric" placeholder="found by itself"> <button type="button" class="small" id="point" hidden>Point at it</button></span></p>
<p><label for="expect">The rice should be</label><select id="expect"><option value="">any variety</option>${labels.map((label) => html`<option>${label}</option>`)}</select></p>
<p><label for="broken">A grain is broken below</label><select id="broken"><option value="3/4">3/4 of a whole one</option><option value="2/3">2/3 of a whole one</option><option value="1/2">1/2 of a whole one</option></select></p>
<p class="again" id="again-place" hidden><button type="submit" id="again">Scan again</button></p>
</form>
<p class="hidden" id="scan-status" role="status"></p>
<div class="progress" id="scan-progress" hidden><progress id="scan-bar" aria-label="The scan"></progress> <span id="scan-step"></span> <button type="button" class="small" id="cancel">Cancel</button></div>
<div class="notice" id="scan-failure" role="alert" hidden></div>
<div class="scan" id="scan" hidden>
<div class="bar-top" id="scan-head" hidden><h2 id="scan-title" tabindex="-1"></h2><div class="tools"><button type="button" class="small" id="scan-csv">Download CSV</button></div></div>
<p class="facts" id="scan-scale"></p>
<ul class="warnings" id="scan-warnings" aria-label="What limits the answer"></ul>
<div class="desk">
<div class="view">
<div class="tools zoom" role="group" aria-label="The picture"><button type="button" class="small" id="zoom-out" aria-label="Smaller">−</button> <button type="button" class="small" id="zoom-in" aria-label="Larger">+</button> <label class="by" for="color-by">Colors by <select id="color-by"><option value="variety">variety</option><option value="grade">whole or broken</option></select></label></div>
<div class="stage" id="stage" tabindex="0" role="application" aria-roledescription="picture" aria-label="The picture with an outline around every grain: arrow keys go from grain to grain"><div class="sheet" id="sheet"></div></div>
<ul class="legend" id="legend" aria-label="Colors"></ul>
</div>
<section class="grain" id="grain" aria-labelledby="grain-title" hidden></section>
</div>
<section class="corrections" id="corrections" aria-labelledby="corrections-title" hidden>
<h2 id="corrections-title">Corrections</h2>
<p id="corrections-text"></p>
<div class="tools"><button type="button" id="apply">Apply</button> <button type="button" class="small" id="undo">Undo the last</button> <button type="button" class="small" id="corrections-save">Download corrections</button> <span class="file" id="corrections-place"><input class="hidden" type="file" id="corrections-open" accept="application/json,.json"><label class="small second" for="corrections-open">Open corrections</label></span></div>
</section>
<section class="sums" aria-labelledby="sums-title"><h2 id="sums-title">Sums</h2><div id="sums"></div></section>
<section class="all" aria-labelledby="all-title"><h2 id="all-title">Every grain</h2><div class="scroll" id="all" tabindex="0" role="group" aria-labelledby="all-title"></div></section>
</div>
</section>`;
}
