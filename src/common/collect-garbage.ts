import {setImmediate} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees the memory of this thread that nothing refers to any more, at once. Pixels are outside of the heap: the collector, which looks
 * at the heap, may leave hundreds of megabytes of them until much later.
 */
export async function collectGarbage(): Promise<void> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  // Native libraries free theirs in a later turn.
  await setImmediate();
}
