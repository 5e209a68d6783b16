import {join} from 'node:path';
import type {Json} from '../../common/json-value.ts';
import {type ModelDescription, type RunState, startOf, type TrackedEvent} from '../event.ts';
import {TRACKING_FOLDER} from '../journal.ts';
import {CONFUSION_CHART, confusionValue, histogramValue, type MediaFile, pictureValue} from './media.ts';

/** What W&B is told, the same offline and online. */
export type WandbItem =
  | {kind: 'history'; step: number; row: Record<string, Json>}
  | {kind: 'stats'; time: number; runtime: number; values: Record<string, number>}
  | {kind: 'output'; time: number; stream: 'stdout' | 'stderr'; text: string}
  | {kind: 'media'; file: MediaFile}
  /** A value of the configuration below `_wandb`. */
  | {kind: 'chart'; path: string[]; chart: Json}
  | {kind: 'model'; model: ModelDescription}
  | {kind: 'resume'}
  | {kind: 'finish'; state: RunState; runtime: number};

/**
 * Puts the events of a run into W&B's terms. Each epoch, and what is told at the end, is a row of the history; histograms
 * and pictures join the row that follows them.
 */
export class Translator {
  readonly #start: number;
  readonly #folder: string;
  #step: number;
  #row: Record<string, Json> = {};
  #pictures: Extract<TrackedEvent, {type: 'picture'}>[] = [];

  /** @param firstStep the step of the first row, if the run in W&B has some already */
  constructor(events: readonly TrackedEvent[], firstStep = 0) {
    const {time, run} = startOf(events);
    [this.#start, this.#step, this.#folder] = [time, firstStep, join(run.folder, TRACKING_FOLDER)];
  }

  translate(event: TrackedEvent): WandbItem[] {
    const {time} = event;
    const runtime = Math.max(0, time - this.#start) / 1000;
    if (event.type === 'metrics' || event.type === 'summary') return this.#rowOf(event.values, time, runtime);
    if (event.type === 'system') return [{kind: 'stats', time, runtime, values: event.values}];
    if (event.type === 'log') return [{kind: 'output', time, stream: event.stream, text: event.text}];
    if (event.type === 'model') return [{kind: 'model', model: event.model}];
    if (event.type === 'resume') return [{kind: 'resume'}];
    if (event.type === 'finish') return [{kind: 'finish', state: event.state, runtime}];
    if (event.type === 'histogram') this.#row[event.name] = histogramValue(event.histogram);
    else if (event.type === 'picture') this.#pictures.push(event);
    else if (event.type === 'confusion') {
      const {key, value, file} = confusionValue(event.labels, event.matrix, this.#step);
      this.#row[key] = value;
      return [
        {kind: 'media', file},
        {kind: 'chart', ...CONFUSION_CHART},
      ];
    }
    return [];
  }

  #rowOf(values: Record<string, number>, time: number, runtime: number): WandbItem[] {
    const step = this.#step++;
    const keys = [...new Set(this.#pictures.map(({key}) => key))];
    const media = keys.map((key) => {
      const pictures = this.#pictures.filter((picture) => picture.key === key);
      return {key, ...pictureValue(this.#folder, pictures, step)};
    });
    const row: Record<string, Json> = {
      ...this.#row,
      ...Object.fromEntries(media.map(({key, value}) => [key, value])),
      ...values,
      _step: step,
      _runtime: runtime,
      _timestamp: time / 1000,
    };
    [this.#row, this.#pictures] = [{}, []];
    const files = media.flatMap((each) => each.files).map((file): WandbItem => ({kind: 'media', file}));
    return [...files, {kind: 'history', step, row}];
  }
}

/** How W&B knows how a run ended: 255 is what its own client says of one that the user stopped. */
export function exitCodeOf(state: RunState): number {
  return {finished: 0, failed: 1, crashed: 1, killed: 255}[state];
}
