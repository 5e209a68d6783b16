import type {DatasetRecord} from '../dataset/dataset-record.ts';
import type {FetchRequest} from './request.ts';
import {type Expectation, expectDigest, expectPublished, expectSubset} from './verification/expectation.ts';
import type {PublishedDataset} from './verification/published.ts';

/** What decides which pictures are wanted. */
export type Selection = Pick<FetchRequest, 'labels' | 'subset' | 'digest'>;

/** What a source's pictures are held against, before some of them are chosen. */
export function expectationOf({digest, labels}: Selection, dataset: PublishedDataset): Expectation {
  return digest === undefined ? expectPublished(dataset, labels) : expectDigest(digest, dataset);
}

/**
 * Whether only some of what is proved is wanted: then no published digest says what they amount to. The published labels
 * have digests of their own.
 */
export function isSelection({labels, subset, digest}: Selection): boolean {
  return subset !== undefined || (labels !== undefined && digest !== undefined);
}

/** What is wanted, for people: `1,000 pictures of the published Rice Image Dataset`. */
export function titleOf({subset, labels, digest}: Selection, {title}: Expectation): string {
  const whole = labels !== undefined && digest !== undefined ? `${labels.join(', ')} of ${title}` : title;
  return subset === undefined ? whole : `${subset.count.toLocaleString('en')} pictures of ${whole}`;
}

/** Tells requests apart: two of the same key want the same pictures. */
export function keyOf({labels, subset, digest}: Selection): string {
  return JSON.stringify([
    subset?.count,
    subset?.seed,
    labels ? labels.map((label) => label.toLowerCase()).sort() : null,
    digest,
  ]);
}

/** What a record says was wanted when it was written. */
export function selectionOf({subset, only, of, digest, verified}: DatasetRecord): Selection {
  return {
    labels: only ?? undefined,
    subset: subset ?? undefined,
    digest: verified === 'expected' ? (of ?? digest) : undefined,
  };
}

/** What a recorded dataset is held against: what is published of it as far as that reaches, and its own digest. */
export function recordedExpectation(record: DatasetRecord, dataset: PublishedDataset): Expectation {
  const {subset, only, digest, verified} = record;
  if (verified !== 'published') return {...expectDigest(digest, dataset), title: 'what dataset.json says of it'};
  if (subset) return expectSubset(dataset, {subset, only: only ?? undefined, digest});
  return expectPublished(dataset, only ?? undefined);
}
