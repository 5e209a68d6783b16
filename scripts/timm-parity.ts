/**
 * Our side of the comparison with timm (see timm_parity.py): the logits of a network with drawn weights, and the gradient and the
 * state of some training steps, as raw little-endian files with a JSON description.
 *
 *   node --import tsx scripts/timm-parity.ts FOLDER
 *
 * FOLDER/case.json says what is computed; the results are written beside it.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Tensor} from 'onnxruntime-node';
import {createSession} from '../src/model/devices.ts';
import type {Graph} from '../src/onnx/graph.ts';
import {encodeModel} from '../src/onnx/model.ts';
import {buildEvaluationGraph} from '../src/training/graphs/evaluation-graph.ts';
import {buildCalibrationGraph} from '../src/training/graphs/model-graph.ts';
import {buildStepGraph} from '../src/training/graphs/step-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../src/training/networks/index.ts';
import {OPTIMIZERS} from '../src/training/optimizers.ts';
import {type Layout, placeParameters} from '../src/training/parameters.ts';
import type {Weights} from '../src/training/weights.ts';
import {StateSession} from '../src/training/worker/state-session.ts';
import {type BatchShape, type Draw, drawnBatch, drawnWeights} from '../test/helpers/drawn-weights.ts';

/** Weights are drawn by it before they are trained; the logits are those of wide ones. */
interface Case extends BatchShape, Draw {
  network: NetworkName;
  steps: number;
  learningRate: number;
  weightDecay: number;
  smoothing: number;
  /** How the names of parameters and statistics begin that do not learn. */
  frozen: string[];
  /** Factors of the learning rate by how names begin. */
  rates: Record<string, number>;
  freezeStatistics: boolean;
}

const [folder] = process.argv.slice(2);
await record(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')));

async function record(options: Case): Promise<void> {
  const network = NETWORKS[options.network];
  const whole = layoutOf(network, options, options.classes);
  const {learning: layout, frozen: still} = divide(whole, options.frozen);
  const of = (draw: Draw) => ({
    ...drawnWeights(layout, draw),
    layout,
    frozen: {...drawnWeights(still, draw), layout: still},
  });
  const steps = await train(options, of(options));
  const logits = await evaluate(options, of({...options, ranges: 'wide'}));
  writeFileSync(join(folder, 'result.json'), JSON.stringify({layout, onnxruntime: version(), ...steps, ...logits}));
}

/** What learns, and what stays as it is. */
function divide(layout: Layout, prefixes: string[]): {learning: Layout; frozen: Layout} {
  const isFrozen = ({name}: {name: string}) => prefixes.some((prefix) => name.startsWith(prefix));
  const part = (wanted: boolean) =>
    placeParameters(
      layout.parameters.filter((spec) => isFrozen(spec) === wanted),
      layout.statistics.filter((spec) => isFrozen(spec) === wanted),
    );
  return {learning: part(false), frozen: part(true)};
}

interface Start extends Weights {
  layout: Layout;
  frozen: Weights;
}

/** Runs the steps; writes the gradient of the first and the state after the last. */
async function train(options: Case, {layout, frozen, ...weights}: Start) {
  const {steps, freezeStatistics, smoothing} = options;
  const step = buildStepGraph({
    ...options,
    network: NETWORKS[options.network],
    layout,
    optimizer: OPTIMIZERS.adamw,
    labelSmoothing: smoothing,
    dropout: 0,
    clipNorm: 0,
    rates: ratesOf(layout, options.rates),
    frozen,
    freezeStatistics,
  });
  const known: Record<string, Float32Array> = weights;
  const initial = step.state.map(({name, length}) => [name, known[name] ?? new Float32Array(length)]);
  const before = process.memoryUsage().rss;
  const graph = encodeModel(step.graph.toProto('step'));
  const session = await StateSession.open(graph, 'cpu', {}, step.state, Object.fromEntries(initial));
  const batch = drawnBatch(options);
  const losses: number[] = [];
  const milliseconds: number[] = [];
  for (let number = 1; number <= steps; number++) {
    const begin = performance.now();
    const {loss} = await session.run({...batch, ...numbers(step.scalars, options, number)});
    milliseconds.push(performance.now() - begin);
    losses.push((loss.data as Float32Array)[0]);
    // The first moment after one step from 0 is a tenth of the gradient.
    if (number === 1)
      write(
        'gradient',
        session.state().firstMoment.map((value) => value / 0.1),
      );
  }
  const {parameters, statistics} = session.state();
  write('parameters', parameters);
  if (statistics) write('statistics', statistics);
  const memory = {before, peak: process.resourceUsage().maxRSS * 1024, state: stateBytes(step.state)};
  await session.release();
  return {losses, milliseconds, memory};
}

function ratesOf(layout: Layout, factors: Record<string, number>): Map<string, number> {
  const factorOf = (name: string) => Object.entries(factors).find(([prefix]) => name.startsWith(prefix))?.[1] ?? 1;
  return new Map(layout.parameters.map(({name}) => [name, factorOf(name)]));
}

function numbers(names: string[], {learningRate, weightDecay}: Case, step: number): Record<string, Tensor> {
  const values: Record<string, number> = {
    ...{learningRate, weightDecay, statisticsMomentum: 0.1, averageDecay: 0},
    ...OPTIMIZERS.adamw.scalars(step),
  };
  return Object.fromEntries(names.map((name) => [name, new Tensor('float32', [values[name]], [])]));
}

function stateBytes(state: {length: number}[]): number {
  return state.reduce((sum, {length}) => sum + 4 * length, 0);
}

/** The logits of the graph with weights as inputs, and of the finished model's, before a step. */
async function evaluate(options: Case, weights: Start) {
  const network = NETWORKS[options.network];
  const {layout, parameters, statistics, frozen} = weights;
  const {image} = drawnBatch(options);
  const vector = (values: Float32Array) => new Tensor('float32', values, [values.length]);
  const evaluation = buildEvaluationGraph(network, layout, options, options.classes, {frozen});
  const inputs = {parameters: vector(parameters), ...(statistics.length > 0 ? {statistics: vector(statistics)} : {})};
  const model = buildCalibrationGraph({network, ...weights}, options, options.classes);
  return {
    evaluation: await logitsOf(evaluation, {image, ...inputs}),
    exported: await logitsOf(model, {image}),
  };
}

async function logitsOf(graph: Graph, feeds: Record<string, Tensor>): Promise<number[]> {
  const session = await createSession(encodeModel(graph.toProto('logits')), 'cpu');
  const {logits} = await session.run(feeds);
  await session.release();
  return [...(logits.data as Float32Array)];
}

function version(): string {
  return JSON.parse(readFileSync('node_modules/onnxruntime-node/package.json', 'utf8')).version;
}

function write(name: string, {buffer, byteOffset, byteLength}: Float32Array): void {
  writeFileSync(join(folder, `${name}.bin`), new Uint8Array(buffer, byteOffset, byteLength));
}
