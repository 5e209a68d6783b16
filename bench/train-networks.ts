/**
 * Training speed of any networks compared with PyTorch and timm: the same network, batch, size, optimizer (AdamW) and number of
 * threads. Steps alternate, one of rice, one of PyTorch in either memory layout, and each ratio is that of one turn; the medians are
 * printed, of wall time and of processor time, which is what counts on a machine that others use, and the peak memory of both.
 * `--profile` prints in what operators, and at what shapes, a step of rice spends its time instead. Needs a Python with torch and timm:
 * `PYTHON=... npx tsx bench/train-networks.ts mobilenetv3_small resnet50 [--width 224] [--height 104] [--batch 32] [--rounds 5]`.
 */
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession} from '../src/model/devices.ts';
import {encodeModel} from '../src/onnx/model.ts';
import {buildStepGraph} from '../src/training/graphs/step-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../src/training/networks/index.ts';
import {OPTIMIZERS} from '../src/training/optimizers.ts';
import {initialParameters, initialStatistics} from '../src/training/parameters.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    width: {type: 'string', default: '224'},
    height: {type: 'string', default: '104'},
    batch: {type: 'string', default: '32'},
    rounds: {type: 'string', default: '5'},
    threads: {type: 'string', default: '1'},
    profile: {type: 'boolean', default: false},
    alone: {type: 'boolean', default: false},
  },
});
const [width, height, batch, rounds, threads] = [
  values.width,
  values.height,
  values.batch,
  values.rounds,
  values.threads,
].map(Number);
const CLASSES = 5;
const TIMM: Partial<Record<NetworkName, string>> = {
  resnet18: 'resnet18',
  resnet50: 'resnet50',
  mobilenetv3_small: 'mobilenetv3_small_100',
  mobilenetv3_large: 'mobilenetv3_large_100',
  efficientnet_lite0: 'tf_efficientnet_lite0',
  efficientnet_b0: 'efficientnet_b0',
  convnext_atto: 'convnext_atto',
};

const LAYOUTS = ['contiguous', 'channels_last'] as const;
type Layout = (typeof LAYOUTS)[number];

/** Milliseconds of a step. */
interface Time {
  wall: number;
  cpu: number;
}

if (positionals.length === 1) await measure(positionals[0] as NetworkName);
else {
  // Each in a process of its own, whose peak memory is then that of the network.
  for (const name of positionals) {
    const options = process.argv.slice(2).filter((each) => !positionals.includes(each));
    execFileSync(process.execPath, [...process.execArgv, process.argv[1], name, ...options], {stdio: 'inherit'});
  }
}

