import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {CardFacts} from './facts.ts';
import {code, table, text} from './markdown.ts';

type Values = CardFacts['graph']['input'];

const TYPE_NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(ELEMENT_TYPE).map(([name, number]) => [number, name])),
  3: 'int8',
  10: 'float16',
};

const MEANINGS: Readonly<Record<string, string>> = {
  image: 'RGB, row by row',
  probabilities: 'of the labels, in their order',
  features: 'what the last layer sees, for comparing pictures',
  novelty: 'above 1: unlike all labels, whatever the camera',
  capture: 'above 1: size, color, light or sharpness unlike those of the training pictures',
  strangeness: 'above 1: size, color and brightness of none of the labels, taken at face value',
  sizeNovelty: 'above 1: size and proportions of none of the labels, taken at face value',
};

/** Names, types and shapes of what goes in and comes out, as the file has them. */
export function graphSection({graph, metadata: {labels}}: CardFacts): string {
  return `## Inputs and outputs

${table(
  [{title: ''}, {title: 'name'}, {title: 'type'}, {title: 'shape'}, {title: 'what'}],
  [...rowsOf('input', graph.input), ...rowsOf('output', graph.output)],
)}

Labels, in the order of the outputs: ${labels.map(text).join(', ')}. The file carries them, and all that this card says of it, in its
metadata under the key \`rice\`.`;
}

function rowsOf(kind: string, values: Values): string[][] {
  return values.map(({name, type}) => {
    const {elemType, shape} = type?.tensorType ?? {};
    const sizes = (shape?.dim ?? []).map(({dimValue, dimParam}) => dimValue ?? dimParam ?? '?');
    const meaning = Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : '';
    return [kind, code(name), TYPE_NAMES[elemType ?? 0] ?? `type ${elemType}`, code(`[${sizes.join(', ')}]`), meaning];
  });
}
