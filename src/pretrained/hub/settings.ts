import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';

const ENDPOINT = 'https://huggingface.co';

export interface HubSettings {
  /** Without a slash at the end. */
  endpoint: string;
  /** The folder that Python's huggingface_hub uses as well. */
  cache: string;
  offline: boolean;
  /** False: links in the cache are not symbolic ones. */
  symlinks: boolean;
  /** An access token, and where it is from, for people. */
  token: {value: string; origin: string} | undefined;
}

/**
 * The settings of the hub, from the variables of huggingface_hub: `HF_ENDPOINT`, `HF_HOME`, `HF_HUB_CACHE`, `HF_HUB_OFFLINE`,
 * `HF_HUB_DISABLE_SYMLINKS`, `HF_TOKEN`, `HF_TOKEN_PATH`; without a variable, the token is that of `hf auth login`.
 *
 * @throws RiceError CONFIG_INVALID
 */
export function hubSettings(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): HubSettings {
  const folder = env.HF_HOME || join(env.XDG_CACHE_HOME || join(home, '.cache'), 'huggingface');
  return {
    endpoint: checkEndpoint((env.HF_ENDPOINT || ENDPOINT).replace(/\/+$/, '')),
    cache: expand(env.HF_HUB_CACHE || join(folder, 'hub'), home),
    offline: isTrue(env.HF_HUB_OFFLINE),
    symlinks: !isTrue(env.HF_HUB_DISABLE_SYMLINKS),
    token: env.HF_TOKEN
      ? {value: env.HF_TOKEN.trim(), origin: 'HF_TOKEN'}
      : savedToken(expand(env.HF_TOKEN_PATH || join(folder, 'token'), home)),
  };
}

function checkEndpoint(endpoint: string): string {
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint;
  throw new RiceError('CONFIG_INVALID', 'HF_ENDPOINT is not an http or https URL');
}

function savedToken(path: string): HubSettings['token'] {
  try {
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? undefined : {value, origin: path};
  } catch {
    return undefined;
  }
}

function expand(path: string, home: string): string {
  return path.replace(/^~(?=[/\\]|$)/, home);
}

function isTrue(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}
