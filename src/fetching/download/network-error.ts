import {RiceError} from '../../common/errors.ts';
import {RetryableError} from './retry.ts';

export interface NetworkContext {
  /** What is fetched, for messages. */
  name: string;
  /** The server of the request. */
  server: string;
  /** Seconds. */
  timeout: number;
}

/** Certificate errors, for which a retry is pointless. */
const CERTIFICATE =
  /^(CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** Whether a status means a temporary problem or overload of a server or proxy. */
export function isTemporary(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Turns an error of an HTTP client into one with the reason; `RetryableError` if a retry may help. */
export function fromNetworkError(error: unknown, context: NetworkContext): RetryableError | RiceError {
  if (error instanceof RetryableError || error instanceof RiceError) return error;
  const {code = '', message, reason = message} = innermost(error);
  const {name, server} = context;
  const fail = (reason: string, suggestions?: string[]) =>
    new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: ${reason}`, {
      cause: error,
      ...(suggestions ? {suggestions} : {}),
    });
  const proxyStatus = /Proxy response \((\d+)\)|Proxy Authentication Required \((407)\)/.exec(message);
  if (proxyStatus) return fromProxyStatus(Number(proxyStatus[1] ?? proxyStatus[2]), context, error);
  if (CERTIFICATE.test(code))
    return fail(`the certificate of ${server} is not trusted: ${message}`, [
      'If your network intercepts encrypted connections, name its certificate in NODE_EXTRA_CA_CERTS.',
    ]);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code === 'UND_ERR_PRX_TLS')
    return fail(`no encrypted connection to ${server} is possible: ${reason.trim()}`);
  if (code === 'UND_ERR_INVALID_ARG') return fail(message);
  return new RetryableError(reasonOf(innermost(error), context), {cause: error});
}

/** @param error the error that contains the status of the proxy */
export function fromProxyStatus(
  status: number,
  {name}: Pick<NetworkContext, 'name'>,
  error?: unknown,
): RetryableError | RiceError {
  if (isTemporary(status)) return new RetryableError(`the proxy answered ${status}`, {cause: error});
  if (status !== 407)
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: the proxy answered ${status}`, {cause: error});
  return new RiceError('ACCESS_DENIED', `cannot fetch ${name}: the proxy requires valid credentials (407)`, {
    suggestions: ['Set them in http_proxy and https_proxy: http://user:password@proxy:port'],
    cause: error,
  });
}

interface NetworkError {
  code?: string;
  message: string;
  /** The reason of OpenSSL, without file names and numbers. */
  reason?: string;
  hostname?: string;
  address?: string;
  port?: number;
}

function reasonOf({code, message, hostname, address, port}: NetworkError, {server, timeout}: NetworkContext): string {
  switch (code) {
    case 'ENOTFOUND':
      return `there is no server with the name ${hostname ?? server}`;
    case 'EAI_AGAIN':
      return `the name ${hostname ?? server} cannot be looked up at the moment`;
    case 'ECONNREFUSED':
      // The address is that of the proxy if the proxy refused.
      return `${address === undefined ? server : `${address}:${port}`} refused the connection`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return `${server} is not reachable over the network`;
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'ETIMEDOUT':
      return `no answer from ${server} within ${timeout} s`;
    case 'UND_ERR_BODY_TIMEOUT':
      return `${server} sent nothing more for ${timeout} s`;
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection to ${server} broke`;
    default:
      // The parser's message for a body of unknown length that breaks off.
      if (message.includes('Invalid EOF state')) return `the connection to ${server} broke`;
      return `the connection to ${server} failed: ${message}`;
  }
}

/** A name with several addresses has an error for each, and some errors only wrap another one. */
function innermost(error: unknown): NetworkError {
  const {errors, cause} = error as {errors?: unknown[]; cause?: unknown};
  if (errors?.length) return innermost(errors[0]);
  if ((error as NetworkError).code === 'UND_ERR_PRX_TLS' && cause instanceof Error) return innermost(cause);
  return error instanceof Error ? error : {message: String(error)};
}
