import {RiceError} from '../common/errors.ts';
import type {TeachOptions, TeachResult} from '../training/teach/teach.ts';
import {onStop} from './signals.ts';
import type {TeachView} from './teach-view.ts';

/** Makes a model of another one, with progress and the result in the terminal; Ctrl-C leaves nothing behind. */
export async function teachInTerminal(view: TeachView, options: TeachOptions): Promise<TeachResult> {
  const stopping = new AbortController();
  const release = onStop(() => {
    view.stopping();
    stopping.abort(
      new RiceError('TRAINING_INTERRUPTED', 'stopped before the model was made', {
        suggestions: ['Start again: the prepared pictures are cached.'],
      }),
    );
  });
  try {
    const {teach} = await import('../training/teach/teach.ts');
    const result = await teach(options, view, stopping.signal);
    view.result(result);
    return result;
  } finally {
    view.close();
    release();
  }
}
