import type {Dispatcher} from 'undici';
import {RiceError} from '../../common/errors.ts';

/**
 * Connects to servers, through the proxies in `http_proxy`, `https_proxy` and `no_proxy` (or the upper-case names).
 *
 * @param timeout seconds for a connection, and for a proxy to make one
 * @param keepAlive reuse connections, for many small files of one server; each must be read to its end
 * @throws RiceError CONFIG_INVALID if a variable is not a valid URL
 */
export async function openConnector(
  timeout: number,
  env: NodeJS.ProcessEnv = process.env,
  keepAlive = false,
): Promise<Dispatcher> {
  // Bundling loses the named exports of a CommonJS package.
  const {EnvHttpProxyAgent, Pool} = (await import('undici')).default;
  const connect = {timeout: timeout * 1000};
  return new EnvHttpProxyAgent({
    ...proxy('httpProxy', env, 'http_proxy'),
    ...proxy('httpsProxy', env, 'https_proxy'),
    connect,
    proxyTls: connect,
    requestTls: connect,
    // Many proxies support tunnels only for https.
    proxyTunnel: false,
    // One connection per request, because an unread body would block the next request.
    pipelining: keepAlive ? 1 : 0,
    clientFactory: (origin, options) => new Pool(origin, {...options, headersTimeout: timeout * 1000}),
  });
}

function proxy<K extends string>(key: K, env: NodeJS.ProcessEnv, lowerCase: string): {[name in K]?: string} {
  const name = env[lowerCase] === undefined ? lowerCase.toUpperCase() : lowerCase;
  const value = env[name];
  if (!value) return {};
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address)) throw new RiceError('CONFIG_INVALID', `${name} is not the URL of a proxy`);
  return {[key]: address} as {[name in K]?: string};
}
