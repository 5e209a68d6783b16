import {REPORT_STYLE} from '../../../common/report/style.ts';

const PICTURES = `
figure { margin: 0; }
html:not(.live) .live-only, html:not(.live) .filters input, html:not(.live) .choice { display: none; }
.filters { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin: 0 0 1rem; }
fieldset { display: flex; flex-wrap: wrap; align-items: center; gap: 0.15rem 0.9rem; min-width: 0; margin: 0; padding: 0; border: 0; }
legend { float: left; padding: 0; color: var(--quiet); font-size: 0.875rem; }
.filters label { display: inline-flex; align-items: center; gap: 0.35rem; min-height: 2rem; font-variant-numeric: tabular-nums; }
.swatch { width: 0.85rem; height: 0.85rem; flex: none; } .swatch circle { stroke: #0c0e12; stroke-width: 1; }
button { font: inherit; color: var(--link); background: var(--card); border: 1px solid var(--line); border-radius: 4px; padding: 0.2rem 0.7rem; cursor: pointer; min-height: 2rem; }
button:disabled { color: var(--quiet); cursor: default; }
.scene { margin-top: 1.5rem; scroll-margin-top: 1rem; }
.viewport { position: relative; overflow: auto; max-height: 85vh; background: #000; border: 1px solid var(--line); }
.sheet { position: relative; width: 100%; }
.scene[data-zoom="2"] .sheet { width: 200%; } .scene[data-zoom="4"] .sheet { width: 400%; }
.sheet img { display: block; width: 100%; height: auto; }
.scene[data-zoom="1"] .sheet { width: fit-content; margin: 0 auto; } .scene[data-zoom="1"] .sheet img { width: auto; max-width: 100%; max-height: 84vh; }
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; cursor: crosshair; }
.grain, .object { paint-order: stroke; vector-effect: none; }
.grain { pointer-events: all; filter: drop-shadow(0 0 1px #000) drop-shadow(0 0 1px #000); }
.grain.off { display: none; }
.grain.pointed { fill: #fff5; } .grain.selected { fill: #fff4; stroke: #fff; stroke-dasharray: none; }
.tip { position: absolute; margin: 0; padding: 0.15rem 0.5rem; background: #0c0e12; color: #fff; border-radius: 4px; font-size: 0.875rem; white-space: nowrap; pointer-events: none; }
.tip[hidden] { display: none; }
.scene figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 1rem; padding-top: 0.5rem; color: var(--quiet); font-size: 0.875rem; overflow-wrap: anywhere; }
.shown { color: var(--ink); }
.panel { margin-top: 0.75rem; padding: 0.9rem 1rem; background: var(--card); border: 1px solid var(--line); }
.panel .note { margin: 0; }
.chosen { display: grid; grid-template-columns: 9rem 1fr; gap: 0.25rem 1.25rem; align-items: start; }
.chosen h3 { grid-column: 1 / -1; margin: 0; font-size: 1.05rem; } .chosen > .note { grid-column: 1 / -1; }
.enlarged { width: 9rem; height: 9rem; background: #000; }
.chosen dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 0.4rem 1rem; }
.chosen dd { font-variant-numeric: tabular-nums; }
.warnings { margin: 1.75rem 0 0; padding: 0.6rem 1rem 0.6rem 2rem; border-left: 4px solid var(--fair); background: var(--card); }
.warnings li { max-width: 44rem; overflow-wrap: anywhere; }
`;

const TABLES = `
.shares { width: 100%; min-width: 40rem; } .shares tr.first > * { border-top: 3px double var(--line); } .shares tr.part th { padding-left: 1rem; }
.shares .measure { width: 30%; }
.shares .bar { max-width: none; }
.grains button { border: 0; background: none; padding: 0 0.5rem; min-height: 1.5rem; text-decoration: underline; }
.grains td, .grains th { white-space: nowrap; }
tr[hidden] { display: none; }
summary { padding: 0.4rem 0; cursor: pointer; color: var(--link); }
.pair { display: grid; gap: 1.5rem 3rem; align-items: start; }
@media (min-width: 52rem) { .pair { grid-template-columns: 1.3fr 1fr; } .pair .facts div { display: block; } }
.histogram svg { display: block; width: 100%; height: auto; }
.histogram text { fill: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; }
.histogram figcaption { padding-top: 0.4rem; color: var(--quiet); font-size: 0.875rem; }
.column { fill: var(--good); } .axis { stroke: var(--quiet); stroke-width: 1; }
`;

const NARROW_AND_PRINT = `
@media (max-width: 34rem) { .chosen { grid-template-columns: 6.5rem 1fr; } .enlarged { width: 6.5rem; height: 6.5rem; } .tiles { grid-template-columns: 1fr 1fr; } .tiles div:first-child { grid-column: 1 / -1; } .grains, .shares { font-size: 0.875rem; } .histogram text { font-size: 20px; } }
@media (forced-colors: active) { .grain, .object, .column, .swatch circle { forced-color-adjust: none; } }
@page { margin: 14mm; }
@media print {
  html { font-size: 9pt; } .facts div { display: grid; grid-template-columns: 12rem 1fr; } section[aria-labelledby=shares] { break-before: page; margin-top: 0; border: 0; padding-top: 0; }
  h1 { font-size: 24pt; } h2 { font-size: 13pt; } .lead { font-size: 11pt; margin-bottom: 0.4rem; } section { margin-top: 1rem; padding-top: 0.7rem; } p { margin-bottom: 0.5rem; }
  .tiles { margin-top: 0.6rem; grid-template-columns: repeat(5, 1fr); } .tiles div { padding: 0.3rem 0.6rem; } .tiles dd { font-size: 11pt; }
  .warnings { margin-top: 0.6rem; padding-top: 0.3rem; padding-bottom: 0.3rem; }
  .live-only, .filters input, .choice, .every, .chosen, .panel, .tip { display: none !important; }
  .filters { gap: 0 1.5rem; margin-bottom: 0.5rem; } .filters label { min-height: 0; }
  .viewport { overflow: visible; max-height: none; border: 0; background: none; } .sheet { width: fit-content !important; margin: 0 auto; } .sheet img { width: auto !important; max-width: 100% !important; max-height: 150mm !important; }
  .sheet img, .overlay, .column, .swatch, .enlarged { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scene { margin-top: 0.5rem; break-inside: avoid; } .shares { min-width: 0; } th, td { padding: 0.15rem 0.6rem 0.15rem 0; } .facts { gap: 0.3rem; } .pair { grid-template-columns: 1.3fr 1fr; gap: 1.5rem; }
}
`;

/** The style sheet of the page. Its hash is in the page's policy, so that a name cannot inject a style. */
export const STYLE = REPORT_STYLE + PICTURES + TABLES + NARROW_AND_PRINT;
