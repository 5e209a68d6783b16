import type {RunOptions} from '../compare/run-windows.ts';
import type {ModelGraph} from '../graph/model-graph.ts';
import {valueStatistics} from '../graph/value-statistics.ts';
import type {Windows} from '../pictures/windows.ts';
import {type ActivationScale, scaleFor} from './activation-scale.ts';
import type {Plan} from './plan.ts';

/** Operators that choose or move numbers: what they give has the scale of what they take. */
const MOVING: readonly string[] = ['MaxPool', 'Reshape', 'Transpose'];

/** What calibration pictures say of the values of a plan. */
export interface Calibration {
  scales: ReadonlyMap<string, ActivationScale>;
  /** Of the channels that each weighted node takes. */
  means: ReadonlyMap<string, Float64Array>;
}

/**
 * Measures the values of a plan. Scales follow from the smallest and the largest number: ranges that clip a few large numbers, by
 * the least square error, gave other answers more often.
 */
export async function calibrate(
  graph: ModelGraph,
  {values, weighted}: Plan,
  windows: Windows,
  options: RunOptions = {},
): Promise<Calibration> {
  const sources = new Map(values.map((value) => [value, sourceOf(graph, value)]));
  const inputs = [...weighted].map(({input}) => input[0]);
  const statistics = await valueStatistics(graph, [...new Set([...sources.values(), ...inputs])], windows, options);
  const scales = [...sources].map(([value, source]) => {
    const {low, high} = statistics.get(source)!;
    return [value, scaleFor(low, high)] as const;
  });
  return {
    scales: new Map(scales),
    means: new Map(inputs.map((input) => [input, statistics.get(input)!.means])),
  };
}

function sourceOf(graph: ModelGraph, value: string): string {
  const producer = graph.producer(value);
  return producer && MOVING.includes(producer.opType) ? sourceOf(graph, producer.input[0]) : value;
}
