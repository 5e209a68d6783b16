import type {RunOptions} from '../compare/run-windows.ts';
import type {ModelGraph} from '../graph/model-graph.ts';
import {valueRanges} from '../graph/value-ranges.ts';
import type {Windows} from '../pictures/windows.ts';
import {type ActivationScale, scaleFor} from './activation-scale.ts';

/** Operators that choose or move numbers: what they give has the scale of what they take. */
const MOVING: readonly string[] = ['MaxPool', 'Reshape', 'Transpose'];

/**
 * The scales of values, from the smallest and the largest number that they have for some pictures. Ranges that clip a few large
 * numbers, by the least square error, gave other answers more often.
 */
export async function measureScales(
  graph: ModelGraph,
  values: readonly string[],
  windows: Windows,
  options: RunOptions = {},
): Promise<Map<string, ActivationScale>> {
  const sources = new Map(values.map((value) => [value, sourceOf(graph, value)]));
  const ranges = await valueRanges(graph, [...new Set(sources.values())], windows, options);
  return new Map(
    [...sources].map(([value, source]) => {
      const {low, high} = ranges.get(source)!;
      return [value, scaleFor(low, high)];
    }),
  );
}

function sourceOf(graph: ModelGraph, value: string): string {
  const producer = graph.producer(value);
  return producer && MOVING.includes(producer.opType) ? sourceOf(graph, producer.input[0]) : value;
}
