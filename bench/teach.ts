/**
 * How well models are made of the shipped one with few pictures: `rice train --from rice` and `rice adapt`, each in five draws
 * (`--draws`), of which the median is reported, with the lowest and the highest.
 * `npx tsx bench/teach.ts Rice_Image_Dataset [--osmancik DIR] [--pakistani DIR] [--shift OUT] [--only NAME]... [--draws 5]`
 * `six`: the five varieties and the pictures in the folder of --osmancik, 30 of each, measured on 200 others of each and what is
 * left of the sixth. `camera`: ten grains of each variety as another camera would take them (bench/teach/changed-camera.ts),
 * measured on 100 others of each. `one-label`: the same with grains of one variety only. `pakistani`: photographs of one variety each,
 * named `..._VARIETY_Raw_N.jpg`, of which `rice scan --crops` cuts the grains; seven varieties of those with most photographs, 30
 * grains each, measured on photographs that were left out. `batch`: a model trained without the second batch of Jasmine
 * (bench/domain-shift.ts wrote it to OUT), adapted with 20 grains of that, measured on the others of it and on the test part.
 * Only pictures of the test part are used, which the shipped model was not trained on.
 */
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {availableParallelism, cpus, tmpdir} from 'node:os';
import {basename, join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {formatCount, formatPercent} from '../src/cli/format.ts';
import {RiceError} from '../src/common/errors.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {selectFiles} from '../src/evaluation/select-files.ts';
import {Classifier} from '../src/model/classifier.ts';
import {Random} from '../src/training/random.ts';
import {teach} from '../src/training/teach/teach.ts';
import {throughOtherCamera} from './teach/changed-camera.ts';
import {cutGrains} from './teach/cut-grains.ts';
import {type Target, table, targetTable} from './trust/tables.ts';

const {values, positionals} = parseArgs({
  options: {
    osmancik: {type: 'string'},
    pakistani: {type: 'string'},
    shift: {type: 'string'},
    only: {type: 'string', multiple: true, default: []},
    draws: {type: 'string', default: '5'},
  },
  allowPositionals: true,
});
const [path] = positionals;
const draws = Number(values.draws);
if (!path || !Number.isInteger(draws) || draws < 1) {
  process.stderr.write('usage: npx tsx bench/teach.ts DATASET [options]; the first lines of the script name them\n');
  process.exit(2);
}
const wants = (name: string) => values.only.length === 0 || values.only.includes(name);
const work = mkdtempSync(join(tmpdir(), 'rice-teach-'));
const cacheDir = join(work, 'cache');
process.on('exit', () => rmSync(work, {recursive: true, force: true}));

/** A picture with its label and, where it was cut out, the photograph. */
interface Picture {
  path: string;
  label: string;
  group?: string;
}

interface Figures {
  right: number;
  accepted: number;
  acceptedRight: number;
  seconds: number;
}

const measured: {name: string; figures: Figures[]; pictures: number}[] = [];
const targets: Target[] = [];
const test = await testPart();

if (wants('six') && values.osmancik !== undefined) {
  const osmancik = readdirSync(values.osmancik).map((name) => ({
    path: join(values.osmancik!, name),
    label: 'Osmancik',
  }));
  const all = [...test, ...osmancik];
  const row = await inDraws('six kinds, 30 pictures each', async (draw) => {
    const {given, others} = take(all, 30, 200, draw);
    return teachAndMeasure(given, others);
  });
  targets.push(
    {measure: 'six kinds: right', measured: median(row, 'right'), least: 0.988, aim: 0.993},
    {measure: 'six kinds: seconds / 45', measured: median(row, 'seconds') / 45, least: 1, aim: 1 / 3, small: true},
  );
}
if (wants('camera') || wants('one-label')) {
  const changed = await changedPictures(160);
  if (wants('camera')) {
    const row = await inDraws('other camera, 10 grains of each variety', async (draw) => {
      const {given, others} = take(changed, 10, 100, draw);
      return teachAndMeasure(given, others, 'other camera');
    });
    targets.push(
      {measure: 'other camera: right', measured: median(row, 'right'), least: 0.97, aim: 0.99},
      {measure: 'other camera: accepted', measured: median(row, 'accepted'), least: 0.9},
    );
    await inDraws('the same with rice train --from', async (draw) => {
      const {given, others} = take(changed, 10, 100, draw);
      return teachAndMeasure(given, others);
    });
    const before = await Classifier.load({device: 'cpu'});
    await inDraws('the same without adaptation', async (draw) => {
      const {others} = take(changed, 10, 100, draw);
      return {...(await answersOf(before, others)), seconds: 0};
    });
    await before.release();
  }
  if (wants('one-label'))
    for (const label of ['Basmati', 'Karacadag'])
      await inDraws(`other camera, 10 grains of ${label} alone: all varieties`, async (draw) => {
        const {given, others} = take(changed, 10, 100, draw);
        return teachAndMeasure(
          given.filter((each) => each.label === label),
          others,
          'other camera',
        );
      });
}
if (wants('pakistani') && values.pakistani !== undefined) {
  const crops = (await cutGrains(values.pakistani, join(work, 'crops'))).map(({variety, photograph, file}) => ({
    path: file,
    label: variety,
    group: photograph,
  }));
  const row = await inDraws('seven Pakistani kinds, 30 grains each, photograph by photograph', async (draw) => {
    const {given, others} = takePhotographs(crops, 7, 30, draw);
    return teachAndMeasure(given, others);
  });
  targets.push({measure: 'seven Pakistani kinds: right', measured: median(row, 'right'), least: 0.85, aim: 0.92});
}
if (wants('batch') && values.shift !== undefined) {
  const second = all(join(values.shift, 'second-batch'));
  const first = await testPart(join(values.shift, 'first-batch'), join(values.shift, 'run', 'model.onnx'));
  const unshifted = first.filter(({label}) => label !== 'Jasmine');
  const others: Figures[] = [];
  const row = await inDraws('second batch of Jasmine, 20 grains given', async (draw) => {
    const order = new Random(draw, 'batch').permutation(second.length);
    const chosen = Array.from(order, (i) => second[i]);
    const model = await made(chosen.slice(0, 20), 'second batch', join(values.shift!, 'run', 'model.onnx'));
    const classifier = await Classifier.load({model: model.path, device: 'cpu'});
    others.push({...(await answersOf(classifier, unshifted)), seconds: 0});
    const own = await answersOf(classifier, chosen.slice(20, 1020));
    await classifier.release();
    return {...own, seconds: model.seconds};
  });
  measured.push({
    name: 'the other varieties of the first batch, same model',
    figures: others,
    pictures: unshifted.length,
  });
  targets.push(
    {measure: 'second batch of Jasmine: right', measured: median(row, 'right'), least: 0.98, aim: 0.995},
    {measure: 'others: right', measured: median(others, 'right'), least: 0.995},
  );
}

const head = ['pictures', 'unseen', 'right', 'accepted', 'right of those', 'seconds'];
const rows = measured.map(({name, figures, pictures}) => [
  name,
  formatCount(pictures),
  spread(figures, 'right'),
  spread(figures, 'accepted'),
  spread(figures, 'acceptedRight'),
  median(figures, 'seconds').toFixed(1),
]);
const about = `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}; ${draws} draws: median (lowest to highest)`;
process.stdout.write(`${[about, targetTable(targets), table(head, 'lrrrrr', rows)].join('\n\n')}\n`);

async function inDraws(
  name: string,
  draw: (seed: number) => Promise<Figures & {pictures?: number}>,
): Promise<Figures[]> {
  const figures: (Figures & {pictures?: number})[] = [];
  for (let seed = 1; seed <= draws; seed++) {
    figures.push(await draw(seed));
    process.stderr.write(`${name}, draw ${seed}: ${formatPercent(figures.at(-1)!.right, 2)}\n`);
  }
  measured.push({name, figures, pictures: figures[0].pictures ?? 0});
  return figures;
}

async function teachAndMeasure(given: readonly Picture[], others: readonly Picture[], camera?: string) {
  const model = await made(given, camera);
  const classifier = await Classifier.load({model: model.path, device: 'cpu'});
  const figures = await answersOf(classifier, others);
  await classifier.release();
  return {...figures, seconds: model.seconds};
}

/** Links the pictures into a folder, and makes a model of them; the time includes preparing them. */
async function made(
  given: readonly Picture[],
  camera?: string,
  from = 'rice',
): Promise<{path: string; seconds: number}> {
  const folder = mkdtempSync(join(work, 'given-'));
  given.forEach(({path: file, label}, i) => {
    mkdirSync(join(folder, 'pictures', label), {recursive: true});
    symlinkSync(resolve(file), join(folder, 'pictures', label, `${i}-${basename(file)}`));
  });
  writeManifests(join(folder, 'pictures'), given);
  const started = performance.now();
  const result = await teach(
    {
      dataset: scanDataset(join(folder, 'pictures'), {minimumLabels: 1}),
      from,
      run: join(folder, 'run'),
      name: 'taught',
      version: '1.0.0',
      camera,
      folds: 5,
      seed: 1,
      settings: [],
      cacheDir,
    },
    {onPhase() {}, onPictures() {}, onWarning() {}},
    new AbortController().signal,
  );
  return {path: result.model, seconds: (performance.now() - started) / 1000};
}

/** What `rice scan --crops` writes beside grains: which photograph each was cut from. */
function writeManifests(root: string, given: readonly Picture[]): void {
  for (const label of new Set(given.map((each) => each.label))) {
    const grains = given.flatMap(({path: file, label: own, group}, i) =>
      own === label && group !== undefined ? [{file: `${i}-${basename(file)}`, picture: group}] : [],
    );
    if (grains.length > 0) writeFileSync(join(root, label, 'manifest.json'), JSON.stringify({crops: 1, grains}));
  }
}

async function answersOf(classifier: Classifier, pictures: readonly Picture[]) {
  let [right, accepted, both] = [0, 0, 0];
  for (let start = 0; start < pictures.length; start += 64) {
    const batch = pictures.slice(start, start + 64);
    const answers = await classifier.classify(batch.map(({path: file}) => readFileSync(file)));
    answers.forEach((answer, i) => {
      if (answer instanceof RiceError) throw answer;
      const hit = answer.label === batch[i].label;
      if (hit) right++;
      if (answer.known) accepted++;
      if (hit && answer.known) both++;
    });
  }
  const count = pictures.length;
  return {
    right: right / count,
    accepted: accepted / count,
    acceptedRight: both / Math.max(1, accepted),
    pictures: count,
  };
}

/** Some pictures of each label to learn from, and others to measure with. */
function take(pictures: readonly Picture[], learn: number, measure: number, draw: number) {
  const given: Picture[] = [];
  const others: Picture[] = [];
  for (const label of new Set(pictures.map((each) => each.label))) {
    const own = pictures.filter((each) => each.label === label);
    const order = Array.from(new Random(draw, 'take', label).permutation(own.length), (i) => own[i]);
    given.push(...order.slice(0, learn));
    others.push(...order.slice(learn, learn + measure));
  }
  return {given, others};
}

/** One photograph of each variety is left out to measure with. */
function takePhotographs(crops: readonly Picture[], kinds: number, learn: number, draw: number) {
  const byLabel = [...new Set(crops.map(({label}) => label))].map((label) => {
    const own = crops.filter((each) => each.label === label);
    return {label, own, photographs: [...new Set(own.map(({group}) => group))].sort()};
  });
  const order = new Random(draw, 'kinds').permutation(byLabel.length);
  const chosen = [...byLabel]
    .map((each, i) => ({...each, at: order[i]}))
    .sort((a, b) => b.photographs.length - a.photographs.length || a.at - b.at)
    .slice(0, kinds);
  const given: Picture[] = [];
  const others: Picture[] = [];
  for (const {label, own, photographs} of chosen) {
    const left = photographs[(draw - 1) % photographs.length];
    const rest = own.filter(({group}) => group !== left);
    const shuffled = Array.from(new Random(draw, 'crops', label).permutation(rest.length), (i) => rest[i]);
    given.push(...shuffled.slice(0, learn));
    others.push(...own.filter(({group}) => group === left));
  }
  return {given, others};
}

async function changedPictures(each: number): Promise<Picture[]> {
  const {given} = take(test, each, 0, 0);
  const changed: Picture[] = [];
  for (const [i, {path: file, label}] of given.entries()) {
    const folder = join(work, 'changed', label);
    mkdirSync(folder, {recursive: true});
    const target = join(folder, `${i}.png`);
    writeFileSync(target, await throughOtherCamera(file));
    changed.push({path: target, label});
  }
  return changed;
}

/** The test part of a folder, by the split of a model. */
async function testPart(folder = path, model?: string): Promise<Picture[]> {
  const classifier = await Classifier.load({device: 'cpu', ...(model === undefined ? {} : {model})});
  const scanned = scanDataset(folder);
  const {dataset, files} = await selectFiles(scanned, classifier.metadata, {part: 'test', cacheDir: cacheFolder()});
  await classifier.release();
  return files.map((index) => picture(dataset.root, dataset.labels, dataset.files[index]));
}

function all(folder: string): Picture[] {
  const {root, labels, files} = scanDataset(folder, {minimumLabels: 1});
  return files.map((file) => picture(root, labels, file));
}

function picture(root: string, labels: readonly string[], file: {path: string; label: number}): Picture {
  return {path: join(root, file.path), label: labels[file.label]};
}

function median(figures: readonly Figures[], name: keyof Figures): number {
  const sorted = figures.map((each) => each[name]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function spread(figures: readonly Figures[], name: keyof Figures): string {
  const own = figures.map((each) => each[name]);
  const text = (value: number) => formatPercent(value, 1);
  return `${text(median(figures, name))} (${text(Math.min(...own))} to ${text(Math.max(...own))})`;
}
