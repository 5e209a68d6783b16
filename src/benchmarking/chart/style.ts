import {SERIES_COLORS} from '../../common/report/chart-style.ts';
import {PAGE_COLORS} from '../../common/report/style.ts';

export const CHART_CLASSES = `
.paper { fill: var(--paper); }
text { fill: var(--quiet); font: 12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
.title { fill: var(--ink); font-size: 14px; font-weight: 600; }
.name, .value { fill: var(--ink); }
.grid { stroke: var(--line); }
.whisker { fill: none; stroke: var(--ink); stroke-width: 1.25; }
${Array.from({length: 8}, (_, i) => `.k${i + 1} { fill: var(--k${i + 1}); }`).join('\n')}
`;

/** Of a chart that is a file of its own, light and dark, with the colors of the reports. */
export const STYLE = PAGE_COLORS + SERIES_COLORS + CHART_CLASSES;
