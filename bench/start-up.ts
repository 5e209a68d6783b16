/**
 * Start-up time: the wall time of `rice --version`, `--help` and a prediction of one picture compared with that of
 * `node -e 0`, in alternating rounds so that load affects all alike. Prints medians, ratios, and whether each is within
 * its limit. Needs a build and a model: `npx tsx bench/start-up.ts [--rounds 21] [--model FILE]`.
 */
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';

const root = join(import.meta.dirname, '..');
const {values} = parseArgs({options: {rounds: {type: 'string', default: '21'}, model: {type: 'string'}}});
const rounds = Number(values.rounds);
const samples = join(root, 'test', 'samples');
const picture = join(samples, readdirSync(samples)[0]);
const rice = join(root, 'bin', 'run.js');
const model = values.model ? ['--model', values.model] : [];

const BASE = 'node -e 0';
const CASES = [
  {name: BASE, args: ['-e', '0'], limit: Number.POSITIVE_INFINITY},
  {name: 'rice --version', args: [rice, '--version'], limit: 2.5},
  {name: 'rice --help', args: [rice, '--help'], limit: 3.5},
  {name: 'rice predict one.jpg', args: [rice, 'predict', picture, '--device', 'cpu', ...model], limit: 4},
];

for (const {args} of CASES) measure(args);
const times = CASES.map(() => [] as number[]);
for (let round = 0; round < rounds; round++) {
  for (const [i, {args}] of CASES.entries()) times[i].push(measure(args));
}

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, medians of ${rounds} rounds\n`);
for (const [i, {name, limit}] of CASES.entries()) {
  // Ratios per round, so that temporary load cancels out.
  const ratio = median(times[i].map((time, round) => time / times[0][round]));
  const outcome = name === BASE ? '' : `${ratio <= limit ? 'PASS' : '**FAIL**'} (limit ${limit.toFixed(1)})`;
  const time = `${median(times[i]).toFixed(0)} ms`;
  console.log(`${name.padEnd(22)} ${time.padStart(7)}  ${ratio.toFixed(2).padStart(5)} x  ${outcome}`.trimEnd());
}

/** Wall time of one run in milliseconds. */
function measure(args: string[]): number {
  const start = performance.now();
  const {status, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8'});
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return time;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
