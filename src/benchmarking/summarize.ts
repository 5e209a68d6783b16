import type {Device} from '../model/devices.ts';
import type {Accuracy} from './measure-accuracy.ts';
import type {WorkerRun} from './run-worker.ts';
import {estimate, ratio} from './statistics/estimate.ts';
import {latencyOf} from './statistics/latency.ts';
import type {Configuration, Result} from './types.ts';

/** A configuration and what its process of each round measured. */
export interface Subject {
  model: string;
  device: Device;
  threads: number;
  accuracy: Accuracy | null;
  runs: Pick<WorkerRun, 'startUpSeconds' | 'peakMemory' | 'measurements'>[];
}

/** The figures of all rounds together, each compared with the first model's. */
export function summarize(subjects: readonly Subject[], busy: boolean): Configuration[] {
  return subjects.map((subject, i) => {
    const {model, device, threads, accuracy, runs} = subject;
    const base = baseOf(subjects, i);
    return {
      model,
      device,
      threads,
      startUpSeconds: estimate(runs.map(({startUpSeconds}) => startUpSeconds)),
      peakMemory: Math.max(...runs.map(({peakMemory}) => peakMemory)),
      accuracy,
      results: runs[0].measurements.map((_, k) => resultOf(subject, k, subjects[base], base === i ? null : base, busy)),
    };
  });
}

/**
 * With which configuration another is compared: the first model on the same device with as many threads. What has no such one,
 * and another device or number of threads of the first model itself, is compared with the very first.
 */
function baseOf(subjects: readonly Subject[], index: number): number {
  const {model, device, threads} = subjects[index];
  const [first] = subjects;
  if (model === first.model) return 0;
  const same = subjects.findIndex(
    (each) => each.model === first.model && each.device === device && each.threads === threads,
  );
  return Math.max(0, same);
}

function resultOf({runs}: Subject, index: number, base: Subject, to: number | null, busy: boolean): Result {
  const {decoding, batchSize} = runs[0].measurements[index];
  const rates = ratesOf(runs, index);
  const processor = processorOf(runs, index);
  return {
    decoding,
    batchSize,
    imagesPerSecond: {...estimate(rates), rounds: rates},
    processorMilliseconds: estimate(processor),
    milliseconds: latencyOf(runs.flatMap(({measurements}) => measurements[index].calls)),
    ratio: to === null ? null : {...ratio(rates, ratesOf(base.runs, index)), to},
    processorRatio: to === null ? null : {...ratio(processorOf(base.runs, index), processor), to},
    busy,
  };
}

function ratesOf(runs: Subject['runs'], index: number): number[] {
  return runs.map(({measurements}) => measurements[index].imagesPerSecond);
}

function processorOf(runs: Subject['runs'], index: number): number[] {
  return runs.map(({measurements}) => measurements[index].processorMilliseconds);
}
