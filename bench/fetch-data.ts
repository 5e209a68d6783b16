/**
 * Time of `rice fetch-data` to unpack and verify a zip archive of a dataset, compared with `unzip` followed by `md5sum` of
 * all files, in alternating rounds; and the time of a second run, which finds the dataset complete.
 *
 * Usage: npm run build && npx tsx bench/fetch-data.ts DIR [--rounds N] [--place FOLDER]
 * DIR is a copy of the Rice Image Dataset or a part of it. FOLDER is the destination. The default is `/dev/shm` (memory) if
 * it exists, because the time to create tens of thousands of files on a disk varies more than anything else. Needs zip,
 * unzip and md5sum.
 */
import {execFileSync, execSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {availableParallelism, cpus, tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {directoryDigest} from '../src/dataset/digest.ts';
import {hashDataset} from '../src/dataset/hash-dataset.ts';
import {scanDataset} from '../src/dataset/scan.ts';

const LIMIT = 1;
const LIMIT_SECONDS = 1;

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {rounds: {type: 'string', default: '5'}, place: {type: 'string'}},
});
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: npx tsx bench/fetch-data.ts DIR [--rounds N] [--place FOLDER]');
const dataset = resolve(folder);
const place = mkdtempSync(join(values.place ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir()), 'rice-bench-'));
const archive = join(place, 'rice.zip');
const target = join(place, 'unpacked');
const env = {...process.env, RICE_CACHE_DIR: join(place, 'cache')};
const bin = resolve(import.meta.dirname, '..', 'bin', 'run.js');

try {
  const {hashes, dataset: hashed} = await hashDataset(scanDataset(dataset));
  const digest = directoryDigest(hashed.files.map(({path}, i) => ({path, md5: hashes[i].md5})));
  execFileSync('zip', ['-q', '-r', archive, basename(dataset)], {cwd: dirname(dataset)});
  const fetchData = () =>
    seconds(() =>
      execFileSync(process.execPath, [bin, 'fetch-data', '--source', archive, '--digest', digest, '--dest', target], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env,
      }),
    );
  const rounds: {rice: number; reference: number; second: number}[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const rice = fetchData();
    const second = fetchData();
    clear();
    const reference = seconds(() => {
      execFileSync('unzip', ['-q', archive, '-d', target]);
      execSync('find . -type f -print0 | xargs -0 md5sum', {cwd: target, stdio: 'ignore', maxBuffer: 1 << 30});
    });
    clear();
    rounds.push({rice, reference, second});
    console.log(`${rice.toFixed(2)} s  ${reference.toFixed(2)} s  ${second.toFixed(2)} s`);
  }
  const ratio = median(rounds.map(({rice, reference}) => rice / reference));
  const second = median(rounds.map(({second}) => second));
  console.log(`
${hashed.files.length} pictures, ${digest}; ${place}; ${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}
rice fetch-data        ${median(rounds.map(({rice}) => rice)).toFixed(2)} s
unzip, then md5sum     ${median(rounds.map(({reference}) => reference)).toFixed(2)} s
ratio                  ${ratio.toFixed(2)} (limit ${LIMIT})${ratio <= LIMIT ? '' : ' **FAIL**'}
a second run           ${second.toFixed(2)} s (limit ${LIMIT_SECONDS})${second <= LIMIT_SECONDS ? '' : ' **FAIL**'}`);
} finally {
  rmSync(place, {recursive: true, force: true});
}

function clear(): void {
  rmSync(target, {recursive: true, force: true});
  rmSync(join(place, 'dataset.json'), {force: true});
  execSync('sync');
}

function seconds(action: () => unknown): number {
  const begin = performance.now();
  action();
  return (performance.now() - begin) / 1000;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
