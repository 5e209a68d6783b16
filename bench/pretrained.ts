/**
 * How often a classifier on top of a frozen pretrained network is right, over several splits of a folder of labeled pictures:
 *
 *   npx tsx bench/pretrained.ts DIR NETWORK WEIGHTS [SPLITS] [FLAGS OF rice train ...]
 *
 * Prints the test accuracy of each split, and of all together with the 95 % interval of Wilson. Test parts of several splits overlap,
 * so that interval is a little too narrow. Needs a build.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {formatPercent} from '../src/common/format-percent.ts';
import {wilsonInterval} from '../src/common/wilson-interval.ts';

const BIN = join(import.meta.dirname, '..', 'bin', 'run.js');

const [dir, network, weights, splits = '5', ...flags] = process.argv.slice(2);
if (weights === undefined) throw new Error('usage: npx tsx bench/pretrained.ts DIR NETWORK WEIGHTS [SPLITS] [FLAGS]');
const folder = mkdtempSync(join(tmpdir(), 'rice-pretrained-'));
let images = 0;
let mistakes = 0;
try {
  for (let split = 0; split < Number(splits); split++) {
    const out = join(folder, `${split}`);
    const begins = ['--arch', network, '--pretrained', weights, '--freeze', 'backbone', '--split-seed', `${split}`];
    const args = [BIN, 'train', dir, ...begins, '--out', out, '--json', ...flags];
    const {test, seconds} = JSON.parse(
      execFileSync(process.execPath, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}),
    );
    images += test.images;
    mistakes += test.mistakes;
    console.log(
      `split ${split}: ${formatPercent(test.accuracy, 2)} of ${test.images} test pictures, ${seconds.toFixed(0)} s`,
    );
    rmSync(out, {recursive: true, force: true});
  }
  const {low, high} = wilsonInterval(images - mistakes, images);
  console.log(
    `all: ${formatPercent(1 - mistakes / images, 2)} of ${images} (95 % interval ${formatPercent(low, 2)} to ${formatPercent(high, 2)})`,
  );
} finally {
  rmSync(folder, {recursive: true, force: true});
}
