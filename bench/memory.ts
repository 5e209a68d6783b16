/**
 * Resident memory of `rice predict` on a folder with very many pictures, which are repeated links to the pictures of a
 * dataset. Needs Linux and a build: `npx tsx bench/memory.ts Rice_Image_Dataset [--images 1000000]`.
 */
import {spawn} from 'node:child_process';
import {linkSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {cpus} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {scanDataset} from '../src/dataset/scan.ts';

const {values, positionals} = parseArgs({
  options: {images: {type: 'string', default: '1000000'}},
  allowPositionals: true,
});
const count = Number(values.images);
const LIMIT_MB = 400;
const SAMPLES = 10;

const {root, files} = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const folder = mkdtempSync(join(resolve(root, '..'), 'bench-'));
try {
  for (let i = 0; i < count; i++) linkSync(join(root, files[i % files.length].path), join(folder, `${i}.jpg`));
  const child = spawn(process.execPath, ['bin/run.js', 'predict', folder, '--format', 'ndjson'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const samples: {done: number; resident: number}[] = [];
  let done = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) done++;
    if (done * SAMPLES >= count * (samples.length + 1)) samples.push({done, resident: memoryOf('VmRSS')});
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf('VmHWM'));
  }, 500);
  const started = performance.now();
  const code = await new Promise((finish) => child.once('close', finish));
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}: exit code ${code}`);
  for (const {done: at, resident} of samples)
    console.log(`${String(at).padStart(9)} pictures: ${resident.toFixed(0)} MB`);
  const outcome = peak <= LIMIT_MB ? 'PASS' : '**FAIL**';
  console.log(
    `${done} pictures in ${seconds.toFixed(0)} s, peak ${peak.toFixed(0)} MB: ${outcome} (limit ${LIMIT_MB} MB)`,
  );

  /** Megabytes, from /proc; 0 if the process has ended. */
  function memoryOf(field: string): number {
    try {
      const line = readFileSync(`/proc/${child.pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'));
      return Number(line?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }
} finally {
  rmSync(folder, {recursive: true});
}
