import {Retries, RetryableError, type RetryOptions} from '../../download/retry.ts';

/**
 * Does something until it goes well, with waits between the tries.
 *
 * @throws RiceError DOWNLOAD_FAILED after the last try; what else `action` throws; the signal's reason
 */
export async function retrying<T>(options: RetryOptions, action: () => Promise<T>): Promise<T> {
  const retries = new Retries(options);
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      await retries.wait(error);
    }
  }
}
