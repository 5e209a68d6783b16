import type {Storage} from '@google-cloud/storage';
import {RiceError} from '../../../common/errors.ts';
import {fromNetworkError} from '../../download/network-error.ts';
import {ACCESS_SUGGESTIONS} from './storage-error.ts';

/** Where to ask for a token. */
const API = 'https://storage.googleapis.com';

/** Those that Node and the systems give: everything else that goes wrong with credentials is about the credentials. */
const NETWORK_CODE = /^E(?!RR_)[A-Z_]+$/;
const FILE_CODES = ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'];

export interface OpenedStorage {
  storage: Storage;
  /** What a request that the client library does not make must carry; nothing where there are no credentials. */
  authorize(): Promise<Record<string, string>>;
}

/**
 * Opens Google Cloud Storage, or the emulator that `STORAGE_EMULATOR_HOST` names. Credentials are looked for where
 * Google's tools look; where there are none, requests go without, which is enough for what is public.
 *
 * The client library does not try again by itself: whoever asks decides that, can be stopped while waiting, and says so.
 *
 * @param bucket what will be asked for
 * @param timeout seconds to wait for an answer
 * @throws RiceError ACCESS_DENIED where there are credentials that cannot be used, CONFIG_INVALID for a wrong address of
 *   the emulator; `RetryableError`
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

/** Undefined where there are no credentials; the client library then sends its requests without. */
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

/** With and without a scheme, as the client libraries of the different languages want it. */
function parseEmulator(host: string): string {
  const address = /^https?:\/\//i.test(host) ? host : `http://${host}`;
  if (URL.canParse(address)) return address.replace(/\/+$/, '');
  throw new RiceError('CONFIG_INVALID', `STORAGE_EMULATOR_HOST is no address: ${host}`, {
    suggestions: ['Set it to http://localhost:4443, or whatever the emulator says, or remove it.'],
  });
}

/** Some emulators have the API at their root, as this client expects it, others where Google has it. */
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
    // What is wrong shows in the first request.
    return real;
  }
}
