/** Colors: blue for right, orange for wrong, which color-blind readers can distinguish. All text has a contrast of at least 4.5. */
export const PAGE_COLORS = `
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #fff; --ink: #1c1f23; --quiet: #5a6069; --line: #ddd9d0; --shade: #1c1f2326; --link: #1a5c99;
  --track: #e9e5dc; --good: #2b7bb5; --fair: #c9821a; --bad: #c2452d; --good-ink: #1a5c99; --bad-ink: #a5371f; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14161a; --card: #1b1e23; --ink: #e9e7e2; --quiet: #a4a9b1; --line: #343941; --shade: #0009; --link: #7fbdee;
  --track: #2b3038; --good: #4f9fd6; --fair: #d99a35; --bad: #e2694f; --good-ink: #86c1ee; --bad-ink: #f2957f; } }
@media print { :root { color-scheme: light;
  --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --shade: transparent; --link: #000;
  --track: #e5e5e5; --good: #2b7bb5; --fair: #c9821a; --bad: #c2452d; --good-ink: #1a5c99; --bad-ink: #a5371f; } }
`;

const TEXT = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 2.5rem) 4rem; }
h1 { margin: 0.1em 0 0.2em; font-size: clamp(2.5rem, 9vw, 4.5rem); line-height: 1.05; font-weight: 650; letter-spacing: -0.03em; font-variant-numeric: tabular-nums; }
h2 { margin: 0 0 0.5rem; font-size: 1.35rem; line-height: 1.25; font-weight: 620; letter-spacing: -0.01em; }
p { max-width: 44rem; margin: 0 0 1rem; }
section { margin-top: 3rem; padding-top: 1.75rem; border-top: 1px solid var(--line); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code { font: 0.875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { font-size: 0.75rem; }
.kicker { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
.lead { font-size: 1.15rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.75rem 0 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 0.25rem 0; }
dl, dd { margin: 0; }
dt { color: var(--quiet); font-size: 0.875rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1px; margin-top: 1.75rem; border: 1px solid var(--line); background: var(--line); }
.tiles div { padding: 0.8rem 1rem; background: var(--card); }
.tiles dd { font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: 1fr; gap: 0.8rem; }
.facts dd { overflow-wrap: anywhere; }
@media (min-width: 44rem) { .facts div { display: grid; grid-template-columns: 16rem 1fr; } }
`;

const TABLES = `
/* A shadow at an edge where the table goes on; at its ends, the local layers cover the shadow. */
.scroll { position: relative; overflow-x: auto;
  background: linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100% local no-repeat,
    linear-gradient(to left, var(--shade), transparent) right / 1rem 100% scroll no-repeat; }
.number + :not(.number) { padding-left: 1.25rem; }
.note { color: var(--quiet); font-size: 0.9375rem; }
td code { white-space: nowrap; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 0.45rem 0.9rem 0.45rem 0; text-align: left; vertical-align: middle; }
thead th { color: var(--quiet); font-size: 0.875rem; font-weight: 500; white-space: nowrap; }
tbody th { position: sticky; left: 0; font-weight: 500; white-space: nowrap; background: var(--paper); }
tbody tr + tr > * { border-top: 1px solid var(--line); }
th.number, td.number { text-align: right; white-space: nowrap; }
th.path { position: static; white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
.measure { min-width: 4.5rem; }
.measure span { display: block; line-height: 1.3; }
.bar { display: block; width: 100%; max-width: 12rem; height: 6px; }
.track { fill: var(--track); } .good { fill: var(--good); } .fair { fill: var(--fair); } .bad { fill: var(--bad); }
`;

const PRINT = `
@media (forced-colors: active) { .bar rect { forced-color-adjust: none; } }
@media print {
  main { max-width: none; padding: 0; } nav { display: none; } .scroll { overflow: visible; background: none; }
  section { break-before: auto; margin-top: 1.5rem; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** What the pages of all reports have in common; each adds its own to it. */
export const REPORT_STYLE = PAGE_COLORS + TEXT + TABLES + PRINT;
