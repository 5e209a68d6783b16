/**
 * The domain-shift test that the dataset offers (docs/domain-shift.md): its Jasmine pictures were taken in two batches,
 * numbers 1 to 11,720 and the rest, with another scale and color. Trains without the second batch and evaluates on it, and
 * on the test part of the rest: `npx tsx bench/domain-shift.ts Rice_Image_Dataset OUT [flags of rice train]`. After an
 * interruption, the same command continues with the flags of the first start.
 */
import {execFileSync} from 'node:child_process';
import {copyFileSync, existsSync, linkSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {formatCount, formatPercent} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {wilsonInterval} from '../src/common/wilson-interval.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../src/model/classifier.ts';
import {batchOf} from './scenes/batch-of.ts';
import {type MeasuredAnswer, measureAnswers} from './trust/measure-answers.ts';
import {interval, type Target, table, targetTable} from './trust/tables.ts';
import {withProgress} from './trust/with-progress.ts';

const SHIFTED = 'Jasmine';

const [dataset, out, ...flags] = process.argv.slice(2);
if (!dataset || !out) {
  process.stderr.write('usage: npx tsx bench/domain-shift.ts DATASET OUT [flags of rice train]\n');
  process.exit(2);
}
const {root, labels, files} = scanDataset(dataset);
for (const {path, label} of files) {
  const [name] = path.split('/').slice(-1);
  const folder = join(out, batchOf(labels[label], path) === 2 ? 'second-batch' : 'first-batch', labels[label]);
  mkdirSync(folder, {recursive: true});
  linkOrCopy(join(root, path), join(folder, name));
}

const run = join(out, 'run');
const model = join(run, 'model.onnx');
if (!existsSync(model)) {
  if (existsSync(join(run, 'run.json')))
    rice(['train', '--resume', run, ...flags.filter((flag) => flag === '--quiet')]);
  else rice(['train', join(out, 'first-batch'), '--out', run, ...flags]);
}

const load: ClassifierOptions = {model, device: 'cpu'};
const classifier = await Classifier.load(load);
const trained = await answersTo('first-batch', 'test');
const shifted = await answersTo('second-batch', 'all');
await classifier.release();

const others = trained.filter(({label}) => label !== SHIFTED);
const targets: Target[] = [
  {measure: `${SHIFTED}, second batch: right`, measured: rightShare(shifted), least: 0.85, aim: 0.97},
  {measure: 'test part of what was trained on: right', measured: rightShare(trained), least: 0.995},
  {measure: `the same without ${SHIFTED}: right`, measured: rightShare(others), least: 0.995},
];
const head = ['pictures', 'images', 'right', '95 % interval', 'accepted', 'right of those'];
const rows = [
  row(`${SHIFTED}, second batch, never seen`, shifted),
  row('test part of what was trained on', trained),
  ...labels
    .filter((label) => ofLabel(trained, label).length > 0)
    .map((label) => row(`of these ${label}`, ofLabel(trained, label))),
  row(`of these all but ${SHIFTED}`, others),
];
const taken = labels.map((label) => {
  const pictures = shifted.filter(({predicted}) => predicted === label).length;
  return `${label} ${formatCount(pictures)}`;
});
process.stdout.write(
  `${[targetTable(targets), table(head, 'lrrrrr', rows), `The second batch was taken for: ${taken.join(', ')}.`].join('\n\n')}\n`,
);

async function answersTo(folder: string, part: 'test' | 'all'): Promise<MeasuredAnswer[]> {
  const scanned = scanDataset(join(out, folder), {minimumLabels: 1});
  const selection = await selectFiles(scanned, classifier.metadata, {part, cacheDir: cacheFolder()});
  const {answers} = await withProgress('evaluating', selection.files.length, (onProgress) =>
    measureAnswers(classifier, load, selection, onProgress),
  );
  return answers;
}

function row(name: string, answers: readonly MeasuredAnswer[]): string[] {
  const right = answers.filter((answer) => answer.right).length;
  const accepted = answers.filter(({known}) => known);
  return [
    name,
    formatCount(answers.length),
    formatPercent(right / answers.length, 2),
    interval(wilsonInterval(right, answers.length)),
    formatPercent(accepted.length / answers.length, 2),
    accepted.length === 0 ? '-' : formatPercent(rightShare(accepted), 2),
  ];
}

function ofLabel(answers: readonly MeasuredAnswer[], label: string): MeasuredAnswer[] {
  return answers.filter((answer) => answer.label === label);
}

function rightShare(answers: readonly MeasuredAnswer[]): number {
  return answers.filter(({right}) => right).length / answers.length;
}

/** Links pictures, or copies them if OUT is on another disk. Files from an earlier run are kept. */
function linkOrCopy(from: string, to: string): void {
  if (existsSync(to)) return;
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Runs the built rice; its progress goes to this terminal. */
function rice(args: string[]): void {
  const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));
  execFileSync(process.execPath, [bin, ...args], {stdio: ['ignore', 'ignore', 'inherit']});
}
