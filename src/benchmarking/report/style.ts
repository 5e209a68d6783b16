import {SERIES_COLORS} from '../../common/report/chart-style.ts';
import {REPORT_STYLE} from '../../common/report/style.ts';
import {CHART_CLASSES} from '../chart/style.ts';

export const STYLE = `${REPORT_STYLE}${SERIES_COLORS}${CHART_CLASSES}
.panel { display: block; width: 100%; min-width: 36rem; max-width: 48rem; height: auto; margin-top: 1rem; }
.busy { color: var(--bad-ink); font-weight: 600; }
.models, .speeds { width: 100%; }
@media print { .panel { print-color-adjust: exact; -webkit-print-color-adjust: exact; break-inside: avoid; } }
`;
