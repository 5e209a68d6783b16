import {RiceError} from '../../common/errors.ts';
import {isBusy, type Load, measureLoad} from './load.ts';

/** How often the load is measured until the machine counts as busy: something short is waited for. */
const TRIES = 6;

export interface CalmOptions {
  /** Goes on all the same. */
  allowBusy: boolean;
  measure?: () => Promise<Load>;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until others leave the machine alone, a few seconds at most.
 *
 * @returns the load at the end, which is only one of a busy machine if that is allowed
 * @throws RiceError MACHINE_BUSY; the reason of the signal
 */
export async function awaitCalm({allowBusy, measure = measureLoad, signal}: CalmOptions): Promise<Load> {
  let load = await measure();
  for (let tries = 1; isBusy(load) && !allowBusy && tries < TRIES; tries++) {
    signal?.throwIfAborted();
    load = await measure();
  }
  signal?.throwIfAborted();
  if (isBusy(load) && !allowBusy) throw busyMachine(load);
  return load;
}

function busyMachine({others, perCore}: Load): RiceError {
  const average = perCore === null ? '' : `, and the load average is ${perCore.toFixed(2)} per core`;
  return new RiceError(
    'MACHINE_BUSY',
    `other programs take ${Math.round(others * 100)} % of the processor${average}: what is measured now would be their speed as well`,
    {
      suggestions: [
        'End or pause them, and run the command again.',
        'Or go on with --allow-busy, which marks every figure.',
      ],
    },
  );
}
