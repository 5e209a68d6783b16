import {type Expectation, expectDigest, expectPublished} from '../proof/expectation.ts';
import {RICE_IMAGE_DATASET} from '../proof/published.ts';
import type {FetchRequest} from './request.ts';

/** What a source's pictures are held against, before a subset of them is drawn. */
export function expectationOf({digest, labels}: Pick<FetchRequest, 'digest' | 'labels'>): Expectation {
  return digest === undefined ? expectPublished(RICE_IMAGE_DATASET, labels) : expectDigest(digest, RICE_IMAGE_DATASET);
}

/** The names that a record gives the two kinds of expectations. */
export function verifiedBy({digest}: Pick<FetchRequest, 'digest'>): 'published' | 'expected' {
  return digest === undefined ? 'published' : 'expected';
}
