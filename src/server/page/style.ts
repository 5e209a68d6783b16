import {SCAN_STYLE} from './scan-style.ts';

/** Colors: all text has a contrast of at least 4.5 in both schemes. */
const COLORS = `
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #fff; --ink: #1c1f23; --quiet: #5a6069; --line: #ddd9d0; --edge: #8a8577; --link: #1a5c99;
  --track: #e9e5dc; --best: #2b7bb5; --other: #9aa3ab; --unknown: #8a5300; --bad: #a5371f; --button: #1a5c99; --on-button: #fff; --over: #eef5fa; --mark: #7cd0ff; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14161a; --card: #1b1e23; --ink: #e9e7e2; --quiet: #a4a9b1; --line: #343941; --edge: #6d7480; --link: #7fbdee;
  --track: #2b3038; --best: #4f9fd6; --other: #767f8a; --unknown: #e9b45c; --bad: #f2957f; --button: #7fbdee; --on-button: #10202e; --over: #182430; --mark: #7cd0ff; } }
`;

const TEXT = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2rem); }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; padding-top: 1.25rem; }
header nav { display: flex; gap: 1.25rem; }
header nav a, footer a { display: inline-block; padding: 0.25rem 0; }
.brand { margin: 0; font-weight: 650; letter-spacing: -0.01em; }
h1 { margin: clamp(1.5rem, 6vw, 3rem) 0 0.35rem; font-size: clamp(2rem, 7vw, 3.25rem); line-height: 1.08; font-weight: 650; letter-spacing: -0.03em; }
h2 { margin: 0; font-size: 1.35rem; font-weight: 620; letter-spacing: -0.01em; }
h3 { margin: 0; font-size: 1.5rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; overflow-wrap: anywhere; }
p { margin: 0; }
.lead { max-width: 40rem; color: var(--quiet); font-size: 1.1rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 0.875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3.5rem; padding-bottom: 2.5rem; color: var(--quiet); font-size: 0.9rem; }
`;

const DROP = `
.drop { margin-top: 1.5rem; padding: clamp(1.5rem, 5vw, 3rem) 1.25rem; border: 2px dashed var(--edge); border-radius: 14px; background: var(--card); text-align: center; }
.drop.over { border-style: solid; border-color: var(--link); background: var(--over); }
.drop p { color: var(--quiet); }
.pick { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.75rem; }
.drop p { margin-top: 0.9rem; }
.pick label, button { display: inline-block; min-height: 3rem; padding: 0.7rem 1.4rem; border: 2px solid var(--button); border-radius: 10px; background: var(--button); color: var(--on-button); font: inherit; font-weight: 600; cursor: pointer; }
.pick label.second, button { background: transparent; color: var(--link); }
.pick input:focus-visible + label { outline: 3px solid var(--link); outline-offset: 3px; }
button.small { min-height: 2.75rem; padding: 0.45rem 1rem; }
@media (hover: none) { .mouse { display: none; } }
@media (hover: hover) and (pointer: fine) { .camera { display: none; } }
`;

const RESULTS = `
.results { margin-top: 2.5rem; }
.bar-top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.75rem; }
.tally { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.4rem 0 0; padding: 0; list-style: none; color: var(--quiet); }
.tally b { color: var(--ink); font-variant-numeric: tabular-nums; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.card { display: grid; grid-template-columns: 9rem 1fr; grid-template-rows: auto 1fr; gap: 0.6rem 1rem; align-items: start; padding: 0.9rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
@media (max-width: 30rem) { .card { grid-template-columns: 6.5rem 1fr; gap: 0.8rem; } .card .bars { grid-column: 1 / -1; } .card .frame { grid-row: 1; } }
.frame { position: relative; grid-row: 1 / -1; width: 100%; display: grid; place-items: center; aspect-ratio: 1; overflow: hidden; border-radius: 8px; background: #000; }
.frame img, .outline { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.outline { fill: none; stroke: var(--mark); stroke-width: 1.5px; pointer-events: none; }
.missing { padding: 0.5rem; color: #d8d8d8; text-align: center; font-size: 0.9rem; }
.answer { min-width: 0; }
.pending { color: var(--quiet); }
.facts, .note, .name { color: var(--quiet); font-size: 0.9rem; overflow-wrap: anywhere; }
.facts::first-letter, .note::first-letter { text-transform: uppercase; }
.note { margin-top: 0.3rem; }
.answer button { margin: 0.6rem 0 0.3rem; }
.name { margin-top: 0.2rem; }
.unknown { color: var(--unknown); }
.nearest { display: block; color: var(--ink); font-size: 1rem; font-weight: 500; letter-spacing: 0; }
.failed { color: var(--bad); }
.bars { grid-column: 2; margin: 0; padding: 0; list-style: none; font-size: 0.875rem; }
.bars li { display: grid; grid-template-columns: 5.75rem 1fr 3.5rem; gap: 0.5rem; align-items: center; padding: 0.1rem 0; }
.variety { overflow-wrap: anywhere; }
.share { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { height: 8px; border-radius: 4px; background: var(--track); overflow: hidden; }
.fill { display: block; height: 100%; background: var(--other); }
.best { font-weight: 600; }
.best .fill { background: var(--best); }
button.frame { display: grid; min-height: 0; padding: 0; border: 0; cursor: zoom-in; }
.tools { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.progress { display: flex; align-items: center; gap: 0.75rem; margin-top: 1.25rem; font-variant-numeric: tabular-nums; }
.progress progress { flex: 1; max-width: 24rem; height: 0.75rem; accent-color: var(--best); }
.cards.compact { display: block; max-height: 75vh; overflow-y: auto; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.compact .card { grid-template: auto / 3rem minmax(0, 1fr); gap: 0 0.75rem; align-items: center; padding: 0.35rem 0.75rem; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
.compact .card:first-child { border-top: 0; }
.compact .frame { grid-row: 1; }
.compact .missing { padding: 0; font-size: 0.6rem; line-height: 1.15; }
.compact .answer { display: grid; grid-template-columns: minmax(6.5rem, 11rem) minmax(0, 1fr) minmax(0, 1fr) auto; gap: 0 0.75rem; align-items: baseline; }
.compact .answer h3 { font-size: 1rem; }
.compact .answer .name { margin: 0; order: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.compact .answer button { margin: 0; order: 2; }
.compact .bars, .compact .note, .compact .outline, .compact .why { display: none; }
.why { grid-column: 1 / -1; }
.why img { display: block; width: 100%; height: auto; border-radius: 8px; }
.compact .nearest { display: inline; margin-left: 0.4rem; font-size: 0.9rem; }
@media (max-width: 40rem) { .compact .answer { grid-template-columns: minmax(0, 1fr) auto; } .compact .answer .facts { text-align: right; } }
dialog { width: min(92vw, 44rem); max-height: 92vh; padding: 1rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); color: var(--ink); }
dialog::backdrop { background: rgb(0 0 0 / 0.6); }
dialog .card { display: block; padding: 0; border: 0; }
dialog .frame { max-height: 60vh; }
dialog .answer, dialog .bars { margin-top: 0.75rem; }
dialog > button { margin-top: 1rem; }
.guide { margin-top: 3rem; }
.how { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem 2rem; margin-top: 0.5rem; }
.how svg { width: min(100%, 20rem); color: var(--quiet); }
.how ul { margin: 0; padding-left: 1.2rem; }
.try { margin-top: 1.25rem; }
.samples { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 0.5rem; }
button.sample { display: grid; justify-items: center; gap: 0.3rem; padding: 0.5rem 0.75rem; border-width: 1px; font-size: 0.9rem; }
.sample img { border-radius: 6px; background: #000; }
@media (forced-colors: active) { .fill { forced-color-adjust: none; background: Highlight; } }
`;

/** The style sheet of a page that takes pictures of one grain each. */
export const PICTURES_STYLE = COLORS + TEXT + DROP + RESULTS;

/** The style sheet of the page. */
export const STYLE = PICTURES_STYLE + SCAN_STYLE;

/** The style sheet of the API documentation. */
export const DOCUMENTATION_STYLE = `${COLORS + TEXT}
section { margin-top: 2rem; padding: 1.1rem 1.25rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
section h2 { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: baseline; font-size: 1.15rem; }
section h2 code { min-width: 0; overflow-wrap: anywhere; }
section p, section table { margin-top: 0.6rem; }
.method { padding: 0.05rem 0.55rem; border-radius: 6px; background: var(--button); color: var(--on-button); font-size: 0.85rem; }
pre { margin: 0.75rem 0 0; padding: 0.75rem 1rem; overflow-x: auto; border-radius: 8px; background: var(--paper); border: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: 0.925rem; }
th, td { padding: 0.3rem 1rem 0.3rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; }
details { margin-top: 0.75rem; }
summary { padding: 0.3rem 0; cursor: pointer; color: var(--link); }
`;
