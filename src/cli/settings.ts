import {dirname, resolve} from 'node:path';
import type {Command, Interfaces} from '@oclif/core';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import type {ConfigFile} from './config-files.ts';
import {effectiveDefault, isPathFlag, SHARED_FLAGS, UNSETTABLE_FLAGS} from './flags.ts';
import {meantBy} from './meant.ts';
import {toCamelCase, toVariable} from './names.ts';

export type FlagDefinitions = Record<string, Interfaces.Flag<unknown>>;

/** A resolved setting: the value of a flag and its origin. */
export interface Setting {
  /** The key in a configuration file. */
  name: string;
  value: unknown;
  /** `flag`, `environment RICE_MODEL`, `file /path/.ricerc` or `default`. */
  origin: string;
}

export interface Layers {
  /** The id of the command, such as `train`; undefined for the settings of all commands. */
  command?: string;
  flags: FlagDefinitions;
  env: NodeJS.ProcessEnv;
  /** The nearest first. */
  files: ConfigFile[];
}

interface Candidate {
  value: unknown;
  origin: string;
  /** The variable, or the file and key, for error messages. */
  place: string;
  file?: ConfigFile;
}

/**
 * Appends settings from the environment and configuration files to the command line as flags, so that one parser handles
 * all sources. Precedence: flag > environment > project file > user file > default.
 * @returns the extended command line, and the origin of each flag on it
 * @throws RiceError CONFIG_INVALID, naming the variable or the file and key
 */
export async function layerSettings(
  argv: string[],
  layers: Layers,
  context: Command,
): Promise<{argv: string[]; origins: Map<string, string>; values: Record<string, unknown>}> {
  const explicit = flagsOnCommandLine(argv, layers.flags);
  const origins = new Map([...explicit].map((name) => [name, 'flag']));
  const tokens: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(layers.flags)) {
    if (explicit.has(name) || UNSETTABLE_FLAGS.includes(name) || isExcluded(name, flag, explicit, layers.flags))
      continue;
    const candidate = findCandidate(name, layers);
    if (!candidate || lacksDependency(flag, explicit, layers)) continue;
    const setting = await toTokens(name, flag, candidate, context);
    tokens.push(...setting.tokens);
    values[name] = setting.value;
    origins.set(name, candidate.origin);
  }
  const end = argv.indexOf('--');
  const before = end === -1 ? argv : argv.slice(0, end);
  return {argv: [...before, ...tokens, ...(end === -1 ? [] : argv.slice(end))], origins, values};
}

/** The settings of a command that is called without flags. */
export async function resolveSettings(layers: Layers, context: Command): Promise<Setting[]> {
  const {origins, values} = await layerSettings([], layers, context);
  for (const [name, flag] of Object.entries(layers.flags)) {
    const fallback: unknown = flag.default;
    values[name] ??= typeof fallback === 'function' ? await fallback({options: flag, flags: {}}) : fallback;
    values[name] ??= effectiveDefault(flag);
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

/** Variables that are read directly, not as settings. */
const OTHER_VARIABLES = ['RICE_CACHE_DIR', 'RICE_API_KEY', 'RICE_SIGN_PASSPHRASE'];

export interface UnknownVariable {
  name: string;
  /** The variables that were probably meant. */
  meant: string[];
}

/**
 * Variables that no setting reads but that look like one: they have a command's prefix, the name of a flag without its
 * command, or a similar name. Probably typos.
 * @param commands the flags of each command
 */
export function unknownVariables(commands: Map<string, string[]>, env: NodeJS.ProcessEnv): UnknownVariable[] {
  const known = new Set<string>();
  /** Known variables by their flag, without underscores: `TOPK`. */
  const byFlag = new Map<string, string[]>();
  for (const [id, flags] of commands)
    for (const flag of flags) {
      if (UNSETTABLE_FLAGS.includes(flag)) continue;
      const name = toVariable(id, flag);
      known.add(name);
      byFlag.set(bare(toVariable(flag)), [...(byFlag.get(bare(toVariable(flag))) ?? []), name]);
    }
  for (const name of SHARED_FLAGS) {
    known.add(toVariable(name));
    byFlag.set(bare(toVariable(name)), [toVariable(name)]);
  }
  for (const name of OTHER_VARIABLES) known.add(name);
  const prefixes = [...commands.keys()].map((id) => toVariable(id, ''));
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith('RICE_') || known.has(name) || isServiceLink(name, env)) return [];
    const near = nearKnown(name, known, prefixes);
    const meant = byFlag.get(bare(name)) ?? (near ? [near] : []);
    return meant.length > 0 || prefixes.some((prefix) => name.startsWith(prefix)) ? [{name, meant}] : [];
  });
}

/**
 * Whether Kubernetes sets a variable to describe a Service whose name begins with `rice`, such as
 * `RICE_SERVE_PORT=tcp://10.0.0.7:80`
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
function isServiceLink(name: string, env: NodeJS.ProcessEnv): boolean {
  if (/_PORT$/.test(name) && /^(tcp|udp|sctp):\/\//i.test(env[name] ?? '')) return true;
  return /_SERVICE_(HOST|PORT)(_[A-Z\d_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name);
}

function bare(variable: string): string {
  return variable.replace(/^RICE_/, '').replaceAll('_', '');
}

/**
 * The known variable that is similar. Only the end is compared, behind the command if the name has one: the long common
 * beginning would make all of them similar.
 */
