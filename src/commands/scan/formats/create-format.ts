import {csvFormat} from './csv-format.ts';
import {jsonFormat} from './json-format.ts';
import {ndjsonFormat} from './ndjson-format.ts';
import type {ScanFormat, ScanFormatName} from './scan-format.ts';
import {type TableOptions, tableFormat} from './table-format.ts';

/** The format with the given name. */
export function createFormat(name: ScanFormatName, options: TableOptions): ScanFormat {
  if (name === 'json') return jsonFormat();
  if (name === 'ndjson') return ndjsonFormat();
  return name === 'csv' ? csvFormat() : tableFormat(options);
}
