/**
 * How often a process aborts or hangs when threads end that have just done hot work: pools of two threads that prepare drawn
 * pictures, opened and closed many times, in three processes at once. Needs a build: `npx tsx bench/thread-ends.ts
 * [--count 500]`.
 */
import {type ChildProcess, fork} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {WorkerPool} from '../src/common/worker-pool.ts';
import {grainDataset} from '../test/training/grain-dataset.ts';

const PROCESSES = 3;
/** Milliseconds after which an ending counts as a hang. */
const HANG_MS = 30_000;

const {values, positionals} = parseArgs({
  options: {count: {type: 'string', default: '500'}},
  allowPositionals: true,
});
const count = Number(values.count);
const [folder] = positionals;
if (folder === undefined) await drill();
else await closePools(folder);

async function drill(): Promise<void> {
  const pictures = mkdtempSync(join(tmpdir(), 'rice-threads-'));
  try {
    for (const [name, bytes] of Object.entries(grainDataset())) {
      mkdirSync(dirname(join(pictures, name)), {recursive: true});
      writeFileSync(join(pictures, name), bytes);
    }
    const ends = Array.from({length: PROCESSES}, async () => {
      const child = fork(import.meta.filename, ['--count', String(count), pictures]);
      return endOf(child);
    });
    const outcomes = await Promise.all(ends);
    console.log(`${availableParallelism()} cores, Node ${process.version}: ${PROCESSES} times ${count} pools closed`);
    console.log(outcomes.join(', '));
    if (outcomes.some((outcome) => outcome !== 'exit code 0')) process.exitCode = 1;
  } finally {
    rmSync(pictures, {recursive: true, force: true});
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`)));
}

async function closePools(pictures: string): Promise<void> {
  const files = Object.keys(grainDataset()).map((name) => join(pictures, name));
  const file = join(import.meta.dirname, '..', 'dist', 'dataset', 'cache', 'prepare-worker.js');
  for (let i = 0; i < count; i++) {
    const pool = new WorkerPool({file, execArgv: []}, 2, {width: 120, height: 56});
    await Promise.all([pool.run({files: files.slice(0, 60)}), pool.run({files: files.slice(60)})]);
    const hang = setTimeout(() => {
      console.log(`closing pool ${i} hangs`);
      process.exit(3);
    }, HANG_MS);
    await pool.close();
    clearTimeout(hang);
  }
}
