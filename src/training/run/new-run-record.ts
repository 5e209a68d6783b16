import {availableParallelism, cpus, totalmem} from 'node:os';
import {defined} from '../../common/defined.ts';
import {packageVersion} from '../../common/package-root.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {summaryOf} from '../../dataset/corrections/summary.ts';
import {type DatasetRecord, readDatasetRecord} from '../../dataset/dataset-record.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {PARTS, type Part, type Split, splitDataset, stratify} from '../../dataset/split.ts';
import {encodeParts} from '../artifact/parts.ts';
import type {RunRecord} from './run-folder.ts';

/** The record of a run that begins. */
export function newRunRecord(
  options: Pick<RunRecord, 'name' | 'configuration' | 'settings'>,
  {dataset, hashes, digest, errors: unread}: HashedDataset,
  duplicates: number,
  images: PreparedCache,
): RunRecord {
  const {configuration, name, settings} = options;
  const split = stratify(dataset, hashes, configuration.split);
  const errors = [...unread, ...images.errors];
  const failed = new Set(errors.map(({path}) => path));
  const parts = splitDataset(dataset, hashes, split);
  const usable = (part: Part) => parts[part].filter((i) => !failed.has(dataset.files[i].path)).length;
  const counts = dataset.labels.map((label, i) => [label, dataset.files.filter((file) => file.label === i).length]);
  return {
    format: 1,
    name,
    date: new Date().toISOString(),
    configuration,
    settings,
    dataset: {
      root: dataset.root,
      digest,
      images: dataset.files.length,
      labels: Object.fromEntries(counts),
      split: {...split, images: {train: usable('train'), validation: usable('validation'), test: usable('test')}},
      ...defined({
        labelsFrom: dataset.labelsFrom,
        corrections: dataset.corrections && summaryOf(dataset.corrections),
      }),
      duplicates,
      record: matchingRecord(dataset.root, digest),
      errors,
      ...(images.withoutSingleGrain ? {withoutSingleGrain: byLabel(dataset.labels, images.withoutSingleGrain)} : {}),
    },
    versions: {rice: packageVersion(), node: process.version, onnxruntime: ''},
    machine: {
      cpu: cpus()[0]?.model ?? '',
      cores: availableParallelism(),
      memory: totalmem(),
      platform: `${process.platform}-${process.arch}`,
    },
  };
}

function byLabel<Value>(labels: readonly string[], values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(labels.map((label, i) => [label, values[i]]));
}

/** The split as the artifact needs it, which knows the prepared pictures alone. */
export function splitForArtifact(
  {dataset: {split}}: RunRecord,
  {dataset, hashes}: HashedDataset,
  images: PreparedCache,
): {split: Split; parts?: string} {
  const {images: _, ...recorded} = split;
  if (!recorded.given) return {split: recorded};
  const parts = splitDataset(dataset, hashes, recorded);
  const byPath = new Map(PARTS.flatMap((part) => parts[part].map((i) => [dataset.files[i].path, part] as const)));
  return {
    split: recorded,
    parts: encodeParts(Array.from({length: images.count}, (_, i) => byPath.get(images.path(i))!)),
  };
}

/** A record of what the folder no longer holds says nothing of the run. */
function matchingRecord(root: string, digest: string): DatasetRecord | null {
  const record = readDatasetRecord(root);
  return record?.digest === digest ? record : null;
}
