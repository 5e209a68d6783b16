import {csvRow} from '../../../cli/csv-row.ts';
import type {ScannedGrain, ScannedPicture} from '../../../scanning/types.ts';
import type {ScanFormat} from './scan-format.ts';

type Cell = string | number | boolean;

/** The columns of a grain between its path and the probabilities: pixels and degrees, millimeters and milligrams. */
const COLUMNS: readonly [name: string, cell: (grain: ScannedGrain) => Cell | undefined][] = [
  ['id', ({id}) => id],
  ['label', ({label, known}) => (known ? label : 'unknown')],
  ['nearest', ({label}) => label],
  ['confidence', ({confidence}) => confidence],
  ['known', ({known}) => known],
  ['reason', ({reason}) => reason],
  ['grade', ({grade}) => grade],
  ['broken', ({broken}) => broken],
  ['lengthShare', ({lengthShare}) => lengthShare],
  ['discolored', ({discolored}) => discolored],
  ['border', ({border}) => border],
  ['touching', ({touching}) => touching],
  ['corrected', ({corrected}) => corrected ?? false],
  ['x', ({x}) => x],
  ['y', ({y}) => y],
  ['length', ({length}) => length],
  ['width', ({width}) => width],
  ['feret', ({feret}) => feret],
  ['area', ({area}) => area],
  ['perimeter', ({perimeter}) => perimeter],
  ['angle', ({angle}) => angle],
  ['ratio', ({ratio}) => ratio],
  ['circularity', ({circularity}) => circularity],
  ['lengthMm', ({mm}) => mm?.length],
  ['widthMm', ({mm}) => mm?.width],
  ['feretMm', ({mm}) => mm?.feret],
  ['areaMm2', ({mm}) => mm?.area],
  ['perimeterMm', ({mm}) => mm?.perimeter],
  ['massMg', ({mass}) => mass],
  ['L', ({color}) => color.L],
  ['a', ({color}) => color.a],
  ['b', ({color}) => color.b],
  ['white', ({white}) => white],
];

/** Comma-separated values with a header, one row per grain; a picture that failed or has no grains has one, too. */
export function csvFormat(): ScanFormat {
  let labels: string[] = [];
  const blank = () => [...COLUMNS, ...labels].map(() => '');
  return {
    start(model) {
      labels = model.labels;
      return csvRow(['path', ...COLUMNS.map(([name]) => name), ...labels, 'error', 'message']);
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
  return COLUMNS.map(([, cell]) => cell(grain) ?? '');
}
