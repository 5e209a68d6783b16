/**
 * How often `rice train` ends otherwise than it should when it starts cold: many short trainings on a drawn dataset, two at
 * once, each with an empty cache, so that threads start and end while others still compile. Needs a build:
 * `npx tsx bench/cold-starts.ts [--count 500] [--at-once 2] [--bin bin/run.js]`.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {grainDataset} from '../test/training/grain-dataset.ts';

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '500'},
    'at-once': {type: 'string', default: '2'},
    bin: {type: 'string', default: 'bin/run.js'},
  },
});
const count = Number(values.count);
const folder = mkdtempSync(join(tmpdir(), 'rice-cold-'));
const outcomes = new Map<string, number>();
let next = 0;

async function start(i: number): Promise<void> {
  const home = join(folder, String(i));
  const args = [
    'train',
    join(folder, 'data'),
    '--epochs',
    '1',
    '--arch',
    'conv4',
    '--out',
    join(home, 'run'),
    '--quiet',
  ];
  const child = spawn(process.execPath, [resolve(values.bin), ...args], {
    env: {PATH: process.env.PATH, HOME: home, RICE_CACHE_DIR: join(home, 'cache'), RICE_THREADS: '4'},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (bytes: Buffer) => {
    told += bytes;
  });
  const outcome = await new Promise<string>((finish) =>
    child.once('close', (code, signal) => finish(signal ?? `exit code ${code}`)),
  );
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (outcome !== 'exit code 0') console.log(`start ${i}: ${outcome}\n${told.slice(0, 500)}`);
  rmSync(home, {recursive: true, force: true});
}

async function work(): Promise<void> {
  while (next < count) await start(next++);
}

try {
  for (const [name, bytes] of Object.entries(grainDataset())) {
    const path = join(folder, 'data', name);
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, bytes);
  }
  await Promise.all(Array.from({length: Number(values['at-once'])}, work));
} finally {
  rmSync(folder, {recursive: true, force: true});
}
const failed = count - (outcomes.get('exit code 0') ?? 0);
console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}: ${count} cold starts`);
for (const [outcome, times] of outcomes) console.log(`${outcome}: ${times}`);
process.exitCode = failed === 0 ? 0 : 1;
