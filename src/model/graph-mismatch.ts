import type {ModelInterface} from '../onnx/model.ts';
import {SCORES, type ScoreName} from './outputs.ts';
import type {Scores, Thresholds} from './rejection.ts';
import {FLOAT32, type Shape, shapeOf, UINT8} from './value-shape.ts';

/**
 * In which way the metadata of a model contradict its graph, which would give wrong answers, or none; undefined where
 * they fit. What a graph leaves open until it runs fits.
 *
 * @param scores the further outputs that the graph has
 */
export function graphMismatch(
  {labels, input, unknown}: {labels: readonly string[]; input: {width: number; height: number}; unknown: Thresholds},
  graph: ModelInterface,
  scores: readonly ScoreName[],
): string | undefined {
  const image = shapeOf(graph.input, 'image', UINT8);
  if (image?.length !== 4) return 'it needs a graph with an input image, uint8 [N, height, width, 3]';
  const [pictures, ...window] = image;
  if (pictures !== undefined) return `its graph takes no more and no fewer than ${pictures} pictures at once`;
  if (!fits(window, [input.height, input.width, 3]))
    return `input.width is ${input.width} and input.height ${input.height}, but the graph takes ${inWords(image)}`;
  const probabilities = shapeOf(graph.output, 'probabilities', FLOAT32);
  if (probabilities?.length !== 2) return 'it needs a graph with an output probabilities, float32 [N, labels]';
  const outputs = probabilities[1];
  if (outputs !== undefined && outputs !== labels.length)
    return `it has ${labels.length} labels, but the graph gives ${outputs} probabilities`;
  // A threshold that nothing is held against would let everything pass.
  return missingOutput('unknown', unknown, scores) ?? missingOutput('unknown.sameCamera', unknown.sameCamera, scores);
}

function missingOutput(where: string, thresholds: Scores | undefined, scores: readonly ScoreName[]) {
  const missing = SCORES.find((name) => thresholds?.[name] !== undefined && !scores.includes(name));
  return missing && `${where}.${missing} needs an output ${missing}, float32 [N], which the graph does not have`;
}

function fits(shape: Shape, wanted: readonly number[]): boolean {
  return shape.every((size, i) => size === undefined || size === wanted[i]);
}

function inWords(shape: Shape): string {
  return `[${shape.map((size, i) => size ?? (i === 0 ? 'N' : '?')).join(', ')}]`;
}
