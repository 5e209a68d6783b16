import {jsonText} from '../../../cli/json-text.ts';
import type {ScanFormat} from './scan-format.ts';

/**
 * One JSON object per line, a grain or an error, in the order of the pictures and of the ids. A picture without grains has
 * a line by itself, so that it is not missed.
 */
export function ndjsonFormat(): ScanFormat {
  return {
    start: () => '',
    picture({path, count, warnings, grains}) {
      if (grains.length === 0) return `${jsonText({path, count, warnings})}\n`;
      return grains.map((grain) => `${jsonText({path, ...grain})}\n`).join('');
    },
    failure: (error) => `${jsonText(error)}\n`,
    end: ({error}) => (error === undefined ? '' : `${jsonText({error})}\n`),
  };
}
