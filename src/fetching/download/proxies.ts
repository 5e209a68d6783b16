import type {Dispatcher} from 'undici';
import {RiceError} from '../../common/errors.ts';

/**
 * What connects to servers, by way of the proxies that `http_proxy`, `https_proxy` and `no_proxy` (or their upper-case
 * names) ask for.
 *
 * @param timeout seconds for a connection, and for a proxy to make one
 * @param keepAlive use a connection again, for many small files of one server; each must be read to its end
 * @throws RiceError CONFIG_INVALID where a variable holds no address
 */
export async function openConnector(
  timeout: number,
  env: NodeJS.ProcessEnv = process.env,
  keepAlive = false,
): Promise<Dispatcher> {
  // Named exports of a CommonJS package are lost when it is bundled.
  const {EnvHttpProxyAgent, Pool} = (await import('undici')).default;
  const connect = {timeout: timeout * 1000};
  return new EnvHttpProxyAgent({
    ...proxy('httpProxy', env, 'http_proxy'),
    ...proxy('httpsProxy', env, 'https_proxy'),
    connect,
    proxyTls: connect,
    requestTls: connect,
    // Many proxies make tunnels for https alone.
    proxyTunnel: false,
    // One connection a request: a body that is left unread must not be in the way of the next one.
    pipelining: keepAlive ? 1 : 0,
    clientFactory: (origin, options) => new Pool(origin, {...options, headersTimeout: timeout * 1000}),
  });
}

function proxy<K extends string>(key: K, env: NodeJS.ProcessEnv, lowerCase: string): {[name in K]?: string} {
  const name = env[lowerCase] === undefined ? lowerCase.toUpperCase() : lowerCase;
  const value = env[name];
  if (!value) return {};
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address)) throw new RiceError('CONFIG_INVALID', `${name} holds no address of a proxy`);
  return {[key]: address} as {[name in K]?: string};
}
