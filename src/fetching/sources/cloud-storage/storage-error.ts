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
  /** The timeout for an answer, in seconds. */
  timeout: number;
}

interface ClientError extends Error {
  /** An HTTP status, or the code of a network error. */
  code?: number | string;
  /** The error type of `node-fetch`. */
  type?: string;
  errors?: {message?: string; reason?: string}[];
  response?: {headers?: Headers};
}

/** Whether the requested object or bucket does not exist. */
export function isMissing(error: unknown): boolean {
  return Number((error as ClientError).code) === 404;
}

/** Turns an error of the client library into one with the reason; `RetryableError` if a retry may help. */
export function fromStorageError(error: unknown, {name, timeout}: StorageErrorContext): RetryableError | RiceError {
  if (error instanceof RetryableError || error instanceof RiceError) return error;
  const {code, type, message, errors, response} = error as ClientError;
  const status = Number(code);
  const server = 'the storage';
  if (message.includes('Could not load the default credentials') || status === 401)
    return new RiceError('ACCESS_DENIED', `${name} requires credentials, and there are no valid ones`, {
      suggestions: ACCESS_SUGGESTIONS,
      cause: error,
    });
  if (status === 403)
    return new RiceError('ACCESS_DENIED', `no permission to read ${name}${describe(errors)}`, {
      suggestions: [
        'Check that it exists, and ask its owner for the role Storage Object Viewer.',
        `${ACCESS_SUGGESTIONS[0]} (with another account)`,
        ACCESS_SUGGESTIONS[1],
      ],
      cause: error,
    });
  if (status === 404)
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: it does not exist`, {
      suggestions: ['Check the spelling of the bucket and the object.'],
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

/** The message of the server, which names for example the account that was used. */
function describe(errors: ClientError['errors']): string {
  const message = errors?.[0]?.message;
  return message ? `: ${message}` : '';
}
