import {REPORT_STYLE} from '../../common/report/style.ts';

const CHARTS = `
figure { margin: 0; }
figcaption { padding-top: 0.4rem; color: var(--quiet); font-size: 0.875rem; }
.chart { display: block; width: 100%; height: auto; max-width: 40rem; }
.parallel { display: block; max-width: none; }
.chart text, .parallel text { fill: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; }
.parallel text { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.parallel text.name { fill: var(--ink); font-weight: 600; }
.gridline { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--quiet); stroke-width: 1.5; }
.sofar { fill: none; stroke: var(--good); stroke-width: 2; }
.dot { fill: var(--good); stroke: var(--paper); stroke-width: 1; }
.dot.stopped { fill: var(--paper); stroke: var(--quiet); stroke-width: 1.5; }
.dot.first { fill: var(--fair); stroke: var(--paper); }
.course { fill: none; stroke: var(--quiet); stroke-width: 1.25; stroke-linejoin: round; }
.course.first { stroke: var(--fair); stroke-width: 3; }
.course.good { stroke: var(--good); stroke-width: 1.75; }
.key { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.5rem 0 0; padding: 0; list-style: none; color: var(--quiet); font-size: 0.875rem; }
.key svg { width: 1.5rem; height: 0.75rem; margin-right: 0.4rem; }
.trials, .importance { width: 100%; }
td.why { min-width: 12rem; }
.trials tr.first > * { font-weight: 650; }
.importance .bar { width: 10rem; }
pre { margin: 0.75rem 0 0; padding: 0.75rem 1rem; overflow-wrap: anywhere; white-space: pre-wrap; background: var(--card); border: 1px solid var(--line); }
`;

const NARROW = `
@media (max-width: 34rem) { table { font-size: 0.875rem; } th, td { padding-right: 0.6rem; } .chart text { font-size: 17px; } .importance .bar { width: 5rem; } }
@media (max-width: 26rem) { .tiles { grid-template-columns: 1fr 1fr; } }
@media print { .chart { max-width: 40rem; } }
`;

export const STYLE = REPORT_STYLE + CHARTS + NARROW;
