import type {DatasetRecord} from '../dataset/dataset-record.ts';
import type {FetchRequest} from './request.ts';
import {type Expectation, expectDigest, expectPublished, expectSubset} from './verification/expectation.ts';
import type {PublishedDataset} from './verification/published.ts';

/** The part of a request that decides which pictures to fetch. */
export type Selection = Pick<FetchRequest, 'labels' | 'subset' | 'digest'>;

/** What all pictures of a source must match, before some of them are selected. */
export function expectationOf({digest, labels}: Selection, dataset: PublishedDataset): Expectation {
  return digest === undefined ? expectPublished(dataset, labels) : expectDigest(digest, dataset);
}

/**
 * Whether only a part of the verified pictures is fetched, for which there is no published digest. Published labels have
 * their own digests.
 */
export function isSelection({labels, subset, digest}: Selection): boolean {
  return subset !== undefined || (labels !== undefined && digest !== undefined);
}

/** The requested pictures, for people: `1,000 pictures of the published Rice Image Dataset`. */
export function titleOf({subset, labels, digest}: Selection, {title}: Expectation): string {
  const whole = labels !== undefined && digest !== undefined ? `${labels.join(', ')} of ${title}` : title;
  return subset === undefined ? whole : `${subset.count.toLocaleString('en')} pictures of ${whole}`;
}

/** Identifies a request: two with the same key fetch the same pictures. */
export function keyOf({labels, subset, digest}: Selection): string {
  return JSON.stringify([
    subset?.count,
    subset?.seed,
    labels ? labels.map((label) => label.toLowerCase()).sort() : null,
    digest,
  ]);
}

/** The selection that a record describes. */
export function selectionOf({subset, only, of, digest, verified}: DatasetRecord): Selection {
  return {
    labels: only ?? undefined,
    subset: subset ?? undefined,
    digest: verified === 'expected' ? (of ?? digest) : undefined,
  };
}

/** What a recorded dataset must match: the published digests as far as they apply, and its own digest. */
export function recordedExpectation(record: DatasetRecord, dataset: PublishedDataset): Expectation {
  const {subset, only, digest, verified} = record;
  if (verified !== 'published') return {...expectDigest(digest, dataset), title: 'what dataset.json says of it'};
  if (subset) return expectSubset(dataset, {subset, only: only ?? undefined, digest});
  return expectPublished(dataset, only ?? undefined);
}
