import {count, percent} from '../../common/report/figures.ts';
import type {CardFacts} from './facts.ts';
import {datasetName} from './front-matter.ts';
import {code, factTable, fence, table, text} from './markdown.ts';

/** What the model was trained on. */
export function dataSection(facts: CardFacts): string {
  const {dataset, split} = facts.metadata.training;
  const origin = facts.record && 'record' in facts.record.dataset ? facts.record.dataset.record : null;
  return `## Training data

${factTable([
  ['pictures', `${count(dataset.images)}${facts.record ? `, ${text(datasetName(facts))}` : ''}`],
  ['digest', code(dataset.digest)],
  ['split', splitOf(facts)],
  ...(split.given ? [] : ([['split seed', `${split.seed}`]] as const)),
  ...(origin
    ? ([
        ['license', text(origin.licence)],
        ['citation', text(origin.citation)],
      ] as const)
    : []),
])}

${table(
  [{title: 'label'}, {title: 'pictures', right: true}],
  Object.entries(dataset.labels).map(([label, pictures]) => [text(label), count(pictures)]),
)}`;
}

function splitOf({metadata: {training}, record}: CardFacts): string {
  const {split, epochs} = training;
  if (epochs === 0) return 'all were learned from, and measured by models that were made without them';
  const parts = record && 'split' in record.dataset ? record.dataset.split.images : undefined;
  const given = split.given ? 'as the dataset gives it' : 'by content, so that copies share a part';
  const shares = Object.entries(parts ?? split.fractions).map(
    ([part, share]) => `${parts ? count(share) : percent(share, 0)} ${part}`,
  );
  return `${shares.join(', ')}; ${given}`;
}

/** How it was trained. */
export function trainingSection({metadata: {training}, record}: CardFacts): string {
  const versions = record
    ? `, rice ${text(record.versions.rice)}, Node ${text(record.versions.node.replace(/^v/, ''))}`
    : '';
  const from = record && 'from' in record ? record.from : undefined;
  const weights = weightsOf(training);
  return `## Training

${factTable([
  ['network', `${text(training.network)}, ${count(training.parameters)} parameters`],
  ...(from ? ([['made from', `${text(from.name)} ${text(from.version)}, SHA-256 ${code(from.sha256)}`]] as const) : []),
  ...(weights ? ([['began with', weights]] as const) : []),
  ['date', text(training.date.slice(0, 10))],
  ...(training.epochs > 0 ? ([['epochs', `${training.epochs}`]] as const) : []),
  ['seed', `${training.seed}`],
  [
    'device',
    record
      ? `${text(training.device)}, ${text(record.machine.cpu)}, ${record.machine.cores} cores`
      : text(training.device),
  ],
  ['versions', `onnxruntime ${text(training.onnxruntime)}${versions}`],
  ['SHA-256 of the weights', code(training.weights)],
])}

Its configuration:

${fence('json', JSON.stringify(training.configuration, null, 2))}`;
}

/** The weights that others trained with which the training began, if it did. */
function weightsOf({configuration}: CardFacts['metadata']['training']): string | undefined {
  const {source, license, sha256} = (configuration.pretrained ?? {}) as Partial<Record<string, unknown>>;
  if (typeof source !== 'string') return undefined;
  const under = typeof license === 'string' ? `, license ${text(license)}` : '';
  const digest = typeof sha256 === 'string' ? `, SHA-256 ${code(sha256)}` : '';
  return `weights of ${text(source)}${under}${digest}`;
}
