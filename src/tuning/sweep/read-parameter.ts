import {type Distribution, NUMERIC, type Numbers, type NumericName} from '../space/distribution.ts';
import type {SweepReader} from './sweep-reader.ts';
import type {YamlMap, YamlNode, YamlScalar} from './yaml-tree.ts';

const PARAMETER_KEYS = [
  'value',
  'values',
  'probabilities',
  'distribution',
  'parameters',
  'min',
  'max',
  'mu',
  'sigma',
  'a',
  'b',
  'q',
];
const NAMES = ['constant', 'categorical', 'categorical_w_probabilities', ...Object.keys(NUMERIC)];

/** The distribution that the keys of a parameter describe, as W&B reads them. */
export function readDistribution(reader: SweepReader, map: YamlMap, path: string): Distribution {
  const get = (key: string) => map.entries.find((entry) => entry.key === key);
  reader.checkKeys(map, path, PARAMETER_KEYS);
  const named = get('distribution');
  const name = named ? reader.oneOf(named.value, `${path}.distribution`, NAMES) : undefined;
  const allow = (keys: string[]) => reader.checkKeys(map, path, ['distribution', ...keys], PARAMETER_KEYS);
  if (name === 'constant' || (name === undefined && get('value'))) {
    allow(['value']);
    return {kind: 'constant', value: choice(reader, reader.required(map, 'value', path), `${path}.value`)};
  }
  if (name?.startsWith('categorical') || (name === undefined && get('values'))) {
    allow(['values', 'probabilities']);
    return categorical(reader, map, path);
  }
  if (name === undefined && !(get('min') && get('max'))) {
    const rest = get('min') ? 'max' : get('max') ? 'min' : undefined;
    if (rest) reader.fail(map.line, path, `${rest} is missing`);
    reader.fail(map.line, path, 'needs a value, values, or min and max', [
      `Write ${path.split('.').at(-1)}: {values: [...]}.`,
    ]);
  }
  return numeric(reader, map, path, (name as NumericName | undefined) ?? implied(map));
}

/** W&B takes whole numbers for min and max as `int_uniform`, and others as `uniform`. */
function implied(map: YamlMap): NumericName {
  const ends = map.entries.filter(({key}) => key === 'min' || key === 'max').map(({value}) => value as YamlScalar);
  return ends.some(({float}) => float) ? 'uniform' : 'int_uniform';
}

function numeric(reader: SweepReader, map: YamlMap, path: string, name: NumericName): Distribution {
  const {required, defaults} = NUMERIC[name] as {required: readonly (keyof Numbers)[]; defaults: Numbers};
  const keys = [...required, ...(Object.keys(defaults) as (keyof Numbers)[])];
  reader.checkKeys(map, path, ['distribution', ...keys], PARAMETER_KEYS);
  const numbers: Numbers = {...defaults};
  for (const key of required) reader.required(map, key, path);
  for (const {key, value} of map.entries)
    if (key !== 'distribution') numbers[key as keyof Numbers] = reader.number(value, `${path}.${key}`);
  const line = (key: string) => map.entries.find((entry) => entry.key === key)?.line ?? map.line;
  const {min, max, sigma, a, b, q} = numbers;
  if (min !== undefined && max !== undefined && min >= max)
    reader.fail(line('min'), `${path}.min`, `${min} is not below max, which is ${max}`);
  if (name.includes('log_uniform_values') && min! <= 0)
    reader.fail(line('min'), `${path}.min`, `must be above 0 for ${name}, got ${min}`);
  if (name.endsWith('log_uniform') && max! > 700)
    reader.fail(line('max'), `${path}.max`, `is an exponent of e for ${name}: ${max} is too much`, [
      `Write ${name}_values where min and max are values.`,
    ]);
  if (name === 'int_uniform' && !(Number.isInteger(min) && Number.isInteger(max)))
    reader.fail(line('min'), path, 'min and max must be whole numbers for int_uniform');
  for (const [key, value] of Object.entries({sigma, a, b, q}))
    if (value !== undefined && value <= 0) reader.fail(line(key), `${path}.${key}`, `must be above 0, got ${value}`);
  return {kind: 'numeric', name, numbers};
}

function categorical(reader: SweepReader, map: YamlMap, path: string): Distribution {
  const list = reader.list(reader.required(map, 'values', path), `${path}.values`);
  if (list.items.length === 0) reader.fail(list.line, `${path}.values`, 'is empty');
  const values = list.items.map((item, i) => choice(reader, item, `${path}.values[${i}]`));
  const given = map.entries.find(({key}) => key === 'probabilities');
  if (!given) return {kind: 'categorical', values, probabilities: values.map(() => 1 / values.length)};
  const weights = reader.list(given.value, `${path}.probabilities`).items.map((item, i) => {
    const weight = reader.number(item, `${path}.probabilities[${i}]`);
    if (weight < 0) reader.fail(item.line, `${path}.probabilities[${i}]`, `must not be below 0, got ${weight}`);
    return weight;
  });
  if (weights.length !== values.length)
    reader.fail(given.line, `${path}.probabilities`, `has ${weights.length} numbers for ${values.length} values`);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > 1e-3) reader.fail(given.line, `${path}.probabilities`, `must sum to 1, not to ${sum}`);
  return {kind: 'categorical', values, probabilities: weights.map((weight) => weight / sum)};
}

function choice(reader: SweepReader, node: YamlNode, path: string): unknown {
  if (node.kind !== 'scalar' || node.value === null)
    return reader.fail(node.line, path, 'must be a number, a word, true or false: rice train has no other settings');
  return node.value;
}
