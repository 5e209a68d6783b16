import type {Storage} from '@google-cloud/storage';
import {RiceError} from '../../../common/errors.ts';
import {fromNetworkError} from '../../download/network-error.ts';
import {ACCESS_SUGGESTIONS} from './storage-error.ts';

/** The URL for which to request a token. */
const API = 'https://storage.googleapis.com';

/** Error codes of Node and the system; all other errors of the credentials library are about the credentials. */
const NETWORK_CODE = /^E(?!RR_)[A-Z_]+$/;
const FILE_CODES = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'];

export interface OpenedStorage {
  storage: Storage;
  /** Headers for requests that do not use the client library; empty without credentials. */
  authorize(): Promise<Record<string, string>>;
}

/**
 * Opens Google Cloud Storage, or the emulator that `STORAGE_EMULATOR_HOST` names. It uses the credentials of Google's tools,
 * or none, which is enough for public content.
 *
 * The retries of the client library are turned off: the callers retry, so that the user is informed and can stop.
 *
 * @param bucket the bucket to open
 * @param timeout seconds to wait for an answer
 * @throws RiceError ACCESS_DENIED for unusable credentials, CONFIG_INVALID for an invalid address of the emulator;
 *   `RetryableError`
 */
export async function openStorage(bucket: string, timeout: number, signal: AbortSignal): Promise<OpenedStorage> {
  const {Storage} = await import('@google-cloud/storage');
  const storage = new Storage({retryOptions: {autoRetry: false}, timeout: timeout * 1000});
  const emulator = process.env.STORAGE_EMULATOR_HOST;
  if (emulator) {
    storage.baseUrl = await findEmulatorApi(parseEmulator(emulator), bucket, timeout, signal);
    return {storage, authorize: async () => ({})};
  }
  const authorize = () => requestHeaders(storage, timeout);
  const hasCredentials = (await authorize()) !== undefined;
  return {storage, authorize: async () => (hasCredentials ? ((await authorize()) ?? {}) : {})};
}

/** Undefined without credentials; the client library then sends its requests without them. */
async function requestHeaders({authClient}: Storage, timeout: number): Promise<Record<string, string> | undefined> {
  try {
    return await authClient.getRequestHeaders(API);
  } catch (error) {
    const {message, code} = error as NodeJS.ErrnoException;
    if (message.includes('Could not load the default credentials')) return undefined;
    if (NETWORK_CODE.test(String(code ?? '')) && !FILE_CODES.includes(String(code)))
      throw fromNetworkError(error, {name: 'credentials for Google Cloud', server: 'oauth2.googleapis.com', timeout});
    throw new RiceError('ACCESS_DENIED', `the credentials for Google Cloud cannot be used: ${message}`, {
      suggestions: ACCESS_SUGGESTIONS,
      cause: error,
    });
  }
}

/** Accepts the address with and without a scheme, because the client libraries of other languages differ. */
function parseEmulator(host: string): string {
  const address = /^https?:\/\//i.test(host) ? host : `http://${host}`;
  if (URL.canParse(address)) return address.replace(/\/+$/, '');
  throw new RiceError('CONFIG_INVALID', `STORAGE_EMULATOR_HOST is not a valid address: ${host}`, {
    suggestions: ['Set it to the address of the emulator, such as http://localhost:4443, or unset it.'],
  });
}

/** Some emulators have the API at their root, as this client expects, others at Google's path. */
async function findEmulatorApi(host: string, bucket: string, timeout: number, signal: AbortSignal): Promise<string> {
  const real = `${host}/storage/v1`;
  if (new URL(host).pathname !== '/') return host;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]);
    const answer = await fetch(`${host}/b/${encodeURIComponent(bucket)}/o?maxResults=1`, {signal: limit});
    await answer.body?.cancel();
    if (answer.status !== 404) return host;
    const other = await fetch(`${real}/b/${encodeURIComponent(bucket)}/o?maxResults=1`, {signal: limit});
    await other.body?.cancel();
    return other.status === 404 ? host : real;
  } catch {
    signal.throwIfAborted();
    // The first request will report the error.
    return real;
  }
}
