import {drawnWindows} from '../pictures/drawn-windows.ts';
import type {ExportPictures, Windows} from '../pictures/windows.ts';
import type {Comparison, ExportJob} from '../types.ts';
import {answersOf} from './answers.ts';
import {compareAnswers} from './compare-answers.ts';

/** What models are compared by: the validation pictures, or grains that are drawn. */
export function comparedWindows({source}: ExportJob, pictures: ExportPictures | undefined): Windows {
  const {width, height} = source.file.metadata.input;
  return pictures?.validation ?? drawnWindows({width, height});
}

/** Compares the answers of a model file with those of the source. */
export async function compareWithSource(
  job: ExportJob,
  model: Uint8Array,
  pictures: ExportPictures | undefined,
): Promise<Comparison> {
  const windows = comparedWindows(job, pictures);
  const {events, signal} = job;
  const measured = (model: Uint8Array, before: number) => {
    const onProgress = (done: number) => events.onPhase('measuring', before + done, 2 * windows.count);
    return answersOf(model, windows, {onProgress, signal});
  };
  const before = await measured(job.source.file.bytes, 0);
  const after = await measured(model, windows.count);
  return {...compareAnswers(before, after), drawn: pictures === undefined};
}
