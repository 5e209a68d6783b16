import {csvRow} from '../../../cli/csv-row.ts';
import {type Cell, GRAIN_COLUMNS} from '../../../scanning/output/grain-columns.ts';
import type {ScannedGrain, ScannedPicture} from '../../../scanning/types.ts';
import type {ScanFormat} from './scan-format.ts';

/** Comma-separated values with a header, one row per grain; a picture that failed or has no grains has one, too. */
export function csvFormat(): ScanFormat {
  let labels: string[] = [];
  const blank = () => [...GRAIN_COLUMNS, ...labels].map(() => '');
  return {
    start(model) {
      labels = model.labels;
      return csvRow(['path', ...GRAIN_COLUMNS.map(([name]) => name), ...labels, 'error', 'message']);
    },
    picture({path, grains, warnings}: ScannedPicture) {
      if (grains.length === 0) return csvRow([path, ...blank(), '', warnings.join(' ')]);
      return grains.map((grain) => csvRow([path, ...cells(grain), ...probabilities(grain), '', ''])).join('');
    },
    failure: ({path, code, message}) => csvRow([path, ...blank(), code, message]),
    end: () => '',
  };

  function probabilities(grain: ScannedGrain): Cell[] {
    return labels.map((label) => grain.probabilities[label] ?? '');
  }
}

function cells(grain: ScannedGrain): Cell[] {
  return GRAIN_COLUMNS.map(([, cell]) => cell(grain) ?? '');
}
