import {createHash} from 'node:crypto';
import {defined} from '../../common/defined.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {findDuplicates} from '../../dataset/duplicates.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import {PREPARATION_VERSION} from '../../image/prepare.ts';
import {METADATA_SCHEMA, type RiceMetadata} from '../../model/metadata.ts';
import {recordInputs} from '../run/input-record.ts';
import type {BaseModel} from './base/base-model.ts';
import type {Made, TeachOptions} from './types.ts';

/** What the model file says of itself. */
export function metadataOf(
  {metadata: base, path: _}: BaseModel,
  {held, head, temperature, thresholds, fitted}: Made,
  {
    options,
    hashed,
    cache,
    wholeFrame,
    labels,
  }: {
    options: TeachOptions;
    hashed: HashedDataset;
    cache: PreparedCache;
    wholeFrame: boolean;
    labels: string[];
  },
): RiceMetadata {
  const {seed, camera, name, version} = options;
  const {dataset, digest} = hashed;
  const weights = createHash('sha256')
    .update(Float32Array.from(head.weights))
    .update(Float32Array.from(head.bias))
    .digest('hex');
  const duplicates = findDuplicates(dataset, hashed.hashes).surplus;
  return {
    schema: METADATA_SCHEMA,
    name,
    version,
    labels: [...labels],
    input: {...base.input, resize: wholeFrame ? 'whole-picture' : 'aligned-grain', preparation: PREPARATION_VERSION},
    temperature,
    unknown: thresholds,
    training: {
      network: base.training.network,
      parameters: base.training.parameters + head.weights.length + head.bias.length,
      seed,
      epochs: 0,
      dataset: {
        digest,
        images: dataset.files.length,
        labels: Object.fromEntries(
          dataset.labels.map((label, i) => [label, dataset.files.filter((file) => file.label === i).length]),
        ),
      },
      // All pictures were learnt from.
      split: {seed, fractions: {train: 1, validation: 0, test: 0}},
      device: 'cpu',
      configuration: {
        from: `${base.name} ${base.version}`,
        ...defined({camera}),
        folds: held.folds,
        groups: held.groups,
        duplicates,
        seed,
        ...fitted,
      },
      weights,
      onnxruntime: base.training.onnxruntime,
      date: new Date().toISOString(),
      inputs: recordInputs(
        cache,
        Array.from({length: cache.count}, (_, i) => i),
        cache.size,
      ),
    },
    accuracy: {validation: {images: held.images, accuracy: held.accuracy}},
  };
}
