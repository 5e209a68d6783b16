import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';

/** The relevant settings of DVC. */
export interface DvcConfig {
  /** Absolute path of the cache, if it is configured. */
  cacheDir: string | undefined;
  /** Whether the repository is used without git. */
  noScm: boolean;
}

/** Values that DVC treats as true. */
const TRUE = /^(on|y|yes|true|1)$/i;

const USED_SECTIONS = new Set(['core', 'cache']);

/**
 * DVC's settings for a repository: those of the system and the user, `.dvc/config` and `.dvc/config.local`; later ones win.
 *
 * @throws RiceError DVC_UNUSABLE if a file cannot be parsed, or the cache is not on this machine
 */
export function readDvcConfig(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): DvcConfig {
  const folders = [systemFolder(env, platform), userFolder(env, platform)];
  const files = [...folders.map((folder) => join(folder, 'config')), ...repositoryFiles(root)];
  const config: DvcConfig = {cacheDir: undefined, noScm: false};
  for (const file of files) {
    const values = parseConfig(readIfExists(file), file);
    const dir = values.get('cache.dir');
    if (dir !== undefined) config.cacheDir = resolveCache(dir, file);
    if (values.get('cache.local'))
      throw new RiceError(
        'DVC_UNUSABLE',
        `${file} uses a remote as the cache (cache.local), to which rice cannot write`,
      );
    const noScm = values.get('core.no_scm');
    if (noScm !== undefined) config.noScm = TRUE.test(noScm);
  }
  return config;
}

function repositoryFiles(root: string): string[] {
  return ['config', 'config.local'].map((name) => join(root, '.dvc', name));
}

function systemFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.DVC_SYSTEM_CONFIG_DIR) return env.DVC_SYSTEM_CONFIG_DIR;
  if (platform === 'darwin') return '/Library/Application Support/dvc';
  if (platform === 'win32') return join(env.ProgramData || 'C:\\ProgramData', 'iterative', 'dvc');
  const [first] = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':');
  return join(first, 'dvc');
}

function userFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.DVC_GLOBAL_CONFIG_DIR) return env.DVC_GLOBAL_CONFIG_DIR;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'dvc');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'iterative', 'dvc');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'dvc');
}

function readIfExists(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new RiceError('DVC_UNUSABLE', fromFileSystemError(error, file, 'read').message, {cause: error});
  }
}

/**
 * The values of a DVC configuration file, by `section.key` in lower case. The format is INI with optional quotes, and
 * comments after `#`.
 */
function parseConfig(text: string, file: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const header = /^\[\s*(?:'([^']*)'|"([^"]*)"|([^\]'"][^\]]*))\s*\]\s*(?:#.*)?$/.exec(line);
    if (header) {
      section = (header[1] ?? header[2] ?? header[3]).trim().toLowerCase();
      return;
    }
    const setting =
      /^(?:'([^']*)'|"([^"]*)"|([^='"][^=]*?))\s*=\s*(?:'([^']*)'|"([^"]*)"|([^'"#\s][^#]*)?)\s*(?:#.*)?$/.exec(line);
    if (!setting) {
      // Other sections, for example with passwords of remotes, are ignored.
      if (!line.startsWith('[') && !USED_SECTIONS.has(section)) return;
      throw new RiceError('DVC_UNUSABLE', `${file}: line ${index + 1} is neither a section nor a setting`);
    }
    const key = (setting[1] ?? setting[2] ?? setting[3]).toLowerCase();
    values.set(`${section}.${key}`, setting[4] ?? setting[5] ?? setting[6]?.trim() ?? '');
  });
  return values;
}

function resolveCache(dir: string, file: string): string {
  if (/^\w+:\/\//.test(dir))
    throw new RiceError('DVC_UNUSABLE', `${file} sets a cache on another machine, to which rice cannot write`);
  if (isAbsolute(dir)) return dir;
  const home = /^~(?=[\\/]|$)/.exec(dir);
  return home ? join(homedir(), dir.slice(1)) : resolve(dirname(file), dir);
}
