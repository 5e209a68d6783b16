import {existsSync, readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {basename, dirname, extname, isAbsolute, join, resolve} from 'node:path';
import {currentFolder} from '../common/current-folder.ts';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {untrustedOwner} from './trusted-file.ts';

export interface ConfigFile {
  path: string;
  scope: 'project' | 'user';
  content: Record<string, unknown>;
}

/** In the order in which they are looked for in a folder. Only data formats: a configuration file is never executed. */
const PROJECT_PLACES = [
  '.ricerc',
  '.ricerc.json',
  '.ricerc.yaml',
  '.ricerc.yml',
  'rice.config.json',
  'rice.config.yaml',
  'rice.config.yml',
  'package.json',
];
const USER_PLACES = ['config.json', 'config.yaml', 'config.yml'];

/** Where other tools have configuration files, which rice does not read: most are programs. */
const UNREAD_EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.toml', '.json5', '.jsonc'];
const UNREAD_PROJECT_PLACES = ['rice.config', '.ricerc'].flatMap((name) => UNREAD_EXTENSIONS.map((end) => name + end));
const UNREAD_USER_PLACES = UNREAD_EXTENSIONS.map((end) => `config${end}`);

export interface FoundConfig {
  /** The project's first, then the user's. */
  files: ConfigFile[];
  /** Files that are not used, and why, in a sentence each. */
  ignored: string[];
}

/** The configuration files that apply in the current folder. */
export async function findConfigFiles(folder = currentFolder(), env = process.env): Promise<FoundConfig> {
  const ignored: string[] = [];
  const project = folder === undefined ? undefined : await findProjectFile(resolve(folder), ignored);
  const files = [project, await findUserFile(env, ignored)].filter((file) => file !== undefined);
  return {files, ignored};
}

/**
 * @param places what rice looks for in the folder
 * @param others what it does not look for
 * @param read the place that was read; undefined if there is none
 */
function listUnread(folder: string, places: string[], others: string[], read: string | undefined): string[] {
  const isThere = (place: string) => place !== read && place !== 'package.json' && existsSync(join(folder, place));
  const second = places.filter(isThere).map((place) => `${join(folder, place)} is not read: ${read} comes first`);
  const foreign = others
    .filter(isThere)
    .map((place) => `${join(folder, place)} is not read: settings are read from JSON or YAML files only`);
  return [...second, ...foreign];
}

/** Searches the folder and its parents. */
async function findProjectFile(start: string, ignored: string[]): Promise<ConfigFile | undefined> {
  for (const folder of searchedFolders(start)) {
    for (const place of PROJECT_PLACES) {
      const path = join(folder, place);
      if (!isUsable(path, ignored)) continue;
      // Only a package.json with the key "rice" counts. A text search avoids parsing all others.
      if (place === 'package.json' && !read(path).includes('"rice"')) continue;
      const content = await load(path);
      const settings = place === 'package.json' ? (content as {rice?: unknown} | undefined)?.rice : (content ?? {});
      if (settings === undefined) continue;
      ignored.push(...listUnread(folder, PROJECT_PLACES, UNREAD_PROJECT_PLACES, place));
      return {path, scope: 'project', content: requireObject(settings, path)};
    }
    ignored.push(...listUnread(folder, [], UNREAD_PROJECT_PLACES, undefined));
  }
  return undefined;
}

/** From the folder up to the root of its repository or the home folder; outside both only the folder itself. */
function searchedFolders(start: string): string[] {
  const folders: string[] = [];
  for (let folder = start; ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === homedir() || existsSync(join(folder, '.git'))) return folders;
    if (folder === dirname(folder)) return [start];
  }
}

/** Whether there is a file that may be used. A package.json of others is so common that it is not worth a word. */
function isUsable(path: string, ignored: string[]): boolean {
  if (!existsSync(path)) return false;
  const owner = untrustedOwner(path);
  if (owner === undefined) return true;
  if (basename(path) !== 'package.json') ignored.push(`${path} is ignored: it belongs to another user (id ${owner})`);
  return false;
}

/** `$XDG_CONFIG_HOME/rice/`, by default `~/.config/rice/` (XDG base directory specification). */
async function findUserFile(env: NodeJS.ProcessEnv, ignored: string[]): Promise<ConfigFile | undefined> {
  const xdg = env.XDG_CONFIG_HOME;
  // The specification says that relative paths must be ignored.
  const base = xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.config');
  const folder = join(base, 'rice');
  const place = USER_PLACES.find((each) => existsSync(join(folder, each)));
  ignored.push(...listUnread(folder, USER_PLACES, UNREAD_USER_PLACES, place));
  if (place === undefined) return undefined;
  const path = join(folder, place);
  return {path, scope: 'user', content: requireObject((await load(path)) ?? {}, path)};
}

/**
 * Uses only cosmiconfig's loaders, not its search: the search first looks for cosmiconfig's own settings in
 * `.config/config.js` of the current folder, and would execute that file. Valid JSON is parsed without cosmiconfig,
 * because importing it is slow and nearly every project has a package.json.
 */
async function load(path: string): Promise<unknown> {
  const text = read(path);
  if (text.trim() === '') return undefined;
  const isJson = extname(path) === '.json';
  const plain = isJson ? parseJson(text) : undefined;
  if (plain !== undefined) return plain;
  const {default: cosmiconfig} = await import('cosmiconfig');
  try {
    return cosmiconfig.defaultLoadersSync[isJson ? '.json' : '.yaml'](path, text);
  } catch (error) {
    const reason = (error as Error).message.replace(/^\w+ Error in [^\n]*:\n/, '').split('\n')[0];
    throw new RiceError('CONFIG_INVALID', `${path} cannot be parsed: ${reason}`, {
      suggestions: ['Fix the file, or remove it.'],
      cause: error,
    });
  }
}

/** Undefined for invalid JSON: cosmiconfig's loader then gives the reason. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    // Reading a pipe would wait for a writer.
    if (!statSync(path).isFile()) throw new RiceError('CONFIG_INVALID', `${path} is not a regular file`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

function requireObject(content: unknown, path: string): Record<string, unknown> {
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return content as Record<string, unknown>;
  throw new RiceError('CONFIG_INVALID', `${path} must contain names and values, such as "device: cpu"`);
}
