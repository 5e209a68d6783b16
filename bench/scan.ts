/**
 * How well and how fast `rice scan` finds, separates, measures, names and grades grains, as Markdown: on scenes composed from
 * the test part of the dataset (`bench/scenes`), and on photographs whose grains are counted. Needs a build, which it measures,
 * or `--sources`.
 * `npx tsx bench/scan.ts Rice_Image_Dataset [--scenes 66] [--seed 1] [--sections scenes,photographs,time] [--photographs DIR]
 *  [--model FILE] [--json FILE] [--save DIR] [--only 3,17] [--rounds 3] [--sources] [--mixed-batches]`
 * `--save` writes the scenes that were answered worst, `--only` measures these scenes of the seed, `--mixed-batches` lets a
 * scene have grains of both batches of Jasmine pictures, whose scales differ by 1.34. `PYTHON` is a Python with scikit-image and
 * Pillow, for the times.
 */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {parseArgs} from 'node:util';
import {formatCount, formatDuration} from '../src/cli/format.ts';
import {packageVersion} from '../src/common/package-root.ts';
import {shellWords} from '../src/common/shell-words.ts';
import {encodeJpeg} from '../src/image/formats/jpeg/encode.ts';
import type {Scanner as ScannerType} from '../src/scanning/scanner.ts';
import {Random} from '../src/training/random.ts';
import {measureScene, type SceneOutcome} from './scan/measure-scene.ts';
import {measurePhotographs, type PhotographOutcome} from './scan/photographs.ts';
import {planScenes} from './scan/scene-sets.ts';
import {
  countTable,
  goalTable,
  lieTable,
  nameTable,
  photographTable,
  shapeTable,
  timeTable,
  worstTable,
} from './scan/tables.ts';
import {measureTimes, type TimeOutcome} from './scan/time.ts';
import {writeTimedPictures} from './scan/timed-pictures.ts';
import {composeScene} from './scenes/compose.ts';
import {GrainPictures} from './scenes/grain-pictures.ts';
import {grainsOf} from './scenes/grains-of.ts';
import {factTable} from './trust/tables.ts';

const SECTIONS = ['scenes', 'photographs', 'time'] as const;
const {values, positionals} = parseArgs({
  options: {
    scenes: {type: 'string', default: '66'},
    seed: {type: 'string', default: '1'},
    sections: {type: 'string', default: SECTIONS.join()},
    photographs: {type: 'string'},
    model: {type: 'string'},
    json: {type: 'string'},
    save: {type: 'string'},
    only: {type: 'string'},
    rounds: {type: 'string', default: '3'},
    sources: {type: 'boolean', default: false},
    'mixed-batches': {type: 'boolean', default: false},
  },
  allowPositionals: true,
});
const [path] = positionals;
const [count, seed, rounds] = [values.scenes, values.seed, values.rounds].map(Number);
const only = values.only?.split(',').map(Number);
const sections = values.sections.split(',');
const known = sections.every((section) => SECTIONS.some((name) => name === section));
if (!path || positionals.length > 1 || !known || ![count, seed, rounds, ...(only ?? [])].every(Number.isInteger)) {
  process.stderr.write(
    'usage: npx tsx bench/scan.ts DATASET [--scenes 66] [--seed 1] [--sections scenes,photographs,time] [--photographs DIR]\n' +
      '       [--model FILE] [--json FILE] [--save DIR] [--only 3,17] [--rounds 3] [--sources] [--mixed-batches]\n',
  );
  process.exit(2);
}

const started = performance.now();
/** Pictures of each variety of the test part that are used. */
const PICTURES = 400;
const module = values.sources ? '../src/scanning/scanner.ts' : '../dist/index.js';
const {Scanner} = (await import(module)) as {Scanner: typeof ScannerType};
const scanner = await Scanner.load(values.model === undefined ? {} : {model: values.model});
const files = await grainsOf(path, 'test');
const pictures = await GrainPictures.load(files, {count: PICTURES, random: new Random(seed, 'pictures')});

