import {CHART_STYLE} from '../../common/report/chart-style.ts';
import {STYLE} from '../../evaluation/report/style.ts';

/** What the pages of runs have beside those of evaluations. */
export const RUN_STYLE = `${STYLE}${CHART_STYLE}
/* As many tiles as there are figures: no gap at the end. */
.tiles { background: none; }
.tiles div { box-shadow: 0 0 0 1px var(--line); }
h3 { margin: 1.5rem 0 0.6rem; font-size: 1rem; font-weight: 600; }
.state { padding: 0.6rem 1rem; border-left: 4px solid var(--good); background: var(--card); overflow-wrap: anywhere; }
.state.ended { border-color: var(--fair); }
details { margin-top: 1.25rem; }
summary { cursor: pointer; color: var(--link); }
details > .note { margin-top: 0.75rem; }
mark { background: none; color: inherit; font-weight: 650; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: 0.75rem; margin: 0; padding: 0; list-style: none; }
.samples li { min-width: 0; break-inside: avoid; }
.samples img { display: block; width: 100%; height: auto; background: #000; image-rendering: auto; }
.samples figcaption { padding-top: 0.15rem; font-size: 0.8125rem; overflow-wrap: anywhere; }
@media (max-width: 26rem) { .samples { grid-template-columns: 1fr 1fr 1fr; gap: 0.5rem; } }
@media print { .samples { grid-template-columns: repeat(6, 1fr); } .samples img { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
