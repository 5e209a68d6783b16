import {jsonText} from '../../../cli/json-text.ts';
import {summaryEntry} from '../../../scanning/output/picture-entry.ts';
import type {ScanFormat} from './scan-format.ts';

/** One JSON document with one picture per line. Only the errors, which come after the pictures, stay in memory. */
export function jsonFormat(): ScanFormat {
  let pictures = 0;
  const errors: string[] = [];
  return {
    start: (model) => `{\n  "model": ${jsonText(model)},\n  "pictures": [`,
    picture: (picture) => `${pictures++ === 0 ? '' : ','}\n    ${jsonText(picture)}`,
    failure(error) {
      errors.push(jsonText(error));
      return '';
    },
    end({trust, summary, seconds, interrupted, warnings, error}) {
      const rest = {
        trust,
        summary: summary === undefined ? null : summaryEntry(summary),
        seconds,
        ...(interrupted ? {interrupted} : {}),
        warnings,
        ...(error === undefined ? {} : {error: error.toJSON()}),
      };
      const lines = Object.entries(rest).map(([key, value]) => `,\n  "${key}": ${jsonText(value)}`);
      const failed = errors.map((line, i) => `${i === 0 ? '' : ','}\n    ${line}`).join('');
      return `${pictures > 0 ? '\n  ' : ''}],\n  "errors": [${failed}${failed ? '\n  ' : ''}]${lines.join('')}\n}\n`;
    },
  };
}
