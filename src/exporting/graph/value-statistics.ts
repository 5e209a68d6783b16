import {encodeModel} from '../../onnx/model.ts';
import type {ValueInfoProto} from '../../onnx/schema.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import {type OutputNumbers, type RunOptions, runWindows} from '../compare/run-windows.ts';
import type {Windows} from '../pictures/windows.ts';
import type {ModelGraph} from './model-graph.ts';

/** What the numbers of a value are for some pictures. */
export interface ValueStatistics {
  low: number;
  high: number;
  /** Of each channel. */
  means: Float64Array;
}

/**
 * Looks at values inside a graph while it runs.
 *
 * @param values the names of float32 values [N, C, ...]
 */
export async function valueStatistics(
  graph: ModelGraph,
  values: readonly string[],
  windows: Windows,
  options: RunOptions = {},
): Promise<Map<string, ValueStatistics>> {
  const found = new Map<string, ValueStatistics>();
  // Without a shape, any is allowed.
  const type = {tensorType: {elemType: ELEMENT_TYPE.float32}} as ValueInfoProto['type'];
  const model = encodeModel({...graph.proto, output: values.map((name) => ({name, type}))});
  const take = (outputs: Record<string, OutputNumbers>) => {
    for (const [name, {data, dims}] of Object.entries(outputs)) {
      const statistics = found.get(name) ?? {low: data[0], high: data[0], means: new Float64Array(dims[1] ?? 1)};
      add(statistics, {data, dims}, windows.count);
      found.set(name, statistics);
    }
  };
  if (values.length > 0) await runWindows(model, windows, take, options);
  return found;
}

function add(statistics: ValueStatistics, {data, dims}: OutputNumbers, pictures: number): void {
  const {means} = statistics;
  const places = dims.slice(2).reduce((product, size) => product * size, 1);
  for (let start = 0; start < data.length; start += places) {
    let sum = 0;
    for (let i = start; i < start + places; i++) {
      const number = data[i];
      sum += number;
      statistics.low = Math.min(statistics.low, number);
      statistics.high = Math.max(statistics.high, number);
    }
    means[(start / places) % means.length] += sum / places / pictures;
  }
}
