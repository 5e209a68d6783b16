import {jsonText} from '../../../cli/json-text.ts';
import type {AnswerFormat} from './answer-format.ts';

/** One JSON object per line, a prediction or an error, in the order of the pictures. */
export function ndjsonFormat(): AnswerFormat {
  return {
    start: () => '',
    entries: (entries) => entries.map((entry) => `${jsonText(entry)}\n`).join(''),
    end: ({error}) => (error === undefined ? '' : `${jsonText({error})}\n`),
  };
}
