/**
 * Load test of `rice serve` and a reference (FastAPI, Pillow and PyTorch with the network conv4, `bench/serve.py`) in
 * alternating rounds: 16 connections upload real pictures as forms with autocannon. Limits: 4 times the requests per second
 * of the reference, and a 99th percentile that is no worse. Then one connection, compared with `Classifier` alone: at most
 * 2 ms more.
 * Needs a build: `PYTHON=... npx tsx bench/serve.ts Rice_Image_Dataset [--rounds 5] [--seconds 8] [--workers 2]`, where
 * PYTHON names a Python with torch, Pillow, FastAPI, python-multipart and uvicorn.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {Agent, request} from 'node:http';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import autocannon from 'autocannon';
import {scanDataset} from '../src/dataset/scan.ts';
import {Classifier} from '../src/model/classifier.ts';

const {values, positionals} = parseArgs({
  options: {
    rounds: {type: 'string', default: '5'},
    seconds: {type: 'string', default: '8'},
    workers: {type: 'string', default: '2'},
  },
  allowPositionals: true,
});
const CONNECTIONS = 16;
const PICTURES = 64;
const ALONE = 2000;
const PORTS = {rice: 18_431, reference: 18_432};
type Contender = keyof typeof PORTS;

const agent = new Agent({keepAlive: true, maxSockets: 1});
const dataset = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const every = Math.floor(dataset.files.length / PICTURES);
const pictures = Array.from({length: PICTURES}, (_, i) =>
  readFileSync(join(dataset.root, dataset.files[i * every].path)),
);
const HEADERS = {'content-type': 'multipart/form-data; boundary=grain'};
const forms = pictures.map((picture) =>
  Buffer.concat([
    Buffer.from(
      '--grain\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n',
    ),
    picture,
    Buffer.from('\r\n--grain--\r\n'),
  ]),
);

interface Load {
  rate: number;
  p50: number;
  p99: number;
}

const servers: ChildProcess[] = [];
try {
  const contenders: Contender[] = process.env.PYTHON ? ['rice', 'reference'] : ['rice'];
  for (const name of contenders) await start(name);
  for (const name of contenders) await load(name, 3);
  const loads = new Map(contenders.map((name) => [name, [] as Load[]]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of contenders) loads.get(name)!.push(await load(name, Number(values.seconds)));
    console.log(
      `round ${round + 1}: ${contenders.map((name) => `${name} ${describe(loads.get(name)!.at(-1)!)}`).join('; ')}`,
    );
  }
  console.log(`\n${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${CONNECTIONS} connections`);
  for (const name of contenders) console.log(`${name}: ${describe(medians(loads.get(name)!))}`);
  if (contenders.length === 2) compare(loads.get('rice')!, loads.get('reference')!);
  await compareAlone();
} finally {
  for (const server of servers) server.kill();
}

async function start(name: Contender): Promise<void> {
  const port = `${PORTS[name]}`;
  const [command, ...args] =
    name === 'rice'
      ? [process.execPath, 'bin/run.js', 'serve', '--port', port]
      : [process.env.PYTHON!, 'bench/serve.py', port, values.workers];
  servers.push(spawn(command, args, {stdio: 'ignore'}));
  for (let attempt = 0; attempt < 300; attempt++) {
    if (
      await timeOne(name, forms[0]).then(
        () => true,
        () => false,
      )
    )
      return;
    await setTimeout(100);
  }
  throw new Error(`${name} does not answer`);
}

async function load(name: Contender, duration: number): Promise<Load> {
  const result = await autocannon({
    url: `http://127.0.0.1:${PORTS[name]}`,
    connections: CONNECTIONS,
    duration,
    requests: forms.map((body) => ({method: 'POST' as const, path: '/predict', headers: HEADERS, body})),
  });
  if (result.non2xx + result.errors + result.timeouts > 0)
    throw new Error(`${name}: ${result.non2xx} answers are errors, ${result.errors} requests failed`);
  return {rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99};
}

function compare(rice: Load[], reference: Load[]): void {
  const ratio = median(rice.map(({rate}, round) => rate / reference[round].rate));
  const [own, other] = [medians(rice).p99, medians(reference).p99];
  console.log(`requests per second: ${ratio.toFixed(2)} times the reference (limit 4): ${outcome(ratio >= 4)}`);
  console.log(`99th percentile: ${own} ms, reference ${other} ms: ${outcome(own <= other)}`);
}

/** One connection, one picture after the other, alternating with the classifier in this process. */
async function compareAlone(): Promise<void> {
  const classifier = await Classifier.load({threads: 1});
  const alone: number[] = [];
  const served: number[] = [];
  for (let i = 0; i < ALONE + 200; i++) {
    const started = performance.now();
    await classifier.classify([pictures[i % PICTURES]]);
    const own = performance.now() - started;
    const answered = await timeOne('rice', forms[i % PICTURES]);
    // Warm-up for the JIT compiler.
    if (i < 200) continue;
    alone.push(own);
    served.push(answered);
  }
  await classifier.release();
  for (const share of [0.5, 0.99]) {
    const [own, other] = [quantile(served, share), quantile(alone, share)];
    const line = `one connection, quantile ${share}: ${own.toFixed(2)} ms, Classifier alone ${other.toFixed(2)} ms`;
    console.log(share === 0.5 ? `${line} (limit 2 ms more): ${outcome(own - other <= 2)}` : line);
  }
}

function timeOne(name: Contender, form: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const headers = {...HEADERS, 'content-length': form.length};
    const target = {host: '127.0.0.1', port: PORTS[name], method: 'POST', path: '/predict', agent, headers};
    const sent = request(target, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`${name} answers ${response.statusCode}`));
      });
    });
    sent.on('error', reject).end(form);
  });
}

function medians(loads: Load[]): Load {
  const of = (key: keyof Load) => median(loads.map((load) => load[key]));
  return {rate: of('rate'), p50: of('p50'), p99: of('p99')};
}

function describe({rate, p50, p99}: Load): string {
  return `${rate.toFixed(0)} requests/s, median ${p50} ms, 99 % ${p99} ms`;
}

function median(numbers: number[]): number {
  return quantile(numbers, 0.5);
}

function quantile(numbers: number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function outcome(passed: boolean): string {
  return passed ? 'PASS' : '**FAIL**';
}
