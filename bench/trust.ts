/**
 * How far the answers can be trusted, as Markdown for the model card: on unchanged pictures, under changes of the whole
 * picture (`bench/trust/changes`), on real pictures by other cameras, and on unknown objects.
 * `npx tsx bench/trust.ts Rice_Image_Dataset [--model FILE] [--cameras DIR] [--boxes DIR] [--unknown DIR]... [--part test] [--limit 200]
 *   [--clean N] [--only NAME]... [--count 2] [--seed 2] [--json FILE] [--dump FILE] [--save DIR]`
 * `--limit` pictures are changed; of the unchanged ones all are measured, or `--clean`. `--only` keeps to changes of that
 * name or group (or `cameras`, `boxes`, `unknown`, `drawn`, `clean`). `--dump` writes each answer with its scores as a line of JSON,
 * `--save` the changed pictures of the first of each variety. Every sub-folder of an `--unknown` folder is a set of its own;
 * those of `--cameras` begin with the variety that they show. `--boxes` are photographs of many grains with a text file of
 * boxes each, of which whole grains are cut out, to see whether they are found. `--count` pictures of each kind in
 * `bench/unknown-objects/kinds.ts` are drawn from the seed and measured as well.
 */
import {createWriteStream, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {finished} from 'node:stream/promises';
import {parseArgs} from 'node:util';
import {formatCount, formatDuration} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {packageVersion} from '../src/common/package-root.ts';
import {shellWords} from '../src/common/shell-words.ts';
import {hashDataset} from '../src/dataset/hash-dataset.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {PARTS, type Part} from '../src/dataset/split.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier, type ClassifierOptions} from '../src/model/classifier.ts';
import {TRUSTS} from '../src/model/trust.ts';
import {TRUST_CHANGES} from './trust/changes/changes.ts';
import {cutBoxes} from './trust/cut-boxes.ts';
import type {RawAnswer} from './trust/raw-answer.ts';
import {type Measured, trustReport} from './trust/report.ts';
import {saveChanged} from './trust/save-changed.ts';
import {factTable} from './trust/tables.ts';
import {type Pictures, TrustThreads} from './trust/trust-threads.ts';
import {withProgress} from './trust/with-progress.ts';
import {KINDS} from './unknown-objects/kinds.ts';
import {writeUnknownObjects} from './unknown-objects/write-unknown-objects.ts';

const {values, positionals} = parseArgs({
  options: {
    model: {type: 'string'},
    cameras: {type: 'string'},
    boxes: {type: 'string'},
    unknown: {type: 'string', multiple: true, default: []},
    part: {type: 'string', default: 'test'},
    limit: {type: 'string', default: '200'},
    clean: {type: 'string'},
    only: {type: 'string', multiple: true, default: []},
    count: {type: 'string', default: '2'},
    seed: {type: 'string', default: '2'},
    json: {type: 'string'},
    dump: {type: 'string'},
    save: {type: 'string'},
  },
  allowPositionals: true,
});
const [path] = positionals;
const [limit, count, seed] = [values.limit, values.count, values.seed].map(Number);
const cleanLimit = values.clean === undefined ? undefined : Number(values.clean);
const part = [...PARTS, 'all' as const].find((name): name is Part | 'all' => name === values.part);
const {only} = values;
const changes = TRUST_CHANGES.filter(
  ({name, groups}) => only.length === 0 || only.some((each) => each === name || groups.some((group) => group === each)),
);
if (!path || positionals.length > 1 || !part || ![limit, count, seed, cleanLimit ?? 0].every(Number.isInteger)) {
  process.stderr.write('usage: npx tsx bench/trust.ts DATASET [options]; the first lines of the script name them\n');
  process.exit(2);
}
const wants = (name: string) => only.length === 0 || only.includes(name);

const started = performance.now();
const load: ClassifierOptions = {device: 'cpu', ...(values.model === undefined ? {} : {model: values.model})};
const classifier = await Classifier.load(load);
const {model, metadata} = classifier;
const {labels} = model;
await classifier.release();
const scanned = scanDataset(path, {minimumLabels: 1});
const cacheDir = cacheFolder();
const {digest, hashes} = await withProgress('hashing', scanned.files.length, (onProgress) =>
  hashDataset(scanned, {cacheDir, onProgress}),
);
const select = (limit: number | undefined) =>
  selectFiles(scanned, metadata, {part, cacheDir, ...(limit === undefined ? {} : {limit})});
