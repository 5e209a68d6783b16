import {REASON_HELP, type Reason} from '../../../../model/rejection.ts';
import type {ErrorEntry, PredictionEntry} from '../../../../prediction/entry.ts';
import {explainFailure} from '../../../../server/page/browser/words.ts';

/** What helps where the reason for no certain answer is this one. */
export function helpFor(reason: Reason): string {
  return REASON_HELP[reason];
}

/** What is wrong with a file, and what helps. */
export function explainError({code, message}: ErrorEntry): {message: string; help: string | undefined} {
  // Which formats are read depends on the browser, which the message tells.
  if (code === 'IMAGE_UNSUPPORTED')
    return {message: sentence(message), help: 'Choose a JPEG or a PNG, or save the picture as one.'};
  const words = explainFailure({code, message: sentence(message), suggestions: []});
  return {message: words.message, help: words.suggestions[0]};
}

/** Whether no grain was found: confidence and varieties are then those of the ground, and are not shown. */
export function isEmpty({reason}: Pick<PredictionEntry, 'reason'>): boolean {
  return reason === 'no grain';
}

/** `Basmati`, or `Unknown, nearest Basmati`. */
export function title(entry: PredictionEntry): string {
  if (entry.known) return entry.label;
  return isEmpty(entry) ? 'Unknown' : `Unknown, nearest ${entry.label}`;
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
