import {homedir} from 'node:os';
import {isAbsolute, join, resolve} from 'node:path';

/**
 * The cache folder: `RICE_CACHE_DIR`, else `rice` in `XDG_CACHE_HOME`, else the default of the system (`~/.cache/rice`,
 * `~/Library/Caches/rice`, `%LOCALAPPDATA%\rice\Cache`). It may not exist yet.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.RICE_CACHE_DIR) return resolve(env.RICE_CACHE_DIR);
  // The XDG specification says that relative paths must be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'rice');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'rice');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'rice', 'Cache');
  return join(home, '.cache', 'rice');
}
