import {spreadMap, type WindowMap} from '../spread-map.ts';
import type {ScoreParts} from '../types.ts';
import type {OpenEvidence} from './open-evidence.ts';

/** A score of the picture that the model was last asked about. */
export interface TakenApart {
  map: WindowMap;
  score: ScoreParts;
  /** What the parts leave of the score: 0 but for rounding. */
  rest: number;
}

/**
 * Takes the score of the picture that the adapter last inferred apart.
 *
 * @param weights of the logits, whose sum the score is
 * @param names of the numbers beside the feature map, as far as they are known
 */
export async function takeApart(
  {adapter, graph, session}: OpenEvidence,
  weights: Float32Array,
  names: readonly string[],
): Promise<TakenApart> {
  const {logits, maps, numbers, constants} = graph;
  const wanted = [logits, ...maps.map(({name}) => name), ...numbers, ...constants];
  const results = await session.again([...new Set(wanted)], weights);
  /** Of the first picture, where the graph takes several at once. */
  const firstOf = (name: string): Float32Array => {
    const {data, dims} = results[name];
    return (data as Float32Array).subarray(0, data.length / dims[0]);
  };
  const {width, height} = adapter.metadata.input;
  const map: WindowMap = {width, height, values: new Float64Array(width * height)};
  for (const {name, width, height} of maps) spreadMap({width, height, values: firstOf(name)}, map);
  const values = numbers.flatMap((name) => [...firstOf(name)]);
  const score: ScoreParts = {
    total: sum(firstOf(logits).map((logit, i) => logit * weights[i])),
    places: sum(map.values),
    numbers: Object.fromEntries(values.map((value, i) => [names[i] ?? `number ${i + 1}`, value])),
    constant: sum(constants.flatMap((name) => [...firstOf(name)])),
  };
  return {map, score, rest: score.total - score.places - sum(values) - score.constant};
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
