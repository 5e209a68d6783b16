import {Retries, RetryableError, type RetryOptions} from '../../download/retry.ts';

/**
 * Runs an action with retries (see `Retries`).
 *
 * @throws RiceError DOWNLOAD_FAILED after the last retry; other errors of `action`; the reason of the signal
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
