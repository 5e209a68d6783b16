import {REPORT_STYLE} from '../../common/report/style.ts';

/** Backgrounds of the confusion matrix, right and wrong, by how many pictures. */
const COLORS = `
:root {
  --hit1: #eef5fa; --hit2: #e0edf6; --hit3: #d2e5f2; --hit4: #c2dcee; --hit5: #b1d2e9; --hit6: #a0c8e4;
  --miss1: #fdf1e6; --miss2: #fbe5d1; --miss3: #f9d7ba; --miss4: #f6c9a1; --miss5: #f3ba88; --miss6: #f0aa6e; }
@media (prefers-color-scheme: dark) { :root {
  --hit1: #182430; --hit2: #1a2c3d; --hit3: #1b344b; --hit4: #1d3d59; --hit5: #1e4668; --hit6: #205078;
  --miss1: #2b221a; --miss2: #38291a; --miss3: #47301b; --miss4: #57381b; --miss5: #68401b; --miss6: #7a481a; } }
@media print { :root {
  --hit1: #eef5fa; --hit2: #e0edf6; --hit3: #d2e5f2; --hit4: #c2dcee; --hit5: #b1d2e9; --hit6: #a0c8e4;
  --miss1: #fdf1e6; --miss2: #fbe5d1; --miss3: #f9d7ba; --miss4: #f6c9a1; --miss5: #f3ba88; --miss6: #f0aa6e; } }
`;

const TABLES = `
.gate { padding: 0.6rem 1rem; border-left: 4px solid var(--good); background: var(--card); }
.gate.failed { border-color: var(--bad); }
.gate.failed strong { color: var(--bad-ink); }
.confusion th, .confusion td { padding: 0.5rem 0.75rem; text-align: right; border: 2px solid var(--paper); }
.confusion tbody tr + tr > * { border-top: 2px solid var(--paper); }
.confusion tbody th { padding-left: 0; text-align: left; }
.confusion thead th { max-width: 9rem; white-space: normal; vertical-align: bottom; }
.confusion td { min-width: 5.25rem; line-height: 1.25; font-weight: 600; }
.confusion td small { display: block; font-weight: 400; }
.confusion td a { color: inherit; }
.confusion .none, .confusion td.number { color: var(--quiet); font-weight: 400; }
${[1, 2, 3, 4, 5, 6].map((n) => `.hit${n} { background: var(--hit${n}); } .miss${n} { background: var(--miss${n}); }`).join('\n')}
.varieties, .robustness { width: 100%; }
.robustness { min-width: 38rem; }
`;

const FIGURES = `
figure { margin: 0; }
figcaption { padding-top: 0.4rem; color: var(--quiet); font-size: 0.875rem; }
.pair { display: grid; gap: 2rem 3rem; align-items: start; }
@media (min-width: 52rem) { .pair { grid-template-columns: 26rem 1fr; } }
.reliability { display: block; width: 100%; max-width: 26rem; height: auto; }
.reliability text { fill: var(--quiet); font-size: 12px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; }
.ideal { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 5; }
.curve { fill: none; stroke: var(--good); stroke-width: 2; stroke-linejoin: round; }
.point { fill: var(--good); fill-opacity: 0.85; stroke: var(--paper); stroke-width: 1.5; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 1.5rem 1rem; margin: 0; padding: 0; list-style: none; }
.gallery li { min-width: 0; break-inside: avoid; scroll-margin-top: 1rem; }
.gallery li:target { outline: 3px solid var(--link); outline-offset: 4px; }
.before { margin-top: 1.5rem; }
.frame { display: grid; place-items: center; aspect-ratio: 1; overflow: hidden; background: #000; border: 1px solid var(--line); }
.frame img { display: block; width: 100%; height: 100%; object-fit: contain; }
.missing { margin: 0; padding: 1rem; color: #d8d8d8; text-align: center; }
.gallery figcaption { padding-top: 0.5rem; overflow-wrap: anywhere; }
.truth { color: var(--good-ink); font-weight: 600; }
.taken { color: var(--bad-ink); font-weight: 600; }
.sure, .path, .why, .next { display: block; }
figcaption .path { font-size: 0.8125rem; }
`;

const PRINT = `
@media (max-width: 34rem) { table { font-size: 0.875rem; } thead th { white-space: normal; } .measure { min-width: 3.5rem; } .varieties tbody th { overflow-wrap: break-word; } .varieties th, .varieties td { font-size: 0.8125rem; padding-right: 0.4rem; } th, td { padding-right: 0.6rem; } tbody th { max-width: 8rem; white-space: normal; } .confusion th, .confusion td { padding: 0.35rem 0.25rem; border-width: 1px; } .confusion td { min-width: 0; font-size: 0.75rem; } .confusion td small { font-size: 0.5625rem; } .confusion tbody th { max-width: 6rem; overflow-wrap: break-word; } .confusion thead th { font-size: 0.6875rem; writing-mode: vertical-rl; max-height: 8rem; overflow-wrap: anywhere; } }
@media (max-width: 26rem) { .gallery { grid-template-columns: 1fr 1fr; gap: 1.25rem 0.75rem; } .tiles { grid-template-columns: 1fr 1fr; } }
@media (forced-colors: active) { .point { forced-color-adjust: none; } }
@media print {
  .next { display: none; } .frame, td, .reliability { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .gallery { grid-template-columns: repeat(5, 1fr); }
}
`;

/** The style sheet of the page. Its hash is in the page's policy, so that a name cannot inject a style. */
export const STYLE = REPORT_STYLE + COLORS + TABLES + FIGURES + PRINT;