const some = await select(limit);
if (values.save) await saveChanged(values.save, some, changes);
const whole = await select(cleanLimit);
const threads = new TrustThreads(load);
const clean = wants('clean') ? await measure('evaluating', whole, 'clean') : [];
const changedAnswers =
  changes.length === 0
    ? []
    : await withProgress('changing pictures', some.files.length, (onProgress) =>
        threads.changed(some, changes, onProgress),
      );
const cameras =
  values.cameras !== undefined && wants('cameras')
    ? await measure('looking at other cameras', all(values.cameras), 'camera', labelOfFolder)
    : [];
const boxed = values.boxes !== undefined && wants('boxes') ? await measureBoxes(values.boxes) : [];
const given: RawAnswer[] = [];
if (wants('unknown'))
  for (const folder of values.unknown)
    given.push(...(await measure('looking at unknown objects', all(folder), 'unknown')));
const drawn = wants('drawn') && count > 0 ? await measureDrawn() : [];
await threads.close();

const measured: Measured = {labels, clean, changed: changedAnswers, cameras, boxed, given, drawn};
const {sha256, name, version} = model;
const facts = {
  command: commandLine(),
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, rice ${packageVersion()}`,
  model: `${name} ${version}, SHA-256 ${sha256}`,
  dataset: `${formatCount(hashes.length)} images, DVC digest ${digest}`,
  pictures: `part ${part}: ${formatCount(whole.files.length)} as they are, ${formatCount(some.files.length)} changed`,
  drawn: `${count} pictures a kind, seed ${seed}`,
  time: formatDuration((performance.now() - started) / 1000),
};
const reports = TRUSTS.map((trust) => trustReport(measured, changes, trust));
process.stdout.write(`${[factTable(Object.entries(facts)), ...reports.flatMap(({text}) => text)].join('\n\n')}\n`);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({facts, settings: reports.map(({text: _, ...figures}) => figures)}, undefined, 1)}\n`,
  );
if (values.dump !== undefined) {
  const file = createWriteStream(values.dump);
  for (const answer of [...clean, ...changedAnswers, ...cameras, ...boxed, ...given, ...drawn])
    file.write(`${JSON.stringify(answer)}\n`);
  await finished(file.end());
}

function all(folder: string): Pictures {
  const dataset = scanDataset(folder, {minimumLabels: 1});
  return {dataset, files: dataset.files.map((_, i) => i)};
}

function measure(
  title: string,
  pictures: Pictures,
  change: string,
  labelOf?: (folder: string) => string,
): Promise<RawAnswer[]> {
  return withProgress(title, pictures.files.length, (onProgress) =>
    threads.asTheyAre(pictures, change, onProgress, labelOf),
  );
}

function measureDrawn(): Promise<RawAnswer[]> {
  return inTemporaryFolder(async (folder) => {
    await withProgress('drawing', KINDS.length * count, (onProgress) =>
      writeUnknownObjects(folder, {count, seed, onProgress}),
    );
    return measure('looking at what was drawn', all(folder), 'drawn');
  });
}

function measureBoxes(photographs: string): Promise<RawAnswer[]> {
  return inTemporaryFolder(async (folder) => {
    await cutBoxes(photographs, folder);
    return measure('looking into boxes', all(folder), 'boxes');
  });
}

async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'rice-trust-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** The label that a folder's name begins with, such as Jasmine of `Jasmine-phone-cloth`; its own name if none. */
function labelOfFolder(folder: string): string {
  return labels.find((label) => folder.toLowerCase().startsWith(label.toLowerCase())) ?? folder;
}

/** Replaces each path by its last part: the folders of one machine mean nothing on another. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => (word.startsWith('-') ? word : basename(word)));
  return shellWords(['npx', 'tsx', 'bench/trust.ts', ...words]);
}
