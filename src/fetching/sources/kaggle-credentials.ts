import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Authorization} from './http-archive.ts';

/**
 * Kaggle's credentials, from the same places and in the same order as Kaggle's tools: a token in `KAGGLE_API_TOKEN` (or in
 * the file that it names) or `~/.kaggle/access_token`; a name and a key in `KAGGLE_USERNAME` and `KAGGLE_KEY` or in
 * `kaggle.json`. `KAGGLE_CONFIG_DIR` replaces `~/.kaggle`. Unreadable files are ignored.
 */
export function kaggleAuthorization(env: NodeJS.ProcessEnv, home: string): Authorization | undefined {
  const folder = env.KAGGLE_CONFIG_DIR || join(home, '.kaggle');
  return (
    bearer(tokenOf(env.KAGGLE_API_TOKEN), 'KAGGLE_API_TOKEN') ??
    bearer(readText(join(folder, 'access_token')), join(folder, 'access_token')) ??
    basic(env.KAGGLE_USERNAME, env.KAGGLE_KEY, 'KAGGLE_USERNAME with KAGGLE_KEY') ??
    fromFile(join(folder, 'kaggle.json'))
  );
}

/** The variable contains the token, or the path of a file with the token. */
function tokenOf(value: string | undefined): string | undefined {
  return value && existsSync(value) ? readText(value) : value;
}

function bearer(token: string | undefined, origin: string): Authorization | undefined {
  return token ? {header: `Bearer ${token}`, origin} : undefined;
}

function basic(name: unknown, key: unknown, origin: string): Authorization | undefined {
  if (typeof name !== 'string' || typeof key !== 'string' || name === '' || key === '') return undefined;
  return {header: `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`, origin};
}

function fromFile(path: string): Authorization | undefined {
  try {
    const {username, key} = JSON.parse(readText(path) ?? '{}') as Record<string, unknown>;
    return basic(username, key, path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
