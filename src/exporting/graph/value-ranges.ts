import {encodeModel} from '../../onnx/model.ts';
import type {ValueInfoProto} from '../../onnx/schema.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {RunOptions} from '../compare/run-windows.ts';
import {runWindows} from '../compare/run-windows.ts';
import type {Windows} from '../pictures/windows.ts';
import type {ModelGraph} from './model-graph.ts';

export interface ValueRange {
  low: number;
  high: number;
}

/**
 * The smallest and the largest number of values inside a graph, for some pictures; not a number where one is.
 *
 * @param values the names of float32 values
 */
export async function valueRanges(
  graph: ModelGraph,
  values: readonly string[],
  windows: Windows,
  options: RunOptions = {},
): Promise<Map<string, ValueRange>> {
  const ranges = new Map<string, ValueRange>();
  // Without a shape, any is allowed.
  const type = {tensorType: {elemType: ELEMENT_TYPE.float32}} as ValueInfoProto['type'];
  const model = encodeModel({...graph.proto, output: values.map((name) => ({name, type}))});
  const widen = (outputs: Record<string, Float32Array>) => {
    for (const [name, numbers] of Object.entries(outputs)) {
      let {low, high} = ranges.get(name) ?? {low: numbers[0], high: numbers[0]};
      for (const number of numbers) {
        low = Math.min(low, number);
        high = Math.max(high, number);
      }
      ranges.set(name, {low, high});
    }
  };
  if (values.length > 0) await runWindows(model, windows, widen, options);
  return ranges;
}
