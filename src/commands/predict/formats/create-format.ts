import {isUtf8} from '../../../cli/style.ts';
import type {AnswerFormat, AnswerFormatName} from './answer-format.ts';
import {csvFormat} from './csv-format.ts';
import {jsonFormat} from './json-format.ts';
import {ndjsonFormat} from './ndjson-format.ts';
import {type TableOptions, tableFormat} from './table-format.ts';

/** The format with the given name. */
export function createFormat(name: AnswerFormatName, options: Omit<TableOptions, 'utf8'>): AnswerFormat {
  if (name === 'json') return jsonFormat();
  if (name === 'ndjson') return ndjsonFormat();
  return name === 'csv' ? csvFormat() : tableFormat({...options, utf8: isUtf8()});
}
