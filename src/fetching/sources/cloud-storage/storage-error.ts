import {RiceError} from '../../../common/errors.ts';
import {type Headers, retryAfter} from '../../download/http-headers.ts';
import {fromNetworkError, isTemporary} from '../../download/network-error.ts';
import {RetryableError} from '../../download/retry.ts';

export const ACCESS_SUGGESTIONS = [
  'Sign in with: gcloud auth application-default login',
  'Or name the key file of a service account in GOOGLE_APPLICATION_CREDENTIALS.',
];

export interface StorageErrorContext {
  /** What is fetched, for messages. */
  name: string;
  /** Seconds that were waited for an answer. */
  timeout: number;
}

interface ClientError extends Error {
  /** A status of HTTP, or the code of a network error. */
  code?: number | string;
  /** What kind of error `node-fetch` has thrown. */
  type?: string;
  errors?: {message?: string; reason?: string}[];
  response?: {headers?: Headers};
}

/** What the server was asked for is not there. */
export function isMissing(error: unknown): boolean {
  return Number((error as ClientError).code) === 404;
}

/** Turns what the client library throws into an error that names the reason, and tells whether to try again. */
export function fromStorageError(error: unknown, {name, timeout}: StorageErrorContext): RetryableError | RiceError {
  if (error instanceof RetryableError || error instanceof RiceError) return error;
  const {code, type, message, errors, response} = error as ClientError;
  const status = Number(code);
  const server = 'the storage';
  if (message.includes('Could not load the default credentials') || status === 401)
    return new RiceError('ACCESS_DENIED', `${name} wants credentials, and there are none that it takes`, {
      suggestions: ACCESS_SUGGESTIONS,
      cause: error,
    });
  if (status === 403)
    return new RiceError('ACCESS_DENIED', `${name} may not be read${describe(errors)}`, {
      suggestions: [
        'Ask its owner for the role Storage Object Viewer, if it is there at all.',
        `${ACCESS_SUGGESTIONS[0]} (as someone else)`,
        ACCESS_SUGGESTIONS[1],
      ],
      cause: error,
    });
  if (status === 404)
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: it does not exist`, {
      suggestions: ['Check the spelling of the bucket and of the object.'],
      cause: error,
    });
  if (isTemporary(status))
    return new RetryableError(`${server} answered ${status}`, {
      retryAfter: retryAfter(response?.headers ?? {}),
      cause: error,
    });
  if (status > 0)
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: ${server} answered ${status}${describe(errors)}`, {
      cause: error,
    });
  if (type === 'request-timeout' || type === 'body-timeout')
    return new RetryableError(`no answer from ${server} within ${timeout} s`, {cause: error});
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || type === 'invalid-json')
    return new RetryableError(`the connection to ${server} broke`, {cause: error});
  return fromNetworkError(error, {name, server, timeout});
}

/** What the server says about it, which tells for example whose credentials were used. */
function describe(errors: ClientError['errors']): string {
  const message = errors?.[0]?.message;
  return message ? `: ${message}` : '';
}
