import type {Benchmark} from '../types.ts';
import {accuracyPanel} from './accuracy-panel.ts';
import {barPanel, type Panel} from './bar-panel.ts';

/** The parts of the chart: with labeled pictures accuracy over speed, and bars of images a second. */
export function panelsOf(measured: Benchmark): Panel[] {
  const accuracy = accuracyPanel(measured);
  return [...(accuracy ? [accuracy] : []), barPanel(measured, true), barPanel(measured, false)];
}
