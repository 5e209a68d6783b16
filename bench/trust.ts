/**
 * Reliability of the answers, as Markdown for the model card: on unchanged pictures, under changes of the capture, and on
 * unknown objects.
 * `npx tsx bench/trust.ts Rice_Image_Dataset [--model FILE] [--unknown DIR]... [--part test] [--limit N] [--count 20] [--seed 2]`
 * Every sub-folder of an `--unknown` folder is a set of its own. `--count` pictures of each kind in
 * `bench/unknown-objects/kinds.ts` are drawn from the seed and measured as well.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatCount, formatDuration, formatPercent} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {packageVersion} from '../src/common/package-root.ts';
import {shellWords} from '../src/common/shell-words.ts';
import type {Dataset} from '../src/dataset/dataset.ts';
import {hashDataset} from '../src/dataset/hash-dataset.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {PARTS, type Part} from '../src/dataset/split.ts';
import {measureRobustness} from '../src/evaluation/robustness/measure-robustness.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../src/model/classifier.ts';
import {groupChanges} from './trust/changed.ts';
import {measureClean} from './trust/measure-clean.ts';
import {measureUnknown, totalOf, type UnknownRow} from './trust/measure-unknown.ts';
import {changeTable, factTable, targetsOf, targetTable, unknownTable} from './trust/tables.ts';
import {withProgress} from './trust/with-progress.ts';
import {KINDS} from './unknown-objects/kinds.ts';
import {writeUnknownObjects} from './unknown-objects/write-unknown-objects.ts';

const {values, positionals} = parseArgs({
  options: {
    model: {type: 'string'},
    unknown: {type: 'string', multiple: true, default: []},
    part: {type: 'string', default: 'test'},
    limit: {type: 'string'},
    count: {type: 'string', default: '20'},
    seed: {type: 'string', default: '2'},
  },
  allowPositionals: true,
});
const [path] = positionals;
const [limit, count, seed] = [values.limit, values.count, values.seed].map(Number);
const part = [...PARTS, 'all' as const].find((name): name is Part | 'all' => name === values.part);
const whole = [count, seed, ...(values.limit === undefined ? [] : [limit])].every(Number.isInteger);
if (!path || positionals.length > 1 || !part || !whole) {
  process.stderr.write(
    'usage: npx tsx bench/trust.ts DATASET [--model FILE] [--unknown DIR]... [--part test] [--limit N] [--count 20] [--seed 2]\n',
  );
  process.exit(2);
}

const started = performance.now();
const load: ClassifierOptions = {device: 'cpu', ...(values.model === undefined ? {} : {model: values.model})};
const classifier = await Classifier.load(load);
const [scanned, ...unknown] = [path, ...values.unknown].map((folder) => scanDataset(folder, {minimumLabels: 1}));
const cacheDir = cacheFolder();
const {digest, hashes} = await withProgress('hashing', scanned.files.length, (onProgress) =>
  hashDataset(scanned, {cacheDir, onProgress}),
);
const selection = await selectFiles(scanned, classifier.metadata, {
  part,
  cacheDir,
  ...(values.limit === undefined ? {} : {limit}),
});
const {dataset, files} = selection;
const clean = await withProgress('evaluating', files.length, (onProgress) =>
  measureClean(classifier, load, selection, onProgress),
);
const changed = groupChanges(
  await withProgress('changing pictures', files.length, (onProgress) =>
    measureRobustness({classifier, load, dataset, files, onProgress}),
  ),
);
const given: UnknownRow[] = [];
for (const pictures of unknown) given.push(...(await measureObjects(pictures)));
const drawn = await measureDrawn();
await classifier.release();

const {evaluation, accepted} = clean;
const {selective} = evaluation;
for (const {path, message} of [...selection.errors, ...evaluation.errors])
  process.stderr.write(`left out: ${path}: ${message}\n`);
const {sha256, name, version} = classifier.model;
const groups = (['foreign', 'hard'] as const).map((group) => {
  const names = new Set(KINDS.filter((kind) => kind.group === group).map((kind) => kind.name));
  return {group, rows: drawn.filter((row) => names.has(row.name))};
});
const [foreign, hard] = groups.map(({group, rows}) => totalOf(`all ${group} kinds, drawn`, rows));
const sections = [
  factTable([
    ['command', `\`${commandLine()}\``],
    ['date', new Date().toISOString().slice(0, 10)],
    ['machine', `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, rice ${packageVersion()}`],
    ['model', `${name} ${version}, SHA-256 \`${sha256}\``],
    ['dataset', `${formatCount(hashes.length)} images, DVC digest \`${digest}\``],
    ['pictures', `${formatCount(evaluation.images)}, part ${part}`],
    ['seed of what is drawn', `${seed}, ${count} pictures per kind`],
    ['time', formatDuration((performance.now() - started) / 1000)],
  ]),
  targetTable(targetsOf(clean, changed, [...given, foreign])),
  `The pictures as they are: ${formatPercent(evaluation.accuracy, 3)} of ${formatCount(evaluation.images)} right (95 % interval ` +
    `${formatPercent(evaluation.interval.low, 2)} to ${formatPercent(evaluation.interval.high, 2)}), ${formatPercent(accepted, 2)} ` +
    `accepted; ${formatPercent(selective.accuracy, 3)} of the ${formatCount(selective.images)} surest.`,
  changeTable(changed),
  'The last eight are changes of the background, the others are mild. Accepted means not answered "unknown".',
  ...(given.length > 0 ? [unknownTable(given)] : []),
  'Drawn, clearly not a whole grain of rice:',
  unknownTable([...groups[0].rows, foreign]),
  'Drawn, rice but not a single whole polished grain; without a target:',
  unknownTable([...groups[1].rows, hard]),
];
process.stdout.write(`${sections.join('\n\n')}\n`);

async function measureDrawn(): Promise<UnknownRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unknown-objects-'));
  try {
    await withProgress('drawing', KINDS.length * count, (onProgress) =>
      writeUnknownObjects(folder, {count, seed, onProgress}),
    );
    return await measureObjects(scanDataset(folder));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function measureObjects(pictures: Dataset): Promise<UnknownRow[]> {
  return withProgress('looking at unknown objects', pictures.files.length, (onProgress) =>
    measureUnknown(classifier, load, pictures, onProgress),
  );
}

/** Replaces each path by its last part: the folders of one machine mean nothing on another. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => (word.startsWith('-') ? word : basename(word)));
  return shellWords(['npx', 'tsx', 'bench/trust.ts', ...words]);
}
