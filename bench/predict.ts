/**
 * Throughput of `rice predict` on a folder of real pictures, against what libjpeg-turbo alone takes to read and decode the
 * same files on as many threads, and against a Python pipeline (Pillow, PyTorch, the same network), in turn. Everything
 * counts for rice, its start as well. Needs a build: `npx tsx bench/predict.ts Rice_Image_Dataset [--images 10000]
 * [--rounds 5] [--threads 2]`; the Python side with `PYTHON=path/to/python` where that has torch and Pillow.
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
const LIMITS = {decode: 0.3, python: 3};
const AIMS = {decode: 0.5, python: 6};

const dataset = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const folder = linkSome(Number(images));
try {
  const rates = {rice: [] as number[], decode: [] as number[], python: [] as number[]};
  for (let round = 0; round < Number(rounds); round++) {
    rates.decode.push(Number(run(process.execPath, ['bench/decode-only.js', folder, threads]).stdout));
    const rice = run(process.execPath, ['bin/run.js', 'predict', folder, '--format=ndjson', '--output', '/dev/null']);
    rates.rice.push(Number(images) / rice.seconds);
    if (PYTHON) rates.python.push(Number(run(PYTHON, ['bench/predict.py', folder, threads]).stdout));
    const line = Object.entries(rates).flatMap(([name, all]) =>
      all.length > 0 ? [`${name} ${all.at(-1)!.toFixed(0)}`] : [],
    );
    console.log(`round ${round + 1}: ${line.join(', ')} images/s`);
  }
  console.log(`\n${cpus()[0].model}, ${threads} threads, ${images} images, Node ${process.version}`);
  for (const [name, key] of [
    ['libjpeg-turbo alone', 'decode'],
    ['Pillow and PyTorch', 'python'],
  ] as const) {
    if (rates[key].length === 0) continue;
    const ratio = median(rates[key].map((rate, round) => rates.rice[round] / rate));
    const verdict = ratio >= AIMS[key] ? 'PASS, aim reached' : ratio >= LIMITS[key] ? 'PASS' : '**FAIL**';
    console.log(
      `rice / ${name}: median ratio ${ratio.toFixed(2)} of ${rounds} rounds: ${verdict} (limit ${LIMITS[key]}, aim ${AIMS[key]})`,
    );
  }
} finally {
  rmSync(folder, {recursive: true});
}

/** A folder of links to so many pictures, spread evenly over the dataset. */
function linkSome(count: number): string {
  // Beside the dataset, since links do not reach over disks.
  const made = mkdtempSync(join(resolve(dataset.root, '..'), 'bench-'));
  mkdirSync(made, {recursive: true});
  const every = dataset.files.length / count;
  for (let i = 0; i < count; i++)
    linkSync(join(dataset.root, dataset.files[Math.floor(i * every)].path), join(made, `${i}.jpg`));
  return made;
}

function run(command: string, args: string[]): {stdout: string; seconds: number} {
  const start = performance.now();
  const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1e9});
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return {stdout, seconds};
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
