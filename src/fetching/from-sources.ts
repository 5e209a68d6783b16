import {RiceError} from '../common/errors.ts';
import type {FetchedDataset} from './fetched.ts';
import {fetchFromSource} from './from-source.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import type {Source} from './sources/source.ts';
import type {Expectation} from './verification/expectation.ts';

/** What another source may do better; a full disk, for one, it cannot. */
const SOURCE_FAULTS: readonly string[] = [
  'DOWNLOAD_FAILED',
  'ACCESS_DENIED',
  'ARCHIVE_UNSUPPORTED',
  'ARCHIVE_DAMAGED',
  'ARCHIVE_UNSAFE',
  'ARCHIVE_TOO_LARGE',
  'DATASET_LAYOUT',
  'PATH_NOT_FOUND',
  'PATH_NOT_READABLE',
];

const TRIES_OF_SEVERAL = 1;

/**
 * Asks one source after another until one has the dataset, whole and right.
 *
 * @returns of sources that all failed, what the last one had whose proof failed, if there was one
 * @throws RiceError what a single source failed with, SOURCE_UNAVAILABLE where several did; what no source can help with;
 *   the signal's reason
 */
export async function fetchFromSources(
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const sources = request.sources.filter(({available}) => available);
  if (sources.length === 0) throw notThere(request.sources);
  const several = sources.length > 1;
  // The next source is a better hope than many more tries.
  const retries = several ? Math.min(request.retries, TRIES_OF_SEVERAL) : request.retries;
  const failures: {source: Source; error: RiceError}[] = [];
  let unproved: FetchedDataset | undefined;
  for (const source of sources) {
    events.onSource(source);
    try {
      const fetched = await fetchFromSource(source, {...request, retries}, expectation, events, signal);
      if (fetched.state !== 'unproved') return fetched;
      unproved = fetched;
      if (several) events.onNotice(`${source.title} does not have ${expectation.title}`);
    } catch (error) {
      if (!(error instanceof RiceError) || !SOURCE_FAULTS.includes(error.code) || !several) throw error;
      failures.push({source, error});
      events.onNotice(`${source.title}: ${reasonOf(error)}`);
    }
  }
  if (unproved) return unproved;
  throw unavailable(failures);
}

function notThere(sources: readonly Source[]): RiceError {
  const places = sources.map(({title, address}) => `${title}: ${address} does not exist`);
  return new RiceError('SOURCE_UNAVAILABLE', places.join('; '), {suggestions: ['Name another source with --source.']});
}

function unavailable(failures: {source: Source; error: RiceError}[]): RiceError {
  const reasons = failures.map(({source, error}) => `${source.name}: ${reasonOf(error)}`);
  return new RiceError('SOURCE_UNAVAILABLE', `no source could deliver the dataset: ${reasons.join('; ')}`, {
    cause: failures.at(-1)?.error,
  });
}

/** Without the address, which the source stands for. */
function reasonOf({message}: RiceError): string {
  return message.replace(/^cannot fetch \S+: /, '');
}
