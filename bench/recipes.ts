/**
 * Ablation study of the default recipe: trains short runs that differ from it in one setting each, and evaluates them on the
 * validation part. `npx tsx bench/recipes.ts Rice_Image_Dataset OUT [--epochs 6] [--limit 1000] [--unknown DIR]...`
 * Runs that exist in OUT are only evaluated.
 */
import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {formatPercent} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {measureRobustness} from '../src/evaluation/robustness/measure-robustness.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../src/model/classifier.ts';
import {acceptedShare, groupChanges} from './trust/changed.ts';
import {measureUnknown, totalOf} from './trust/measure-unknown.ts';
import {rejectedShare, table} from './trust/tables.ts';
import {withProgress} from './trust/with-progress.ts';

/** The differences from the default recipe, as flags of `rice train`. */
const RECIPES: Record<string, string[]> = {
  'the default recipe': [],
  'conv4, which sees light and color': ['--arch', 'conv4'],
  'no picture changed': ['--untouched-share', '1', '--final-untouched-share', '1'],
  'every picture changed': ['--untouched-share', '0', '--final-untouched-share', '0'],
  'half of the pictures changed throughout': ['--untouched-share', '0.5', '--final-untouched-share', '0.5'],
  'no outliers': ['--outlier-share', '0'],
};

const {values, positionals} = parseArgs({
  options: {
    epochs: {type: 'string', default: '6'},
    limit: {type: 'string', default: '1000'},
    unknown: {type: 'string', multiple: true, default: []},
  },
  allowPositionals: true,
});
const [dataset, out] = positionals;
if (!dataset || !out) {
  process.stderr.write('usage: npx tsx bench/recipes.ts DATASET OUT [--epochs 6] [--limit 1000] [--unknown DIR]...\n');
  process.exit(2);
}

const rows: string[][] = [];
for (const [name, flags] of Object.entries(RECIPES)) {
  const run = join(out, name.replaceAll(/[^a-z0-9]+/g, '-'));
  if (!existsSync(join(run, 'model.onnx'))) rice(['train', dataset, '--out', run, '--epochs', values.epochs, ...flags]);
  rows.push([name, ...(await figuresOf(join(run, 'model.onnx')))]);
}
const head = [
  'recipe',
  'as they are',
  'worst mild change',
  'worst background',
  'accepted',
  'accepted, mild',
  'unknown rejected',
];
process.stdout.write(`${table(head, 'lrrrrrr', rows)}\n`);

async function figuresOf(model: string): Promise<string[]> {
  const load: ClassifierOptions = {model, device: 'cpu'};
  const classifier = await Classifier.load(load);
  const limit = Number(values.limit);
  const selection = await selectFiles(scanDataset(dataset), classifier.metadata, {
    part: 'validation',
    limit,
    cacheDir: cacheFolder(),
  });
  const changed = groupChanges(
    await withProgress('changing pictures', selection.files.length, (onProgress) =>
      measureRobustness({classifier, load, dataset: selection.dataset, files: selection.files, onProgress}),
    ),
  );
  const unknown = [];
  for (const folder of values.unknown)
    unknown.push(...(await measureUnknown(classifier, load, scanDataset(folder, {minimumLabels: 1}), () => {})));
  await classifier.release();
  const clean = changed.rows.find(({change}) => change === 'none')!;
  const {worstMild, worstBackground, acceptedMild} = changed;
  return [
    percent(clean.accuracy),
    `${percent(worstMild.accuracy)} (${worstMild.title})`,
    `${percent(worstBackground.accuracy)} (${worstBackground.title.replace('background ', '')})`,
    percent(acceptedShare(clean)),
    percent(acceptedMild),
    unknown.length > 0 ? percent(rejectedShare(totalOf('', unknown))) : '-',
  ];
}

function percent(share: number): string {
  return formatPercent(share, 2);
}

/** Runs the built rice; its progress goes to this terminal. */
function rice(args: string[]): void {
  const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));
  execFileSync(process.execPath, [bin, ...args], {stdio: ['ignore', 'ignore', 'inherit']});
}
