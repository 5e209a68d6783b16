/**
 * How often a variety that the model never saw is rejected, under the camera of its training: one training without each
 * variety, evaluated on the test part of that variety (to be rejected) and of the others (to be accepted), in both settings.
 * `npx tsx bench/unseen-varieties.ts Rice_Image_Dataset OUT [flags of rice train]`
 * After an interruption the same command goes on with the flags of the first start; runs that are done are only evaluated.
 * OUT/answers.ndjson has each answer with its scores, by run.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {formatPercent} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier} from '../src/model/classifier.ts';
import {TRUSTS} from '../src/model/trust.ts';
import {figuresOf} from './trust/figures.ts';
import type {RawAnswer} from './trust/raw-answer.ts';
import {type Target, table, targetTable} from './trust/tables.ts';
import {TrustThreads} from './trust/trust-threads.ts';
import {withProgress} from './trust/with-progress.ts';

const [path, out, ...flags] = process.argv.slice(2);
if (!path || !out) {
  process.stderr.write('usage: npx tsx bench/unseen-varieties.ts DATASET OUT [flags of rice train]\n');
  process.exit(2);
}
const dataset = scanDataset(path);
const {labels} = dataset;
const answers = new Map<string, RawAnswer[]>();
// All are trained before any is evaluated, so that a run that is out of time can be continued.
for (const unseen of labels) train(unseen);
for (const unseen of labels) answers.set(unseen, await answersWithout(unseen));
writeFileSync(
  join(out, 'answers.ndjson'),
  [...answers.values()].flatMap((each) => each.map((answer) => `${JSON.stringify(answer)}\n`)).join(''),
);

const targets: Target[] = [];
const tables = TRUSTS.map((trust) => {
  const each = labels.map((unseen) => {
    const own = answers.get(unseen)!.filter(({label}) => label === unseen);
    const others = answers.get(unseen)!.filter(({label}) => label !== unseen);
    const taken = labels
      .map((label) => [label, own.filter(({predicted, known}) => known[trust] && predicted === label).length] as const)
      .filter(([, count]) => count > 0)
      .sort(([, a], [, b]) => b - a);
    return {
      unseen,
      rejected: 1 - figuresOf(own, trust).accepted,
      right: figuresOf(others, trust).accuracy,
      accepted: figuresOf(others, trust).accepted,
      taken: taken.map(([label, count]) => `${label} ${count}`).join(', '),
    };
  });
  const mean = (figure: 'rejected' | 'right' | 'accepted') =>
    each.reduce((sum, row) => sum + row[figure], 0) / each.length;
  const [least, aim] = trust === 'same-camera' ? [0.95, 0.99] : [0.6, 0.8];
  targets.push({measure: `unseen variety, ${trust}: rejected, mean`, measured: mean('rejected'), least, aim});
  targets.push({measure: `others, ${trust}: accepted, mean`, measured: mean('accepted'), least: 0.993});
  const rows = [
    ...each,
    {unseen: 'mean', rejected: mean('rejected'), right: mean('right'), accepted: mean('accepted'), taken: ''},
  ];
  return `### --trust ${trust}\n\n${table(
    ['never seen', 'rejected', 'taken for', 'the others: right', 'accepted'],
    'lrlrr',
    rows.map(({unseen, rejected, taken, right, accepted}) => [
      unseen,
      formatPercent(rejected, 2),
      taken,
      formatPercent(right, 2),
      formatPercent(accepted, 2),
    ]),
  )}`;
});
process.stdout.write(`${[targetTable(targets), ...tables].join('\n\n')}\n`);

/** Trains on links to the folders of all varieties but one. */
function train(unseen: string): void {
  const pictures = join(out, `without-${unseen}`);
  const run = runOf(unseen);
  if (existsSync(join(run, 'model.onnx'))) return;
  mkdirSync(pictures, {recursive: true});
  for (const label of labels) {
    const link = join(pictures, label);
    // On Windows, links to folders need no right if they are junctions.
    if (label !== unseen && !existsSync(link)) symlinkSync(resolve(dataset.root, label), link, 'junction');
  }
  if (existsSync(join(run, 'run.json')))
    rice(['train', '--resume', run, ...flags.filter((flag) => flag === '--quiet')]);
  else rice(['train', pictures, '--out', run, ...flags]);
}

function runOf(unseen: string): string {
  return join(out, `run-without-${unseen}`);
}

async function answersWithout(unseen: string): Promise<RawAnswer[]> {
  const model = join(runOf(unseen), 'model.onnx');
  const classifier = await Classifier.load({model, device: 'cpu'});
  const {metadata} = classifier;
  await classifier.release();
  // By content, as for the training: what is in the test part here was in no other part there.
  const selection = await selectFiles(dataset, metadata, {part: 'test', cacheDir: cacheFolder()});
  const threads = new TrustThreads({model, device: 'cpu'});
  try {
    return await withProgress(`without ${unseen}`, selection.files.length, (onProgress) =>
      threads.asTheyAre(selection, `without-${unseen}`, onProgress),
    );
  } finally {
    await threads.close();
  }
}

/** Runs the built rice; its progress goes to this terminal. */
function rice(args: string[]): void {
  const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));
  execFileSync(process.execPath, [bin, ...args], {stdio: ['ignore', 'ignore', 'inherit']});
}
