import type {RiceError} from '../../common/errors.ts';
import {metricNamed} from './metric-names.ts';
import {readDistribution} from './read-parameter.ts';
import type {Hyperband, Sweep, SweepMetric, SweepParameter} from './sweep.ts';
import {SweepReader} from './sweep-reader.ts';
import {readYaml, YamlError, type YamlMap, type YamlNode} from './yaml-tree.ts';

/** Keys that say where and how W&B runs a sweep, which is rice train on this machine here. */
const WITHOUT_EFFECT = [
  'program',
  'command',
  'project',
  'entity',
  'description',
  'controller',
  'job',
  'image_uri',
  'apiVersion',
  'kind',
];
const KEYS = ['method', 'metric', 'parameters', 'name', 'run_cap', 'early_terminate', ...WITHOUT_EFFECT];
/** W&B compares at a hundred steps, the last of which no run reaches. */
const MOST_RUNGS = 100;

/** The flag of rice train that a parameter means, or what to say where there is none. */
export type FlagOf = (name: string) => {flag: string} | {suggestion: string};

/**
 * Reads a sweep file of W&B (schema at https://github.com/wandb/sweeps, `src/sweeps/config/schema.json`), YAML or JSON.
 *
 * @param file its name, for messages
 * @throws RiceError SWEEP_INVALID, with file, line and key
 */
export function readSweep(text: string, file: string, flagOf: FlagOf): Sweep {
  const reader = new SweepReader(file);
  let root: YamlNode;
  try {
    root = readYaml(text);
  } catch (error) {
    if (error instanceof YamlError) reader.fail(error.line, '', error.message);
    throw error;
  }
  const map = reader.map(root, 'a sweep');
  reader.checkKeys(map, '', KEYS);
  const get = (key: string) => map.entries.find((entry) => entry.key === key)?.value;
  const method = reader.oneOf(reader.required(map, 'method', 'a sweep'), 'method', [
    'grid',
    'random',
    'bayes',
    'custom',
  ]);
  if (method === 'custom')
    return reader.fail(get('method')!.line, 'method', 'custom is a program of your own, which rice does not run', [
      'Write bayes, random or grid.',
    ]);
  const [name, cap, early] = [get('name'), get('run_cap'), get('early_terminate')];
  const sweep: Sweep = {
    ...(name ? {name: reader.text(name, 'name')} : {}),
    method,
    metric: readMetric(reader, get('metric')),
    ...(cap ? {runCap: reader.integer(cap, 'run_cap', 1)} : {}),
    ...(early ? {hyperband: readHyperband(reader, reader.map(early, 'early_terminate'))} : {}),
    parameters: readParameters(reader, reader.map(reader.required(map, 'parameters', 'a sweep'), 'parameters'), flagOf),
    notes: [],
  };
  const unused = map.entries.filter(({key}) => ['program', 'command', 'job', 'image_uri'].includes(key));
  if (unused.length > 0)
    sweep.notes.push(`${unused.map(({key}) => key).join(', ')}: each trial is a run of rice train`);
  checkGrid(reader, sweep, map);
  return sweep;
}

function readMetric(reader: SweepReader, node: YamlNode | undefined): SweepMetric {
  if (!node) return {name: 'val/accuracy', goal: 'maximize', impute: 'worst'};
  const map = reader.map(node, 'metric');
  reader.checkKeys(map, 'metric', ['name', 'goal', 'target', 'impute', 'impute_while_running']);
  const get = (key: string) => map.entries.find((entry) => entry.key === key)?.value;
  const named = reader.required(map, 'name', 'metric');
  const text = reader.text(named, 'metric.name');
  let name: SweepMetric['name'];
  try {
    name = metricNamed(text);
  } catch (error) {
    const {message, suggestions} = error as RiceError;
    return reader.fail(named.line, 'metric.name', message, suggestions);
  }
  const [goal, target, impute] = [get('goal'), get('target'), get('impute')];
  return {
    name,
    // Whoever gives no goal wants a high accuracy; W&B would minimize it.
    goal: goal
      ? reader.oneOf(goal, 'metric.goal', ['minimize', 'maximize'])
      : name.endsWith('accuracy')
        ? 'maximize'
        : 'minimize',
    ...(target ? {target: reader.number(target, 'metric.target')} : {}),
    impute: impute ? reader.oneOf(impute, 'metric.impute', ['worst', 'best', 'latest']) : 'worst',
  };
}

