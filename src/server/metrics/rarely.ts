/** Milliseconds in which calls are counted, and for which a result may be used again. */
const PERIOD = 1000;
/** Calls in a period that are made: more than scrapers make, less than keeps a processor busy. */
const MAX_CALLS = 30;

/**
 * A function that calls another at most 30 times a second; further callers get the last result, which is at most a second
 * old. Whoever asks at a usual pace gets what is true now.
 *
 * @param clock gives milliseconds
 */
export function rarely<T>(make: () => Promise<T>, clock = () => performance.now()): () => Promise<T> {
  let [since, calls] = [Number.NEGATIVE_INFINITY, 0];
  let last: Promise<T> | undefined;
  return () => {
    if (clock() - since >= PERIOD) [since, calls] = [clock(), 0];
    if (last === undefined || calls < MAX_CALLS) {
      calls++;
      last = make();
    }
    return last;
  };
}
