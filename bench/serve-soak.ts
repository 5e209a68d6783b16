/**
 * Soak test of `rice serve`: friendly clients that upload real pictures, and all kinds of hostile ones
 * (`test/helpers/hostile-clients.ts`). Passes if the server neither ends nor fails, every friendly request is answered with
 * 200, and memory does not grow. Needs a build: `npx tsx bench/serve-soak.ts Rice_Image_Dataset [--minutes 10]`.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {Agent, request} from 'node:http';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {scanDataset} from '../src/dataset/scan.ts';
import {HOSTILE_CLIENTS} from '../test/helpers/hostile-clients.ts';

const {values, positionals} = parseArgs({options: {minutes: {type: 'string', default: '10'}}, allowPositionals: true});
const FRIENDLY = 4;
const HOSTILE = 8;
/** Megabytes by which memory in the second half may exceed that in the first half. */
const GROWTH = 32;

const dataset = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const every = Math.floor(dataset.files.length / 100);
const pictures = Array.from({length: 100}, (_, i) => readFileSync(join(dataset.root, dataset.files[i * every].path)));

const server = spawn(
  process.execPath,
  ['bin/run.js', 'serve', '--port', '0', '--log-level', 'error', '--timeout', '5'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const ended = once(server, 'exit');
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const url = /http:\S+/.exec(line)![0];
const agent = new Agent({keepAlive: true});
const until = Date.now() + Number(values.minutes) * 60_000;
const friendly = new Map<string, number>();
const hostile = new Map<string, Map<string, number>>();
const memory: number[] = [];
const delays: number[] = [];

await Promise.all([
  ...Array.from({length: FRIENDLY}, (_, i) => befriend(i)),
  ...Array.from({length: HOSTILE}, (_, i) => harass(i)),
  watchMemory(),
]);
server.kill('SIGTERM');
const [code] = await ended;

console.log(`${values.minutes} minutes, ${FRIENDLY} friendly and ${HOSTILE} hostile clients, Node ${process.version}`);
console.log('friendly:', Object.fromEntries(friendly));
for (const [name, outcomes] of hostile) console.log(`hostile, ${name}:`, Object.fromEntries(outcomes));
const [before, after] = [memory.slice(0, memory.length / 2), memory.slice(memory.length / 2)].map(median);
delays.sort((a, b) => a - b);
console.log(
  `friendly requests: median ${median(delays).toFixed(1)} ms, 99 % ${delays[Math.floor(delays.length * 0.99)].toFixed(0)} ms`,
);
console.log(
  `memory: ${before.toFixed(0)} MB in the first half, ${after.toFixed(0)} MB in the second, at most ${Math.max(...memory).toFixed(0)} MB`,
);
const outcome = (passed: boolean) => (passed ? 'PASS' : '**FAIL**');
console.log(`every friendly request answered with 200: ${outcome(friendly.size === 1 && friendly.has('200'))}`);
console.log(`no growth beyond ${GROWTH} MB: ${outcome(after - before <= GROWTH)}`);
console.log(`ended with ${code} when asked to: ${outcome(code === 0)}`);

async function befriend(offset: number): Promise<void> {
  for (let i = offset; Date.now() < until; i += FRIENDLY) {
    const started = performance.now();
    const status = await upload(pictures[i % pictures.length]);
    delays.push(performance.now() - started);
    count(friendly, status);
    await setTimeout(5);
  }
}

async function harass(offset: number): Promise<void> {
  const clients = Object.entries(HOSTILE_CLIENTS);
  for (let i = offset * 3; Date.now() < until; i++) {
    const [name, client] = clients[i % clients.length];
    const outcomes = hostile.get(name) ?? new Map<string, number>();
    hostile.set(name, outcomes);
    count(outcomes, await client(url, pictures[i % pictures.length]));
    await setTimeout(20);
  }
}

/** The server's memory in megabytes every two seconds, without the first fifth of the time, in which the heap grows. */
async function watchMemory(): Promise<void> {
  await setTimeout(Number(values.minutes) * 12_000);
  while (Date.now() < until) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const megabytes = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)![1]) / 2 ** 20;
    memory.push(megabytes('process_resident_memory_bytes'));
    if (memory.length % 15 === 0)
      console.log(
        `memory: ${megabytes('process_resident_memory_bytes').toFixed(0)} MB, of which ${megabytes('nodejs_heap_size_used_bytes').toFixed(0)} MB heap and ${megabytes('nodejs_external_memory_bytes').toFixed(0)} MB buffers`,
      );
    await setTimeout(2000);
  }
}

function upload(picture: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const headers = {'content-type': 'image/jpeg', 'content-length': picture.length};
    const sent = request(new URL('/predict', url), {method: 'POST', agent, headers}, (response) => {
      response.resume().on('end', () => resolve(`${response.statusCode}`));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end(picture);
  });
}

function count(outcomes: Map<string, number>, outcome: string): void {
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