function readHyperband(reader: SweepReader, map: YamlMap): Hyperband {
  const path = 'early_terminate';
  reader.checkKeys(map, path, ['type', 'min_iter', 'max_iter', 's', 'eta', 'strict']);
  reader.oneOf(reader.required(map, 'type', path), `${path}.type`, ['hyperband']);
  const get = (key: string) => map.entries.find((entry) => entry.key === key)?.value;
  const [least, most, s, etaNode, strictNode] = ['min_iter', 'max_iter', 's', 'eta', 'strict'].map(get);
  const eta = etaNode ? reader.number(etaNode, `${path}.eta`) : 3;
  if (eta <= 1) reader.fail(etaNode!.line, `${path}.eta`, `must be above 1, got ${eta}`);
  if (strictNode && (strictNode.kind !== 'scalar' || typeof strictNode.value !== 'boolean'))
    reader.fail(strictNode.line, `${path}.strict`, 'must be true or false');
  const strict = !(strictNode?.kind === 'scalar' && strictNode.value === false);
  let rungs: number[];
  if (most) {
    const last = reader.integer(most, `${path}.max_iter`, 1);
    const count = reader.integer(reader.required(map, 's', path), `${path}.s`, 1);
    rungs = Array.from({length: count}, (_, i) => Math.floor(last / eta ** (i + 1))).filter((rung) => rung >= 1);
    if (rungs.length === 0)
      reader.fail(s!.line, path, `max_iter ${last} is too little for eta ${eta}: no epoch is left`);
  } else if (least) {
    const first = reader.integer(least, `${path}.min_iter`, 1);
    rungs = Array.from({length: MOST_RUNGS}, (_, i) => Math.floor(first * eta ** i)).filter(Number.isSafeInteger);
  } else return reader.fail(map.line, path, 'needs min_iter, or max_iter and s', ['Add min_iter: 3.']);
  return {rungs: [...new Set(rungs)].sort((a, b) => a - b), eta, strict};
}

function readParameters(reader: SweepReader, map: YamlMap, flagOf: FlagOf, parent = ''): SweepParameter[] {
  if (map.entries.length === 0) reader.fail(map.line, `parameters${parent}`, 'is empty');
  const parameters: SweepParameter[] = [];
  for (const {key, line, value} of map.entries) {
    const name = parent === '' ? key : `${parent}.${key}`;
    const path = `parameters.${name}`;
    const inner = reader.map(value, path);
    const nested = inner.entries.find((entry) => entry.key === 'parameters');
    if (nested) {
      reader.checkKeys(inner, path, ['parameters']);
      parameters.push(...readParameters(reader, reader.map(nested.value, path), flagOf, name));
      continue;
    }
    const found = flagOf(key);
    if ('suggestion' in found) reader.fail(line, path, 'is not a setting of rice train', [found.suggestion]);
    parameters.push({name, flag: found.flag, distribution: readDistribution(reader, inner, path)});
    const same = parameters.find(({flag}, i) => flag === found.flag && i < parameters.length - 1);
    if (same) reader.fail(line, path, `and parameters.${same.name} are the same setting of rice train, ${found.flag}`);
  }
  return parameters;
}

/** A grid has every combination of values, so each parameter needs some that can be listed. */
function checkGrid(reader: SweepReader, {method, parameters}: Sweep, map: YamlMap): void {
  if (method !== 'grid') return;
  for (const {name, distribution} of parameters) {
    if (distribution.kind !== 'numeric' || ['int_uniform', 'q_uniform'].includes(distribution.name)) continue;
    const line = map.entries.find(({key}) => key === 'parameters')!.line;
    reader.fail(line, `parameters.${name}`, `has no list of values for a grid: ${distribution.name} is continuous`, [
      'Give it values, or write method: bayes.',
    ]);
  }
}
