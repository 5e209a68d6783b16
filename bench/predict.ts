/**
 * Throughput of `rice predict` on a folder of real pictures, compared with only reading and decoding the same files with
 * libjpeg-turbo on as many threads, and with a Python pipeline (Pillow, PyTorch, the network conv4), in alternating rounds.
 * Each is timed as a whole process, and without its start-up, as the difference to a folder of few pictures.
 * Needs a build: `npx tsx bench/predict.ts Rice_Image_Dataset [--images 10000] [--rounds 5] [--threads 2]`; the Python side
 * with `PYTHON=path/to/python` where that has torch and Pillow.
 */
import {spawnSync} from 'node:child_process';
import {linkSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {cpus} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {scanDataset} from '../src/dataset/scan.ts';

const {values, positionals} = parseArgs({
  options: {
    images: {type: 'string', default: '10000'},
    rounds: {type: 'string', default: '5'},
    threads: {type: 'string', default: '2'},
  },
  allowPositionals: true,
});
const {images, rounds, threads} = values;
const PYTHON = process.env.PYTHON;
/** Number of pictures in the folder for measuring the start-up. */
const FEW = 300;
const many = Number(images);

/** The timed commands, and the required ratio of rice to each. */
const CONTENDERS = {
  rice: (folder: string) => [
    process.execPath,
    'bin/run.js',
    'predict',
    folder,
    '--format=ndjson',
    '--output=/dev/null',
  ],
  'libjpeg-turbo alone': (folder: string) => [process.execPath, 'bench/decode-only.js', folder, threads],
  'Pillow and PyTorch': (folder: string) => [PYTHON ?? '', 'bench/predict.py', folder, threads],
};
type Contender = keyof typeof CONTENDERS;
const LIMITS: Partial<Record<Contender, {limit: number; aim: number}>> = {
  'libjpeg-turbo alone': {limit: 0.3, aim: 0.5},
  'Pillow and PyTorch': {limit: 3, aim: 6},
};

const dataset = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const [large, small] = [linkSome(many), linkSome(FEW)];
try {
  const names = (Object.keys(CONTENDERS) as Contender[]).filter((name) => PYTHON || name !== 'Pillow and PyTorch');
  const whole = new Map(names.map((name) => [name, [] as number[]]));
  const running = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const name of names) {
      const seconds = time(CONTENDERS[name](large));
      whole.get(name)!.push(many / seconds);
      running.get(name)!.push((many - FEW) / (seconds - time(CONTENDERS[name](small))));
    }
    const line = names.map((name) => `${name} ${whole.get(name)![round].toFixed(0)}`);
    console.log(`round ${round + 1}: ${line.join(', ')} images/s`);
  }
  console.log(`\n${cpus()[0].model}, ${threads} threads, ${images} images, Node ${process.version}, ${rounds} rounds`);
  for (const name of names)
    console.log(
      `${name}: ${median(whole.get(name)!).toFixed(0)} images/s, ${median(running.get(name)!).toFixed(0)} without the start`,
    );
  for (const name of names) {
    const wanted = LIMITS[name];
    if (wanted) compare(name, wanted, [whole, running]);
  }
} finally {
  for (const folder of [large, small]) rmSync(folder, {recursive: true});
}

function compare(
  name: Contender,
  {limit, aim}: {limit: number; aim: number},
  [whole, running]: Map<Contender, number[]>[],
): void {
  const ratio = (rates: Map<Contender, number[]>) =>
    median(rates.get(name)!.map((rate, round) => rates.get('rice')![round] / rate));
  const outcome = ratio(whole) >= aim ? 'PASS, aim reached' : ratio(whole) >= limit ? 'PASS' : '**FAIL**';
  console.log(
    `rice / ${name}: median ratio ${ratio(whole).toFixed(2)} (${ratio(running).toFixed(2)} without the start): ${outcome} (limit ${limit}, aim ${aim})`,
  );
}

/** A folder of links to pictures that are evenly spaced over the dataset. */
function linkSome(count: number): string {
  // Beside the dataset, since hard links do not work across file systems.
  const made = mkdtempSync(join(resolve(dataset.root, '..'), 'bench-'));
  mkdirSync(made, {recursive: true});
  const every = dataset.files.length / count;
  for (let i = 0; i < count; i++)
    linkSync(join(dataset.root, dataset.files[Math.floor(i * every)].path), join(made, `${i}.jpg`));
  return made;
}

/** Wall time of a process in seconds. */
function time([command, ...args]: string[]): number {
  const start = performance.now();
  const {status, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1e9});
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return seconds;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
