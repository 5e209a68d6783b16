import {dirname, resolve} from 'node:path';
import type {Command, Interfaces} from '@oclif/core';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import type {ConfigFile} from './config-files.ts';
import {isPathFlag, SHARED_FLAGS, UNSETTABLE_FLAGS} from './flags.ts';
import {toCamelCase, toVariable} from './names.ts';

export type FlagDefinitions = Record<string, Interfaces.Flag<unknown>>;

/** A resolved setting: what a flag ends up with, and who said so. */
export interface Setting {
  /** The key in a configuration file. */
  name: string;
  value: unknown;
  /** `flag`, `environment RICE_MODEL`, `file /path/.ricerc` or `default`. */
  origin: string;
}

export interface Layers {
  /** The command's id, such as `train`; none for what holds for all commands. */
  command?: string;
  flags: FlagDefinitions;
  env: NodeJS.ProcessEnv;
  /** The nearest first. */
  files: ConfigFile[];
}

interface Candidate {
  value: unknown;
  origin: string;
  /** Where the value stands, for messages. */
  place: string;
  file?: ConfigFile;
}

/**
 * Completes a command line with what the environment and the configuration files say, so that one parser treats all
 * sources alike: flag > environment > project file > user file > default.
 * @returns the longer command line, and for each flag that is on it where it came from
 * @throws RiceError CONFIG_INVALID, naming the variable or the file and key
 */
export async function layerSettings(
  argv: string[],
  layers: Layers,
  context: Command,
): Promise<{argv: string[]; origins: Map<string, string>; values: Record<string, unknown>}> {
  const given = flagsGiven(argv, layers.flags);
  const origins = new Map([...given].map((name) => [name, 'flag']));
  const tokens: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(layers.flags)) {
    if (given.has(name) || UNSETTABLE_FLAGS.includes(name) || excluded(name, flag, given, layers.flags)) continue;
    const candidate = findCandidate(name, layers);
    if (!candidate || lacking(flag, given, layers)) continue;
    const said = await toTokens(name, flag, candidate, context);
    tokens.push(...said.tokens);
    values[name] = said.value;
    origins.set(name, candidate.origin);
  }
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  return {argv: [...before, ...tokens, ...(end === -1 ? [] : argv.slice(end))], origins, values};
}

/** What a command's settings are when no flag is given. */
export async function resolveSettings(layers: Layers, context: Command): Promise<Setting[]> {
  const {origins, values} = await layerSettings([], layers, context);
  for (const [name, flag] of Object.entries(layers.flags)) {
    const standard: unknown = flag.default;
    values[name] ??= typeof standard === 'function' ? await standard({options: flag, flags: {}}) : standard;
  }
  return describeSettings(layers.flags, values, origins);
}

/** Every settable flag with its value and origin, in the order of the definitions. */
export function describeSettings(
  flags: FlagDefinitions,
  values: Record<string, unknown>,
  origins: Map<string, string>,
): Setting[] {
  return Object.entries(flags)
    .filter(([name]) => !UNSETTABLE_FLAGS.includes(name))
    .map(([name, {type}]) => ({
      name: toCamelCase(name),
      value: values[name] ?? (type === 'boolean' ? false : null),
      origin: origins.get(name) ?? 'default',
    }));
}

/** Variables that are read elsewhere than by a setting. */
const OTHER_VARIABLES = ['RICE_CACHE_DIR', 'RICE_API_KEY'];

/**
 * Variables that begin like those of a command, or read nearly like one, but that no setting reads; probably misspelled.
 * @param commands the flags of each command
 */
export function unknownVariables(commands: Map<string, string[]>, env: NodeJS.ProcessEnv): string[] {
  const known = new Set<string>();
  for (const [id, flags] of commands)
    for (const name of flags) if (!UNSETTABLE_FLAGS.includes(name)) known.add(toVariable(id, name));
  for (const name of SHARED_FLAGS) known.add(toVariable(name));
  for (const name of OTHER_VARIABLES) known.add(name);
  const prefixes = [...commands.keys()].map((id) => toVariable(id, ''));
  return Object.keys(env).filter((name) => {
    if (known.has(name)) return false;
    return prefixes.some((prefix) => name.startsWith(prefix)) || (/^RICE_/.test(name) && isNear(name, known));
  });
}

/** Whether all but the beginning is nearly a name that is known. */
function isNear(name: string, known: Set<string>): boolean {
  const ends = [...known].map((other) => other.replace(/^RICE_/, ''));
  return nearest(name.replace(/^RICE_/, ''), ends) !== undefined;
}

