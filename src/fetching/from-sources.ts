import {RiceError} from '../common/errors.ts';
import type {FetchedDataset} from './fetched.ts';
import {fetchFromSource} from './from-source.ts';
import type {FetchEvents, FetchRequest} from './request.ts';
import type {Source} from './sources/source.ts';
import type {Expectation} from './verification/expectation.ts';

/** Errors after which the next source is tried; a full disk, for example, is not among them. */
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

const RETRIES_WITH_SEVERAL_SOURCES = 1;

/**
 * Tries the sources in order until one has the expected dataset.
 *
 * @returns the dataset; if all sources failed, the last result with a failed verification, if any
 * @throws RiceError the error of a single source, SOURCE_UNAVAILABLE if several failed; errors for which another source
 *   does not help; the reason of the signal
 */
export async function fetchFromSources(
  request: FetchRequest,
  expectation: Expectation,
  events: FetchEvents,
  signal: AbortSignal,
): Promise<FetchedDataset> {
  const sources = request.sources.filter(({available}) => available);
  if (sources.length === 0) throw noneAvailable(request.sources);
  const several = sources.length > 1;
  // Trying the next source is more promising than many retries.
  const retries = several ? Math.min(request.retries, RETRIES_WITH_SEVERAL_SOURCES) : request.retries;
  const failures: {source: Source; error: RiceError}[] = [];
  let mismatch: FetchedDataset | undefined;
  for (const source of sources) {
    events.onSource(source);
    try {
      const fetched = await fetchFromSource(source, {...request, retries}, expectation, events, signal);
      if (fetched.state !== 'unproved') return fetched;
      mismatch = fetched;
      if (several) events.onNotice(`${source.title} does not have ${expectation.title}`);
    } catch (error) {
      if (!(error instanceof RiceError) || !SOURCE_FAULTS.includes(error.code) || !several) throw error;
      failures.push({source, error});
      events.onNotice(`${source.title}: ${reasonOf(error)}`);
    }
  }
  if (mismatch) return mismatch;
  throw unavailable(failures);
}

function noneAvailable(sources: readonly Source[]): RiceError {
  const places = sources.map(({title, address}) => `${title}: ${address} does not exist`);
  return new RiceError('SOURCE_UNAVAILABLE', places.join('; '), {suggestions: ['Name another source with --source.']});
}

function unavailable(failures: {source: Source; error: RiceError}[]): RiceError {
  const reasons = failures.map(({source, error}) => `${source.name}: ${reasonOf(error)}`);
  return new RiceError('SOURCE_UNAVAILABLE', `no source could deliver the dataset: ${reasons.join('; ')}`, {
    cause: failures.at(-1)?.error,
  });
}

/** The message without the address, because the name of the source identifies it. */
function reasonOf({message}: RiceError): string {
  return message.replace(/^cannot fetch \S+: /, '');
}
