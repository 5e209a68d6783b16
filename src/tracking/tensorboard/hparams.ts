import {encodeMessage} from '../../onnx/protobuf.ts';
import type {RunDescription} from '../event.ts';
import {flatten} from '../flatten.ts';
import {HPARAMS} from './event-schema.ts';

const PLUGIN = 'hparams';
const SUCCESS = 1;
const FAILURE = 2;

/** Values that the table of hyperparameters is made of: what there is, and what this run has. */
export function hparamsAtStart({config}: RunDescription, metrics: readonly string[], time: number): object[] {
  const settings = Object.entries(flatten(config)).filter(([, value]) => value !== null);
  const experiment = {
    hparams: settings.map(([name]) => ({name})),
    metrics: metrics.map((tag) => ({name: {tag}})),
  };
  const hparams = settings.map(([key, value]) => ({key, value: anyValue(value!)}));
  return [
    value('_hparams_/experiment', {version: 0, experiment}),
    value('_hparams_/session_start_info', {version: 0, start: {hparams, startTime: time / 1000}}),
  ];
}

/** @param time milliseconds since 1970 */
export function hparamsAtEnd(finished: boolean, time: number): object {
  const end = {status: finished ? SUCCESS : FAILURE, endTime: time / 1000};
  return value('_hparams_/session_end_info', {version: 0, end});
}

function value(tag: string, content: object): object {
  return {tag, metadata: {plugin: {name: PLUGIN, content: encodeMessage(content, HPARAMS)}}};
}

function anyValue(value: boolean | number | string): object {
  if (typeof value === 'boolean') return {truth: Number(value)};
  return typeof value === 'number' ? {number: value} : {text: value};
}
