import {RiceError} from '../../common/errors.ts';
import {isLoopback} from '../../server/http/host.ts';
import {SERVER_DEFAULTS} from '../../server/settings.ts';

/**
 * Where to listen: the flags, else the variables `PORT` and `HOST`, which hosting platforms set. A platform that sets
 * `PORT` expects 0.0.0.0; otherwise the server is only reachable from this machine.
 *
 * @throws RiceError CONFIG_INVALID if `PORT` is not a port
 */
export function listeningAddress(
  flags: {host: string | undefined; port: number | undefined},
  env: NodeJS.ProcessEnv,
): {host: string; port: number} {
  const platformPort = flags.port === undefined && env.PORT ? parsePort(env.PORT) : undefined;
  return {
    host: flags.host ?? (env.HOST || (platformPort === undefined ? '127.0.0.1' : '0.0.0.0')),
    port: flags.port ?? platformPort ?? SERVER_DEFAULTS.port,
  };
}

/** The API key in `RICE_API_KEY`, which requests must send. @throws RiceError CONFIG_INVALID if it is set, but empty */
export function apiKeyFrom(env: NodeJS.ProcessEnv): {apiKey?: string} {
  const {RICE_API_KEY: apiKey} = env;
  if (apiKey === undefined) return {};
  if (apiKey.trim() !== '') return {apiKey: apiKey.trim()};
  throw new RiceError('CONFIG_INVALID', 'RICE_API_KEY is set, but empty: the server would accept every request', {
    suggestions: ['Set it to a key, or unset it.'],
  });
}

/**
 * The host names that requests may ask for, beside addresses and localhost; absent for any. Without a key, and
 * with nobody but this machine to reach the server, a foreign name can only be the trick of a web page.
 */
export function allowedHostsOf(
  names: readonly string[] | undefined,
  {host, apiKey}: {host: string; apiKey?: string},
): {allowedHosts?: readonly string[]} {
  if (names !== undefined) return {allowedHosts: names};
  return apiKey === undefined && isLoopback(host) ? {allowedHosts: []} : {};
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new RiceError('CONFIG_INVALID', `PORT: expected a port, got "${text}"`, {
    suggestions: ['Set it to a whole number from 0 to 65535, or unset it.'],
  });
}
