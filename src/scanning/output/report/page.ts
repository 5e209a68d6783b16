import type {ReportData} from './report-data.ts';

export function renderReport(_data: ReportData): string {
  return '';
}