async function measure(name: NetworkName): Promise<void> {
  const {bytes, feeds, scalars, state, parameters} = stepOf(name);
  if (values.profile) return profile(bytes, {...feeds, ...state, ...scalars(1)});
  const session = await createSession(bytes, 'cpu', {threads});
  let vectors = state;
  let count = 0;
  const run = async (): Promise<Time> => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const results = await session.run({...vectors, ...feeds, ...scalars(++count)});
    const {user, system} = process.cpuUsage(used);
    const wall = performance.now() - start;
    vectors = Object.fromEntries(Object.keys(state).map((each) => [each, results[`next.${each}`] as Tensor]));
    return {wall, cpu: (user + system) / 1000};
  };
  const other = values.alone ? undefined : await startPyTorch(TIMM[name]!, parameters);
  const ours: Time[] = [];
  const theirs: Record<Layout, Time[]> = {contiguous: [], channels_last: []};
  for (let round = 0; round <= rounds; round++) {
    const times = [await run(), await other?.step('contiguous'), await other?.step('channels_last')] as const;
    // The first step allocates.
    if (round === 0) continue;
    ours.push(times[0]);
    if (times[1]) theirs.contiguous.push(times[1]);
    if (times[2]) theirs.channels_last.push(times[2]);
  }
  const rate = (times: Time[], of: keyof Time) => (batch * 1000) / median(times.map((time) => time[of]));
  const figures = (times: Time[]) => `${rate(times, 'wall').toFixed(1)} (${rate(times, 'cpu').toFixed(1)})`;
  const columns = [name, `${width} x ${height}`, `batch ${batch}`, `rice ${figures(ours)}`];
  for (const layout of other ? LAYOUTS : []) {
    const ratio = (of: keyof Time) =>
      median(ours.map((time, round) => theirs[layout][round][of] / time[of])).toFixed(2);
    columns.push(`PyTorch ${layout} ${figures(theirs[layout])}, ratio ${ratio('wall')} (${ratio('cpu')})`);
  }
  columns.push(`peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
  if (other) columns.push(`PyTorch ${(await other.end()).toFixed(0)} MB`);
  console.log(`${columns.join(' | ')}; pictures/s of wall time (of processor time)`);
  await session.release();
}

function stepOf(name: NetworkName) {
  const network = NETWORKS[name];
  const layout = layoutOf(network, {width, height}, CLASSES);
  const {graph, state, scalars, noise} = buildStepGraph({
    network,
    layout,
    optimizer: OPTIMIZERS.adamw,
    batchSize: batch,
    width,
    height,
    classes: CLASSES,
    labelSmoothing: 0,
    dropout: 0,
    clipNorm: 0,
  });
  if (noise.length > 0) throw new Error(`${name} needs noise`);
  const parameters = initialParameters(layout, 1);
  const statistics = initialStatistics(layout);
  const initial: Record<string, Float32Array> = {
    parameters,
    averagedParameters: parameters,
    statistics,
    averagedStatistics: statistics,
  };
  const image = new Uint8Array(batch * width * height * 3).map((_, i) => (i * 7919) % 251);
  const target = new Float32Array(batch * CLASSES).map((_, i) =>
    i % CLASSES === Math.floor(i / CLASSES) % CLASSES ? 1 : 0,
  );
  return {
    bytes: encodeModel(graph.toProto('step')),
    parameters: layout.parameterCount,
    feeds: {
      image: new Tensor('uint8', image, [batch, height, width, 3]),
      target: new Tensor('float32', target, [batch, CLASSES]),
    },
    state: Object.fromEntries(
      state.map(({name: of, length}) => [
        of,
        new Tensor('float32', initial[of]?.slice() ?? new Float32Array(length), [length]),
      ]),
    ) as Record<string, Tensor>,
    scalars(step: number) {
      const all: Record<string, number> = {
        learningRate: 1e-3,
        weightDecay: 0.01,
        statisticsMomentum: 0.1,
        averageDecay: 0.99,
        ...OPTIMIZERS.adamw.scalars(step),
      };
      return Object.fromEntries(scalars.map((of) => [of, new Tensor('float32', [all[of]], [])]));
    },
  };
}

interface Event {
  cat: string;
  name: string;
  dur: number;
  args: {
    op_name?: string;
    input_type_shape?: Record<string, number[]>[];
    output_type_shape?: Record<string, number[]>[];
  };
}

/** The time of a step by operator, and by operator and shapes. */
async function profile(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'step'),
    logSeverityLevel: 4,
    extra: {session: {intra_op: {allow_spinning: '0'}, set_denormal_as_zero: '1'}},
  });
  for (let round = 0; round < rounds; round++) await session.run(feeds);
  session.endProfiling();
  await session.release();
  const file = execFileSync('ls', [folder], {encoding: 'utf8'}).trim();
  const all = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[];
  rmSync(folder, {recursive: true});
  // The shortest time of each node, which is least disturbed by others.
  const shortest = new Map<string, Event>();
  for (const event of all.filter(({name}) => name.endsWith('_kernel_time')))
    if (event.dur < (shortest.get(event.name)?.dur ?? Number.POSITIVE_INFINITY)) shortest.set(event.name, event);
  const events = [...shortest.values()];
  const total = events.reduce((sum, {dur}) => sum + dur, 0) / 1000;
  console.log(`${total.toFixed(0)} ms a step, ${((batch * 1000) / total).toFixed(1)} pictures/s`);
  const shapes = (of: Record<string, number[]>[] = []) => of.map((each) => Object.values(each).join()).join(' ');
  for (const [keyOf, most] of [
    [({args}: Event) => args.op_name!, 30],
    [({args}: Event) => `${args.op_name} ${shapes(args.input_type_shape)} -> ${shapes(args.output_type_shape)}`, 40],
  ] as const) {
    const sums = new Map<string, {ms: number; count: number}>();
    for (const event of events) {
      const sum = sums.get(keyOf(event)) ?? {ms: 0, count: 0};
      sums.set(keyOf(event), {ms: sum.ms + event.dur / 1000, count: sum.count + 1});
    }
    const sorted = [...sums].sort(([, a], [, b]) => b.ms - a.ms).slice(0, most);
    for (const [key, {ms, count}] of sorted)
      console.log(
        `${ms.toFixed(1).padStart(8)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} % ${String(count).padStart(4)} x  ${key}`,
      );
    console.log('');
  }
}

/** The PyTorch side, which makes a step whenever it is asked to. */
async function startPyTorch(timm: string, expected: number) {
  const script = new URL('./train-networks.py', import.meta.url).pathname;
  const options = [timm, threads, batch, width, height].map(String);
  const child = spawn(process.env.PYTHON ?? 'python3', [script, ...options], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const ask = async (question: string) => {
    child.stdin.write(`${question}\n`);
    return JSON.parse((await lines.next()).value as string);
  };
  const {parameters} = await ask('parameters');
  if (parameters !== expected)
    throw new Error(`PyTorch trains ${parameters} parameters, rice ${expected}: not the same network`);
  return {
    step: (layout: Layout): Promise<Time> => ask(layout),
    /** Peak memory in MB. */
    async end(): Promise<number> {
      const {megabytes} = await ask('memory');
      child.stdin.end();
      return megabytes;
    },
  };
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
