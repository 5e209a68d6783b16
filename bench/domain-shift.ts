/**
 * The domain-shift test that the dataset offers: its Jasmine pictures were taken in two batches, numbers 1 to 11,720 and
 * the rest, with another scale and colour. Trains without the second batch and measures on it, and on the test part of
 * what was trained on: `npx tsx bench/domain-shift.ts Rice_Image_Dataset OUT [flags of rice train]`.
 */
import {execFileSync} from 'node:child_process';
import {linkSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const LAST_OF_FIRST_BATCH = 11_720;

const [dataset, out, ...flags] = process.argv.slice(2);
if (!dataset || !out) {
  process.stderr.write('usage: npx tsx bench/domain-shift.ts DATASET OUT [flags of rice train]\n');
  process.exit(2);
}

for (const label of readdirSync(dataset, {withFileTypes: true}).filter((entry) => entry.isDirectory())) {
  for (const name of readdirSync(join(dataset, label.name))) {
    const number = Number(/\((\d+)\)/.exec(name)?.[1]);
    const second = label.name === 'Jasmine' && number > LAST_OF_FIRST_BATCH;
    const folder = join(out, second ? 'second-batch' : 'first-batch', label.name);
    mkdirSync(folder, {recursive: true});
    linkSync(join(dataset, label.name, name), join(folder, name));
  }
}

const run = join(out, 'run');
rice(['train', join(out, 'first-batch'), '--out', run, ...flags]);
const model = join(run, 'model.onnx');
const shifted = JSON.parse(rice(['evaluate', join(out, 'second-batch'), '--model', model, '--json']));
const metrics = JSON.parse(readFileSync(join(run, 'metrics.json'), 'utf8'));
process.stdout.write(`test part of the first batches: ${percent(metrics.test.accuracy)} of ${metrics.test.images}\n`);
const taken = shifted.confusion.labels.map((label: string, column: number) => {
  const row = shifted.confusion.labels.indexOf('Jasmine');
  return `${label} ${shifted.confusion.matrix[row][column]}`;
});
process.stdout.write(
  `second batch of Jasmine: ${percent(shifted.accuracy)} of ${shifted.images}, taken for: ${taken.join(', ')}\n`,
);

/** Runs rice; its progress goes to this terminal, its result is returned. */
function rice(args: string[]): string {
  const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));
  return execFileSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e9,
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
