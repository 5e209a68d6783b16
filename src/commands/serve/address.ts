import {RiceError} from '../../common/errors.ts';
import {SERVER_DEFAULTS} from '../../server/settings.ts';

/**
 * Where to listen: flags, else the variables `PORT` and `HOST` that platforms set. A platform that names the port means the
 * machine's outer address; nobody else's network is opened unasked.
 *
 * @throws RiceError CONFIG_INVALID where `PORT` is no port
 */
export function listeningAddress(
  flags: {host: string | undefined; port: number | undefined},
  env: NodeJS.ProcessEnv,
): {host: string; port: number} {
  const named = flags.port === undefined && env.PORT ? portOf(env.PORT) : undefined;
  return {
    host: flags.host ?? (env.HOST || (named === undefined ? '127.0.0.1' : '0.0.0.0')),
    port: flags.port ?? named ?? SERVER_DEFAULTS.port,
  };
}

/** The key that `RICE_API_KEY` asks requests for. @throws RiceError CONFIG_INVALID where it is set, but empty */
export function apiKeyFrom(env: NodeJS.ProcessEnv): {apiKey?: string} {
  const {RICE_API_KEY: apiKey} = env;
  if (apiKey === undefined) return {};
  if (apiKey.trim() !== '') return {apiKey: apiKey.trim()};
  throw new RiceError('CONFIG_INVALID', 'RICE_API_KEY is set, but empty: everybody would be let in', {
    suggestions: ['Set it to a key, or unset it.'],
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new RiceError('CONFIG_INVALID', `PORT: expected a port, got "${text}"`, {
    suggestions: ['Set it to a whole number from 0 to 65535, or unset it.'],
  });
}
