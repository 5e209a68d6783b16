import {jsonText} from '../../../cli/json-text.ts';
import {type Entry, isError} from '../../../prediction/entry.ts';
import type {AnswerFormat, Closing} from './answer-format.ts';

/** One JSON document with one entry per line. Only the errors, which come after the predictions, stay in memory. */
export function jsonFormat(): AnswerFormat {
  let predictions = 0;
  const errors: string[] = [];
  return {
    start: (model) => `{\n  "model": ${jsonText(model)},\n  "predictions": [`,
    entries(entries: Entry[]) {
      let text = '';
      for (const entry of entries) {
        const line = jsonText(entry);
        if (isError(entry)) errors.push(line);
        else text += `${predictions++ === 0 ? '' : ','}\n    ${line}`;
      }
      return text;
    },
    end({trust, summary, warnings, shard, interrupted, error}: Closing) {
      const rest = {
        trust,
        summary,
        ...(shard === undefined ? {} : {shard: {index: shard.index, count: shard.count}}),
        ...(interrupted ? {interrupted} : {}),
        warnings,
        ...(error === undefined ? {} : {error: error.toJSON()}),
      };
      const lines = Object.entries(rest).map(([key, value]) => `,\n  "${key}": ${jsonText(value)}`);
      const failed = errors.map((line, i) => `${i === 0 ? '' : ','}\n    ${line}`).join('');
      return `${predictions > 0 ? '\n  ' : ''}],\n  "errors": [${failed}${failed ? '\n  ' : ''}]${lines.join('')}\n}\n`;
    },
  };
}
