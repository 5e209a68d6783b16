/** How calls are repeated. */
export interface Repetition {
  /** Milliseconds of calls that count; at least one call is made. */
  milliseconds: number;
  /** Milliseconds of calls before that, which do not count: code is compiled, memory is taken. */
  warmUp: number;
  /** Calls in flight at any time. */
  atOnce: number;
  now?: () => number;
  /** Milliseconds of processor time that this process took, in all of its threads. */
  processor?: () => number;
}

export interface Calls {
  /** Milliseconds of each call. */
  durations: number[];
  perSecond: number;
  /** Milliseconds of processor time for each call. */
  processor: number;
}

/** Calls before any counts, however long they take. */
const WARM_CALLS = 2;

/**
 * Makes one call after the other for a time, in as many lanes as calls may be in flight.
 *
 * @param call given a number that counts up
 */
export async function measureCalls(
  call: (index: number) => Promise<unknown>,
  {milliseconds, warmUp, atOnce, now = () => performance.now(), processor = ownTime}: Repetition,
): Promise<Calls> {
  let next = 0;
  const repeat = async (time: number, least: number) => {
    const durations: number[] = [];
    const begin = now();
    let end = begin;
    while (durations.length < least || end - begin < time) {
      const before = now();
      await call(next++);
      end = now();
      durations.push(end - before);
    }
    return {durations, elapsed: end - begin};
  };
  const inLanes = (time: number, least: number) => Promise.all(Array.from({length: atOnce}, () => repeat(time, least)));
  await inLanes(warmUp, WARM_CALLS);
  const before = processor();
  const lanes = await inLanes(milliseconds, 1);
  const durations = lanes.flatMap((lane) => lane.durations);
  return {
    durations,
    processor: (processor() - before) / durations.length,
    // Of each lane by its own time: they do not end at once.
    perSecond: lanes.reduce((sum, {durations, elapsed}) => sum + (1000 * durations.length) / elapsed, 0),
  };
}

function ownTime(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
}
