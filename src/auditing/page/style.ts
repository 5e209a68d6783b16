import {REPORT_STYLE} from '../../common/report/style.ts';

const STAGE = `
html:not(.live) .live-only { display: none; }
[hidden] { display: none !important; }
figure { margin: 0; } h3 { margin: 0 0 0.4rem; font-size: 1rem; line-height: 1.3; overflow-wrap: anywhere; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.3rem 0.8rem; min-height: 2.75rem; cursor: pointer; overflow-wrap: anywhere; }
button:hover:enabled { border-color: var(--link); } button:disabled { color: var(--quiet); cursor: default; }
button[aria-pressed=true] { border-color: var(--link); box-shadow: inset 0 0 0 2px var(--link); }
kbd { display: inline-block; min-width: 1.5em; margin-right: 0.4rem; padding: 0 0.3em; border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--quiet); font: 0.8rem/1.5 ui-monospace, Menlo, Consolas, monospace; text-align: center; }
button > kbd:only-child { margin: 0; }
.review { scroll-margin-top: 0.5rem; } #review:focus { outline: none; }
.progress { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 1rem; max-width: none; font-variant-numeric: tabular-nums; }
.progress .track { flex: 0 1 16rem; min-width: 8rem; height: 8px; border-radius: 4px; background: var(--track); overflow: hidden; }
.progress .done { display: block; height: 100%; width: 0; background: var(--good); }
.stage { display: grid; gap: 1rem 1.5rem; grid-template-columns: 1fr 1fr; grid-template-areas: "picture picture" "given suggested"; }
.stage .picture { grid-area: picture; } .given { grid-area: given; } .suggested { grid-area: suggested; }
.stage .frame { display: flex; align-items: center; justify-content: center; height: min(46vh, 24rem); background: #000; border: 1px solid var(--line); }
.stage .frame img { max-width: 100%; max-height: 100%; width: auto; height: 100%; object-fit: contain; }
.stage figcaption { padding-top: 0.4rem; font-size: 0.9375rem; overflow-wrap: anywhere; min-height: 4.5rem; } .stage figcaption p { margin: 0; }
.stage.changed .frame { border-color: var(--link); }
.side h3 small { display: block; color: var(--quiet); font-weight: 400; font-size: 0.875rem; }
.typical { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
.typical img, .list img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; background: #000; }
@media (min-width: 52rem) {
  .stage { grid-template-columns: 1fr minmax(20rem, 1.6fr) 1fr; grid-template-areas: "given picture suggested"; }
  .side .typical { grid-template-columns: 1fr 1fr; }
}
`;

const ACTIONS = `
.bar-of-actions { position: sticky; bottom: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.5rem 0; padding: 0.5rem 0; background: var(--paper); }
.bar-of-actions [data-do=accept] { border-color: var(--good); } .bar-of-actions [data-do=undo] { margin-left: auto; }
.others { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; margin: 0.5rem 0 1rem; color: var(--quiet); }
.saving { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; max-width: none; margin-bottom: 0.5rem; }
.saving button { background: var(--link); color: var(--paper); border-color: var(--link); font-weight: 600; } .saving .note { margin: 0; }
.saving button:disabled { background: none; color: var(--quiet); border-color: var(--line); }
@media (max-width: 34rem) { .bar-of-actions { display: grid; grid-template-columns: repeat(6, 1fr); } .bar-of-actions button { grid-column: span 2; padding: 0.3rem 0.4rem; } .bar-of-actions [data-do=undo] { margin: 0; } .stage .frame { height: min(30vh, 15rem); } .stage figcaption { min-height: 0; } .stage { gap: 0.75rem; } }
@media (hover: none) { button > kbd:not(:only-child) { display: none; } }
`;

const LIST = `
.list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(10rem, 45%), 1fr)); gap: 1rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: 0.875rem; }
.list li { min-width: 0; padding: 0.5rem; background: var(--card); border: 1px solid var(--line); overflow-wrap: anywhere; }
.list li.now { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.list p { margin: 0.25rem 0 0; line-height: 1.35; } .list .reason, .list .path { color: var(--quiet); font-size: 0.8125rem; }
.list .decision { font-weight: 600; color: var(--good-ink); } .list .decision:empty { display: none; }
.look { min-height: 0; width: 100%; padding: 0.1rem 0; border: 0; background: none; color: var(--link); text-align: left; font-weight: 600; }
html:not(.live) .look { color: inherit; pointer-events: none; }
.missing { display: grid; place-items: center; aspect-ratio: 1; color: #ddd; background: #222; padding: 0.5rem; text-align: center; }
.groups { display: grid; gap: 1.5rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
`;

const PRINTED = `
@media print {
  .live-only { display: none !important; } .tiles { grid-template-columns: repeat(6, 1fr); } h1 { font-size: 24pt; }
  html { font-size: 9pt; } .list { grid-template-columns: repeat(5, 1fr); gap: 0.5rem; } .list li, .group { break-inside: avoid; }
  .look { color: inherit; } .groups { grid-template-columns: repeat(3, 1fr); }
  .list img, .typical img { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@page { margin: 14mm; }
`;

/** The style sheet of the page. Its hash is in the page's policy, so that a name cannot inject a style. */
export const STYLE = REPORT_STYLE + STAGE + ACTIONS + LIST + PRINTED;
