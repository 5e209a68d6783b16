import {byCodePoint} from '../../common/code-point-order.ts';
import {chooseSubset, type Subset} from '../unpack/choose-files.ts';
import {digestsOf, readFileList} from './file-list.ts';
import {type KnownDigests, readKnownDigests} from './known-digests.ts';
import {type PublishedDataset, publishedPaths} from './published.ts';

/** What a copy of a dataset must match. */
export interface Expectation {
  /** For people: `the published Rice Image Dataset`. */
  title: string;
  /** DVC's digest of all pictures; undefined if the digests of the labels are used instead. */
  digest: string | undefined;
  /** DVC's digests of the label folders, as far as they are known. */
  labels: Readonly<Record<string, string>>;
  /** All paths, if they are known. */
  paths: ReadonlySet<string> | undefined;
  /** The digests of single files, if they are known. */
  digests: KnownDigests | undefined;
  /** Other files that belong to the dataset. */
  companions: readonly string[];
}

/** Adds paths and digests of single files from the cache, if the files of the expected digest are known. */
export function withFileList(expectation: Expectation, cacheDir: string): Expectation {
  const list = expectation.digest === undefined ? undefined : readFileList(cacheDir, expectation.digest);
  if (!list) return expectation;
  const {paths = new Set(list.keys()), digests} = expectation;
  const listed = digestsOf(list);
  const isOther = (path: string, md5: string) => listed.isOther(path, md5) || (digests?.isOther(path, md5) ?? false);
  return {...expectation, paths, digests: {isOther}};
}

/** The whole published dataset, or some of its labels. */
export function expectPublished(dataset: PublishedDataset, only: readonly string[] | undefined): Expectation {
  const labels = Object.keys(dataset.labels).filter((label) => only?.includes(label) ?? true);
  const whole = labels.length === Object.keys(dataset.labels).length;
  return {
    title: whole ? `the published ${dataset.name}` : `${labels.join(', ')} of the published ${dataset.name}`,
    digest: whole ? dataset.digest : undefined,
    labels: Object.fromEntries(labels.map((label) => [label, dataset.labels[label].digest])),
    paths: new Set(publishedPaths(dataset, labels)),
    digests: readKnownDigests(dataset),
    companions: dataset.companions,
  };
}

/** A subset of the published dataset with the digest that was recorded when it was fetched. */
export function expectSubset(
  dataset: PublishedDataset,
  {subset, only, digest}: {subset: Subset; only: readonly string[] | undefined; digest: string},
): Expectation {
  const whole = expectPublished(dataset, only);
  const paths = [...whole.paths!].sort(byCodePoint);
  const files = paths.map((path) => ({path, label: path.slice(0, path.indexOf('/'))}));
  const chosen = chooseSubset({files, labels: Object.keys(whole.labels)}, subset);
  return {
    ...whole,
    title: `the subset of ${subset.count} pictures, seed ${subset.seed}, of ${whole.title}`,
    digest,
    labels: {},
    paths: new Set([...chosen].map((index) => paths[index])),
  };
}

/** Any dataset with this digest. */
export function expectDigest(digest: string, {companions}: PublishedDataset): Expectation {
  return {title: 'the dataset that was expected', digest, labels: {}, paths: undefined, digests: undefined, companions};
}