const scenes = sections.includes('scenes') ? await measureScenes() : [];
const photographs =
  sections.includes('photographs') && values.photographs !== undefined
    ? await measurePhotographs(scanner, values.photographs, (name) => process.stderr.write(`${name}\n`))
    : [];
await scanner.release();
const times = sections.includes('time') ? await measureAllTimes() : [];
const {name, version, sha256} = scanner.model;
const facts = factTable([
  ['command', `\`${commandLine()}\``],
  ['date', new Date().toISOString().slice(0, 10)],
  ['machine', `${cpus()[0].model}, ${cpus().length} cores, Node ${process.versions.node}, rice ${packageVersion()}`],
  ['model', `${name} ${version}, SHA-256 \`${sha256}\``],
  ['dataset', `${formatCount(files.images)} images, DVC digest \`${files.digest}\`; grains of the test part`],
  [
    'scenes',
    `${scenes.length}, ${formatCount(scenes.reduce((sum, scene) => sum + scene.count, 0))} grains, seed ${seed}`,
  ],
  ['time', formatDuration((performance.now() - started) / 1000)],
]);
process.stdout.write(`${[facts, ...report(scenes, photographs, times)].join('\n\n')}\n`);
if (values.json !== undefined)
  writeFileSync(values.json, JSON.stringify({seed, digest: files.digest, scenes, photographs, times}));

async function measureScenes(): Promise<SceneOutcome[]> {
  const outcomes: SceneOutcome[] = [];
  const plans = planScenes(only ? Math.max(...only) + 1 : count, seed, pictures.labels);
  for (const {number, options, jpegQuality, random} of plans) {
    if (only && !only.includes(number)) continue;
    const scene = composeScene({...options, mixedBatches: values['mixed-batches']}, random, pictures);
    const jpeg = await encodeJpeg(scene.frame, jpegQuality);
    const {outcome, picture} = await measureScene(scanner, number, scene, jpeg);
    outcomes.push(outcome);
    const {masks, found, seconds} = outcome;
    process.stderr.write(
      `scene ${number}: ${options.ground}, overlap ${options.overlap}: ${found} of ${outcome.count}, ` +
        `${masks.matched} masks, ${seconds.toFixed(1)} s\n`,
    );
    const bad = found !== outcome.count || masks.matched < 0.97 * masks.truth;
    if (values.save === undefined || !(bad || only)) continue;
    mkdirSync(values.save, {recursive: true});
    writeFileSync(join(values.save, `scene-${seed}-${number}.jpg`), jpeg);
    const truth = scene.grains.map(({mask: _, visible: __, ...grain}) => grain);
    writeFileSync(join(values.save, `scene-${seed}-${number}.json`), JSON.stringify({outcome, picture, truth}));
  }
  return outcomes;
}

async function measureAllTimes(): Promise<TimeOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rice-scan-'));
  try {
    return measureTimes(process.env.PYTHON ?? 'python3', await writeTimedPictures(folder, pictures, seed), rounds);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function report(all: SceneOutcome[], taken: PhotographOutcome[], timed: TimeOutcome[]): string[] {
  return [
    ...(all.length > 0
      ? [
          '## Goals',
          goalTable(all),
          '## Counts and masks',
          countTable(all),
          '## Names',
          nameTable(all),
          'Shares by variety, broken grains included, of those that no border cuts: error in points, mean of all varieties, and mean of ' +
            'the largest of each scene; as they are printed, with `unknown` as one of them, and among the accepted grains.',
          'By how a grain lies, on all grounds but white:',
          lieTable(all.filter(({options}) => options.ground !== 'white')),
          '## Lengths and breaks',
          shapeTable(all),
          '## The worst scenes',
          worstTable(all, 12),
        ]
      : []),
    ...(taken.length > 0 ? ['## Photographs', photographTable(taken)] : []),
    ...(timed.length > 0 ? ['## Time and memory', timeTable(timed)] : []),
  ];
}

/** Replaces each path by its last part: the folders of one machine mean nothing on another. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => (word.startsWith('-') ? word : basename(word)));
  return shellWords(['npx', 'tsx', 'bench/scan.ts', ...words]);
}
