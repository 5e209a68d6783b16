/** Of what a chart shows several of. Color-blind readers and printers without color tell lines apart by their dashes. */
export const SERIES_COLORS = `
:root { --k1: #2b7bb5; --k2: #c2452d; --k3: #2f7d4f; --k4: #7b4fa3; --k5: #8a6a00; --k6: #0e7c86; --k7: #5a6069; --k8: #b03a7a; }
@media (prefers-color-scheme: dark) { :root { --k1: #4f9fd6; --k2: #e2694f; --k3: #5fbf8f; --k4: #b08ae0; --k5: #d1ae3b; --k6: #4fc3cd; --k7: #a4a9b1; --k8: #e07fb5; } }
@media print { :root { --k1: #2b7bb5; --k2: #c2452d; --k3: #2f7d4f; --k4: #7b4fa3; --k5: #8a6a00; --k6: #0e7c86; --k7: #5a6069; --k8: #b03a7a; } }
`;

const DASHES = ['', '7 4', '2 3', '10 3 2 3', '', '7 4', '2 3', '10 3 2 3'];

const kinds = DASHES.map((dash, i) => {
  const dashes = dash === '' ? '' : ` stroke-dasharray: ${dash};`;
  return `.line.k${i + 1} { stroke: var(--k${i + 1});${dashes} } .dot.k${i + 1} { fill: var(--k${i + 1}); }`;
});

export const CHART_STYLE = `${SERIES_COLORS}
.charts { display: grid; gap: 2rem 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(25rem, 100%), 1fr)); }
.chart { margin: 0; max-width: 34rem; }
.chart > svg { display: block; width: 100%; height: auto; }
.chart text { fill: var(--quiet); font-size: 12px; font-variant-numeric: tabular-nums; }
.chart figcaption { color: var(--ink); padding: 0; font-size: 0.9375rem; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 4; }
.legend { margin-left: 0.75rem; color: var(--quiet); font-size: 0.875rem; }
.legend > span { display: inline-block; margin-right: 0.75rem; }
.swatch { width: 28px; height: 8px; }
${kinds.join('\n')}
@media (forced-colors: active) { .line, .dot { forced-color-adjust: none; } }
@media print { .charts { grid-template-columns: 1fr 1fr; } .chart { break-inside: avoid; } .chart svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
