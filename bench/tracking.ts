/**
 * What tracking costs a training: the same training without trackers, with all four and services that answer, and with
 * services that accept connections and never answer. They take turns, so that a busy machine is busy for all.
 *
 * usage: npx tsx bench/tracking.ts [DIR] [ROUNDS]     (after npm run build)
 */
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';

const bin = fileURLToPath(new URL('../bin/run.js', import.meta.url));
const [folder = 'data/Rice_Image_Dataset', rounds = '3'] = process.argv.slice(2);
const EPOCHS = process.env.EPOCHS ?? '3';
const scratch = mkdtempSync(join(tmpdir(), 'rice-tracking-'));

/** A server in a thread of its own, since this one waits for the trainings. */
function serve(answers: boolean): Promise<number> {
  const code = `
    const {createServer} = require('node:http');
    const {parentPort} = require('node:worker_threads');
    const known = {experiment: {experiment_id: '1', lifecycle_stage: 'active'},
      run: {info: {run_id: 'r', artifact_uri: 'mlflow-artifacts:/1/r/artifacts'}}};
    const bucket = {name: 'n', project: {name: 'p', entity: {name: 'e'}}};
    const data = {viewer: {entity: 'e'}, upsertBucket: {bucket}, createRunFiles: {uploadHeaders: [], files: []},
      createArtifact: {artifact: {id: 'a', state: 'COMMITTED'}}};
    createServer((request, response) => {
      request.resume();
      if (${answers}) request.on('end', () => response.end(JSON.stringify({...known, data})));
    }).listen(0, '127.0.0.1', function () { parentPort.postMessage(this.address().port); });`;
  return new Promise((resolve) => {
    const worker = new Worker(code, {eval: true});
    worker.unref();
    worker.once('message', resolve);
  });
}

const [answering, silent] = [await serve(true), await serve(false)];
const services = (port: number) => {
  const address = `http://127.0.0.1:${port}`;
  return {MLFLOW_TRACKING_URI: address, WANDB_BASE_URL: address, WANDB_API_KEY: 'k'.repeat(40)};
};
const kinds = {
  none: {args: [], env: {}},
  all: {args: ['--track', 'wandb,mlflow,tensorboard,dvclive'], env: services(answering)},
  hanging: {args: ['--track', 'wandb,mlflow'], env: services(silent)},
};
type Kind = keyof typeof kinds;
const seconds: Record<Kind, number[]> = {none: [], all: [], hanging: []};
/** From the end of the run, as its journal has it, to that of the process. */
const waits: Record<Kind, number[]> = {none: [], all: [], hanging: []};

for (let round = 0; round <= Number(rounds); round++)
  for (const kind of Object.keys(kinds) as Kind[]) {
    const {args, env} = kinds[kind];
    const out = join(scratch, `${kind}-${round}`);
    const common = ['train', folder, '--epochs', EPOCHS, '--device', 'cpu', '--quiet', '--out', out, ...args];
    const from = performance.now();
    const {status, stderr} = spawnSync(process.execPath, [bin, ...common], {
      cwd: scratch,
      env: {...process.env, RICE_CACHE_DIR: join(scratch, 'cache'), ...env},
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    // The first round fills the cache of prepared pictures.
    if (round === 0) continue;
    seconds[kind].push((performance.now() - from) / 1000);
    const journal = join(out, 'tracking', 'events.ndjson');
    const last = existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n').at(-1) : undefined;
    waits[kind].push(last === undefined ? 0 : (Date.now() - JSON.parse(last).time) / 1000);
  }
rmSync(scratch, {recursive: true, force: true});

const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
for (const kind of Object.keys(kinds) as Kind[]) {
  const ratio = middle(seconds[kind].map((value, i) => value / seconds.none[i]));
  const end = `the process ends ${middle(waits[kind]).toFixed(2)} s after the run`;
  console.log(
    `${kind.padEnd(8)} ${middle(seconds[kind]).toFixed(2)} s, ${ratio.toFixed(3)} of that without trackers; ${end}`,
  );
}