/** The names of the flags that stand on the command line itself. */
function flagsGiven(argv: string[], flags: FlagDefinitions): Set<string> {
  const given = new Set<string>();
  for (let index = 0; index < argv.length && argv[index] !== '--'; index++) {
    const [word, inline] = argv[index].split('=', 2);
    for (const [name, flag] of Object.entries(flags)) {
      const long = [name, ...(flag.aliases ?? [])];
      const matches =
        long.some((alias) => word === `--${alias}` || (flag.type === 'boolean' && word === `--no-${alias}`)) ||
        (flag.char !== undefined && /^-[a-z]/i.test(word) && word[1] === flag.char);
      if (!matches) continue;
      given.add(name);
      // The word after an option is its value, even when it looks like a flag.
      if (flag.type === 'option' && inline === undefined && (word.startsWith('--') || word.length === 2)) index++;
      break;
    }
  }
  return given;
}

/** A flag on the command line silences settings from elsewhere that it cannot be combined with. */
function excluded(name: string, flag: FlagDefinitions[string], given: Set<string>, flags: FlagDefinitions): boolean {
  return [...given].some((other) => flag.exclusive?.includes(other) || flags[other].exclusive?.includes(name));
}

/** A setting that only means something together with another says nothing where that is not set. */
function lacking(flag: FlagDefinitions[string], given: Set<string>, layers: Layers): boolean {
  return (flag.dependsOn ?? []).some((other) => !given.has(other) && !findCandidate(other, layers));
}

function findCandidate(name: string, {command, env, files}: Layers): Candidate | undefined {
  const shared = SHARED_FLAGS.includes(name);
  const variables = [...(command ? [toVariable(command, name)] : []), ...(shared ? [toVariable(name)] : [])];
  const variable = variables.find((candidate) => env[candidate]);
  if (variable) return {value: env[variable], origin: `environment ${variable}`, place: variable};

  const [section, key] = [toCamelCase(command ?? ''), toCamelCase(name)];
  for (const file of files) {
    const own = (file.content[section] ?? {}) as Record<string, unknown>;
    const origin = `file ${file.path}`;
    if (own[key] !== undefined) return {value: own[key], origin, place: `${file.path}: ${section}.${key}`, file};
    if (shared && file.content[key] !== undefined)
      return {value: file.content[key], origin, place: `${file.path}: ${key}`, file};
  }
  return undefined;
}

/** The words on the command line that say the same, and the value that they stand for. */
async function toTokens(
  name: string,
  flag: FlagDefinitions[string],
  candidate: Candidate,
  context: Command,
): Promise<{tokens: string[]; value: unknown}> {
  const {value, place, file} = candidate;
  if (flag.type === 'boolean') {
    const on = file ? value : readBoolean(String(value));
    if (typeof on !== 'boolean') throw invalid(place, `expected true or false, got ${show(value)}`);
    const off = flag.allowNo ? [`--no-${name}`] : [];
    return {tokens: on ? [`--${name}`] : off, value: on};
  }
  const parsed: unknown[] = [];
  const tokens: string[] = [];
  for (const one of flag.multiple && Array.isArray(value) ? value : [value]) {
    const checked = await check(flag, one, candidate, context);
    const final = isPathFlag(flag) && file ? resolve(dirname(file.path), String(one)) : one;
    parsed.push(isPathFlag(flag) ? final : checked);
    tokens.push(`--${name}=${final}`);
  }
  return {tokens, value: flag.multiple ? parsed : parsed[0]};
}

/** Holds one value against the flag's own parser, so that an error names the place where the value stands. */
async function check(
  flag: Interfaces.OptionFlag<unknown>,
  value: unknown,
  {place, file}: Candidate,
  context: Command,
): Promise<unknown> {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw invalid(place, `expected text or a number, got ${show(value)}`);
  if (flag.options && !flag.options.includes(String(value))) {
    const near = nearest(String(value), flag.options);
    throw invalid(place, `expected one of ${flag.options.join(', ')}, got ${show(value)}`, near && `Write ${near}.`);
  }
  let parsed: unknown;
  try {
    parsed = await flag.parse(String(value), context as Parameters<typeof flag.parse>[1], flag);
  } catch (error) {
    throw invalid(place, (error as Error).message);
  }
  // The flag's parser tells which type a file must have; variables are always text.
  const type = typeof parsed;
  if (file && (type === 'number' || type === 'string') && type !== typeof value)
    throw invalid(place, `expected ${type === 'number' ? 'a number' : 'text'}, got ${show(value)}`);
  return parsed;
}

function readBoolean(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off)$/i.test(text) ? false : undefined;
}

const show = (value: unknown) => JSON.stringify(value);

function invalid(place: string, reason: string, suggestion?: string): RiceError {
  return new RiceError('CONFIG_INVALID', `${place}: ${reason}`, suggestion ? {suggestions: [suggestion]} : {});
}
