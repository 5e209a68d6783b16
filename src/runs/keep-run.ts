import type {TrainingObserver} from '../training/observer.ts';
import {recordKeeper} from './record-keeper.ts';
import {reportKeeper} from './report-keeper.ts';

/** Those who keep beside a run what people and other programs look at: pass them to each training, before all others. */
export function keepRun(): TrainingObserver[] {
  return [recordKeeper(), reportKeeper()];
}
