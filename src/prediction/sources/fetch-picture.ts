import {RiceError} from '../../common/errors.ts';
import type {Zone} from '../../common/network-zone.ts';
import {shownAddress} from '../../common/shown-address.ts';
import {MAX_FILE_BYTES} from '../../dataset/read-file.ts';
import {fetchFollowing} from './follow-redirects.ts';

export interface FetchOptions {
  /** Milliseconds for the whole download. */
  timeout?: number;
  /** The largest number of bytes. */
  limit?: number;
  signal?: AbortSignal | undefined;
  /** The zone of an IP address; the real one if omitted. */
  toZone?: ((address: string) => Zone) | undefined;
}

export function isAddress(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * Downloads a picture over http or https, following redirects (see `fetchFollowing`). Messages show neither passwords nor
 * tokens.
 *
 * @throws RiceError DOWNLOAD_FAILED with the status or the reason, IMAGE_TOO_LARGE above the limit
 */
export async function fetchPicture(
  address: string,
  {timeout = 30_000, limit = MAX_FILE_BYTES, signal, toZone}: FetchOptions = {},
): Promise<Uint8Array> {
  try {
    const signals = [AbortSignal.timeout(timeout), ...(signal ? [signal] : [])];
    const request = {signal: AbortSignal.any(signals), headers: {accept: 'image/*'}, toZone};
    const response = await fetchFollowing(address, request);
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(address, `the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    return await readBody(response, limit, address);
  } catch (error) {
    throw error instanceof RiceError ? error : failed(address, reasonOf(error, timeout), error);
  }
}

async function readBody(response: Response, limit: number, address: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit)
      throw new RiceError(
        'IMAGE_TOO_LARGE',
        `${shownAddress(address)} has more than ${limit.toLocaleString('en')} bytes`,
      );
  }
  const contentLength = Number(response.headers.get('content-length') ?? bytes);
  // Content-Length is the length of a compressed body before decoding.
  if (bytes < contentLength && !response.headers.get('content-encoding'))
    throw failed(address, `the connection ended after ${bytes} of ${contentLength} bytes`);
  return Buffer.concat(chunks);
}

function failed(address: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${shownAddress(address)}: ${reason}`, {cause});
}

/** The message of `fetch` is only "fetch failed"; the cause has the reason. */
function reasonOf(error: unknown, timeout: number): string {
  const {name, message, cause} = error as Error & {cause?: NodeJS.ErrnoException};
  if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL') return 'it is not a valid URL';
  if (name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  if (cause?.code === 'ENOTFOUND') return 'there is no server with this name';
  if (cause?.code === 'ECONNREFUSED') return 'the server refused the connection';
  return cause?.message || message;
}
