import {round} from '../../common/round.ts';
import type {DatasetRecord} from '../../dataset/dataset-record.ts';
import type {FetchedDataset} from '../../fetching/fetched.ts';

interface DocumentOptions {
  seconds: number;
  subset: DatasetRecord['subset'] | {count: number; seed: number} | undefined;
  citations: readonly string[];
  licence: string;
}

/** What `rice fetch-data --json` prints. */
export function fetchDocument(fetched: FetchedDataset, {seconds, subset, citations, licence}: DocumentOptions) {
  const {duplicates, dvc, title: expected, ...rest} = fetched;
  return {
    ...rest,
    expected,
    duplicates: duplicates.map(({paths}) => paths),
    ...(subset ? {subset} : {}),
    ...(dvc ? {dvc: {file: dvc.file, cache: dvc.cache, repository: dvc.repository}} : {}),
    citations,
    licence,
    seconds: round(seconds, 3),
  };
}