function nearKnown(name: string, known: Set<string>, prefixes: string[]): string | undefined {
  const prefix = prefixes.find((each) => name.startsWith(each)) ?? 'RICE_';
  const ends = [...known].filter((other) => other.startsWith(prefix)).map((other) => other.slice(prefix.length));
  const near = nearest(name.slice(prefix.length), ends);
  return near && prefix + near;
}

/** The names of the flags on the command line. */
function flagsOnCommandLine(argv: string[], flags: FlagDefinitions): Set<string> {
  const found = new Set<string>();
  for (let index = 0; index < argv.length && argv[index] !== '--'; index++) {
    const [word, inline] = argv[index].split('=', 2);
    for (const [name, flag] of Object.entries(flags)) {
      const long = [name, ...(flag.aliases ?? [])];
      const matches =
        long.some((alias) => word === `--${alias}` || (flag.type === 'boolean' && word === `--no-${alias}`)) ||
        (flag.char !== undefined && /^-[a-z]/i.test(word) && word[1] === flag.char);
      if (!matches) continue;
      found.add(name);
      // The word after an option is its value, even when it looks like a flag.
      if (flag.type === 'option' && inline === undefined && (word.startsWith('--') || word.length === 2)) index++;
      break;
    }
  }
  return found;
}

/** Whether a flag on the command line excludes this one: the command line wins over settings from elsewhere. */
function isExcluded(
  name: string,
  flag: FlagDefinitions[string],
  explicit: Set<string>,
  flags: FlagDefinitions,
): boolean {
  return [...explicit].some((other) => flag.exclusive?.includes(other) || flags[other].exclusive?.includes(name));
}

/** Whether a flag that this one depends on is not set: the setting is then ignored. */
function lacksDependency(flag: FlagDefinitions[string], explicit: Set<string>, layers: Layers): boolean {
  return (flag.dependsOn ?? []).some((other) => !explicit.has(other) && !findCandidate(other, layers));
}

function findCandidate(name: string, {command, env, files}: Layers): Candidate | undefined {
  const shared = SHARED_FLAGS.includes(name);
  const variables = [...(command ? [toVariable(command, name)] : []), ...(shared ? [toVariable(name)] : [])];
  const variable = variables.find((candidate) => env[candidate] && !isServiceLink(candidate, env));
  if (variable) return {value: env[variable], origin: `environment ${variable}`, place: variable};

  const [section, key] = [toCamelCase(command ?? ''), toCamelCase(name)];
  for (const file of files) {
    const commandSettings = (file.content[section] ?? {}) as Record<string, unknown>;
    const origin = `file ${file.path}`;
    const value = commandSettings[key];
    if (value !== undefined) return {value, origin, place: `${file.path}: ${section}.${key}`, file};
    if (shared && file.content[key] !== undefined)
      return {value: file.content[key], origin, place: `${file.path}: ${key}`, file};
  }
  return undefined;
}

/** The setting as words on the command line, and its parsed value. */
async function toTokens(
  name: string,
  flag: FlagDefinitions[string],
  candidate: Candidate,
  context: Command,
): Promise<{tokens: string[]; value: unknown}> {
  const {value, place, file} = candidate;
  if (flag.type === 'boolean') {
    const on = file ? value : parseBoolean(String(value));
    if (typeof on !== 'boolean') throw invalid(place, `expected true or false, got ${quote(value)}`);
    const off = flag.allowNo ? [`--no-${name}`] : [];
    return {tokens: on ? [`--${name}`] : off, value: on};
  }
  const parsed: unknown[] = [];
  const tokens: string[] = [];
  for (const item of flag.multiple && Array.isArray(value) ? value : [value]) {
    const checked = await check(flag, item, candidate, context);
    const final = isPathFlag(flag) && file ? resolve(dirname(file.path), String(item)) : item;
    parsed.push(isPathFlag(flag) ? final : checked);
    tokens.push(`--${name}=${final}`);
  }
  return {tokens, value: flag.multiple ? parsed : parsed[0]};
}

/** Parses one value with the flag's own parser, so that an error names the variable or the file and key. */
async function check(
  flag: Interfaces.OptionFlag<unknown>,
  value: unknown,
  {place, file}: Candidate,
  context: Command,
): Promise<unknown> {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw invalid(place, `expected text or a number, got ${quote(value)}`);
  if (flag.options && !flag.options.includes(String(value))) {
    const near = meantBy(String(value), flag.options);
    throw invalid(place, `expected one of ${flag.options.join(', ')}, got ${quote(value)}`, near && `Write ${near}.`);
  }
  let parsed: unknown;
  try {
    parsed = await flag.parse(String(value), context as Parameters<typeof flag.parse>[1], flag);
  } catch (error) {
    throw invalid(place, (error as Error).message);
  }
  // A value in a file must have the type that the parser returns; variables are always text.
  const type = typeof parsed;
  if (file && (type === 'number' || type === 'string') && type !== typeof value)
    throw invalid(place, `expected ${type === 'number' ? 'a number' : 'text'}, got ${quote(value)}`);
  return parsed;
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off)$/i.test(text) ? false : undefined;
}

const quote = (value: unknown) => JSON.stringify(value);

function invalid(place: string, reason: string, suggestion?: string): RiceError {
  return new RiceError('CONFIG_INVALID', `${place}: ${reason}`, suggestion ? {suggestions: [suggestion]} : {});
}
