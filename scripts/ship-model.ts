/**
 * Makes the model of a finished run the shipped one: copies model.onnx to models/rice.onnx, writes models/rice.training.json
 * (settings, dataset and metrics), and fills the tables of models/README.md.
 * Run: `npx tsx scripts/ship-model.ts RUN`; `--domain-shift FILE` adds the output of bench/domain-shift.ts, also to
 * docs/domain-shift.md, `--trust FILE` that of bench/trust.ts, and `--unseen FILE` that of
 * bench/unseen-varieties.ts.
 */
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatCount, formatPercent} from '../src/cli/format.ts';
import type {Evaluation} from '../src/evaluation/evaluate.ts';
import {readModelFile} from '../src/model/model-file.ts';
import type {EpochMetrics} from '../src/training/artifact/checkpoint.ts';
import type {RunRecord} from '../src/training/run/run-folder.ts';

const CARD = 'models/README.md';
const MODEL = 'models/rice.onnx';

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {'domain-shift': {type: 'string'}, trust: {type: 'string'}, unseen: {type: 'string'}},
});
const [run] = positionals;
const record: RunRecord = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
const metrics: {epochs: EpochMetrics[]; test: Evaluation; peakMemory?: number} = JSON.parse(
  readFileSync(join(run, 'metrics.json'), 'utf8'),
);
copyFileSync(join(run, 'model.onnx'), MODEL);
const {metadata, sha256, bytes} = readModelFile(MODEL);

const {root: _root, ...dataset} = record.dataset;
const training = {
  command: commandLine(record),
  date: record.date,
  configuration: record.configuration,
  dataset,
  versions: record.versions,
  machine: record.machine,
  model: {sha256, bytes: bytes.length},
  weights: metadata.training.weights,
  epochs: metrics.epochs,
  peakMemory: metrics.peakMemory,
};
writeFileSync('models/rice.training.json', `${JSON.stringify(training, null, 2)}\n`);

const {test} = metrics;
const {labels, matrix} = test.confusion;
fill('training', [
  `| | |\n| --- | --- |`,
  `| network | ${metadata.training.network}, ${formatCount(metadata.training.parameters)} parameters, ${formatCount(bytes.length)} bytes |`,
  `| command | \`${training.command}\` |`,
  `| date | ${record.date.slice(0, 10)} |`,
  `| dataset | ${formatCount(dataset.images)} images, DVC digest \`${dataset.digest}\` |`,
  `| split | seed ${dataset.split.seed}: ${Object.entries(dataset.split.images)
    .map(([part, count]) => `${formatCount(count)} ${part}`)
    .join(', ')} |`,
  `| seed | ${metadata.training.seed} |`,
  `| hardware | ${record.machine.cpu}, ${record.machine.cores} cores, device ${metadata.training.device} |`,
  `| versions | onnxruntime ${record.versions.onnxruntime}, Node ${record.versions.node.slice(1)} |`,
  `| SHA-256 of the file | \`${sha256}\` |`,
  `| SHA-256 of the weights | \`${metadata.training.weights}\` |`,
]);
fill('results', [
  `Validation part, by which the best epoch was chosen: ${formatPercent(metadata.accuracy.validation.accuracy, 3)} of ${formatCount(metadata.accuracy.validation.images)} images.`,
  '',
  `Test part, used for no choice: **${formatPercent(test.accuracy, 3)}** of ${formatCount(test.images)} images (${test.mistakes.length} mistakes; 95 % interval ${formatPercent(test.interval.low, 2)} to ${formatPercent(test.interval.high, 2)}), expected calibration error ${formatPercent(test.calibration.ece, 2)}, ${test.unknown} answered "unknown".`,
  '',
  `| true \\ predicted | ${labels.join(' | ')} | recall | precision |`,
  `| --- | ${labels.map(() => '--:').join(' | ')} | --: | --: |`,
  ...labels.map((label, row) => {
    const {recall, precision} = test.perClass[label];
    return `| ${label} | ${matrix[row].join(' | ')} | ${formatPercent(recall ?? 0, 2)} | ${formatPercent(precision ?? 0, 2)} |`;
  }),
  '',
  'The mistakes:',
  '',
  ...test.mistakes.map(
    ({path, label, predicted, confidence}) =>
      `- ${path}: ${label} taken for ${predicted} (${formatPercent(confidence)})`,
  ),
]);
const {'domain-shift': shift, trust, unseen} = values;
if (shift) for (const document of [CARD, 'docs/domain-shift.md']) fill('domain-shift', printed(shift), document);
if (trust) fill('trust', printed(trust));
if (unseen) fill('unseen', printed(unseen));

function printed(file: string): string[] {
  return ['', readFileSync(file, 'utf8').trim(), ''];
}

/** Names only settings that differ from the defaults. */
function commandLine({settings}: RunRecord): string {
  const given = (settings as {name: string; value: unknown; origin: string}[]).filter(({name, origin}) => {
    return origin !== 'default' && name !== 'out';
  });
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return ['rice train Rice_Image_Dataset', ...given.map(({name, value}) => `--${kebab(name)} ${value}`)].join(' ');
}

/** Replaces the text between the markers of a section. */
function fill(section: string, lines: string[], document = CARD): void {
  const text = readFileSync(document, 'utf8');
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no section ${section}`);
  writeFileSync(document, `${text.slice(0, from + start.length)}\n${lines.join('\n')}\n${text.slice(to)}`);
}
