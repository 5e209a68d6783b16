import {basename} from 'node:path';
import type {Json} from '../../common/json-value.ts';
import {toYaml} from '../../common/yaml.ts';
import type {CardFacts, PartResult} from './facts.ts';

/** What a card cannot read from a model. */
export interface Publication {
  /** The license of the model, as SPDX names it: `MIT`. */
  license?: string;
  /** The datasets on the hub that it was trained with: `owner/name`. */
  datasets?: readonly string[];
  /** The model on the hub that this one was trained from: `owner/name`. */
  baseModel?: string;
}

/** Licenses that Hugging Face lists (https://huggingface.co/docs/hub/repositories-licenses); any other is "other". */
const LISTED_LICENSES = new Set(
  'apache-2.0 mit openrail bsd-2-clause bsd-3-clause cc0-1.0 cc-by-4.0 cc-by-sa-4.0 cc-by-nc-4.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-nc-nd-4.0 gpl-2.0 gpl-3.0 lgpl-2.1 lgpl-3.0 agpl-3.0 mpl-2.0 epl-2.0 eupl-1.2 isc zlib unlicense unknown'.split(
    ' ',
  ),
);

/**
 * The YAML at the head of a card, from which Hugging Face knows what a model is
 * (https://huggingface.co/docs/hub/model-cards), between its dashes.
 */
export function frontMatter(facts: CardFacts, {license, datasets = [], baseModel}: Publication): string {
  const document: {[key: string]: Json} = {
    ...(license === undefined ? {} : licenseOf(license)),
    library_name: 'onnx',
    pipeline_tag: 'image-classification',
    tags: ['onnx', 'image-classification', 'rice-grain'],
    ...(datasets.length === 0 ? {} : {datasets: [...datasets]}),
    metrics: facts.test ? ['accuracy', 'f1'] : ['accuracy'],
    ...(baseModel === undefined ? {} : {base_model: baseModel}),
    'model-index': [
      {
        name: facts.metadata.name,
        results: facts.results.map((result) => resultOf(facts, result, datasets[0] ?? 'imagefolder')),
      },
    ],
  };
  return `---\n${toYaml(document)}---\n`;
}

/** What the pictures are called: the folder that they lay in, where the run is known. */
export function datasetName({record, metadata}: CardFacts): string {
  return record ? basename(record.dataset.root) : `pictures with the digest ${metadata.training.dataset.digest}`;
}

function licenseOf(license: string): {[key: string]: Json} {
  const id = license.toLowerCase();
  // A name of others has the form of an id, too.
  return LISTED_LICENSES.has(id)
    ? {license: id}
    : {license: 'other', license_name: id.replace(/[^a-z\d.]+/g, '-').replace(/^-|-$/g, '')};
}

function resultOf(facts: CardFacts, {split, accuracy}: PartResult, type: string): Json {
  const f1 = split === 'test' && facts.test ? macroF1(facts.test) : undefined;
  return {
    task: {type: 'image-classification', name: 'Image classification'},
    dataset: {type, name: datasetName(facts), split, revision: facts.metadata.training.dataset.digest},
    metrics: [
      {type: 'accuracy', value: accuracy, name: 'Accuracy'},
      ...(f1 === undefined ? [] : [{type: 'f1', value: f1, name: 'F1, mean over the labels'}]),
    ],
  };
}

/** Over the labels of which the part has pictures. */
function macroF1({perClass}: NonNullable<CardFacts['test']>): number {
  const values = Object.values(perClass).flatMap(({f1, support}) => (support === 0 ? [] : [f1 ?? 0]));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
