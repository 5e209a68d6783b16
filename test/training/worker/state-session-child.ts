/**
 * `node state-session-child.ts WHAT DEVICE`: in a process of its own, since a driver may crash. `losses`: some steps of a small network, once
 * at a stretch and once interrupted by a checkpoint; `memory`: many steps with a large state. Prints what came of it as JSON.
 */
import {createHash} from 'node:crypto';
import {Tensor} from 'onnxruntime-node';
import type {Device} from '../../../src/model/devices.ts';
import {Graph} from '../../../src/onnx/graph.ts';
import {encodeModel} from '../../../src/onnx/model.ts';
import type {State} from '../../../src/training/artifact/checkpoint.ts';
import {classify, type Network} from '../../../src/training/networks/network.ts';
import {StateSession} from '../../../src/training/worker/state-session.ts';
import {randomBatch, stepOf} from '../step.ts';

const [what, device] = process.argv.slice(2) as ['losses' | 'memory', Device];

const STEPS = 6;
const INTERRUPTED = 3;
const SHAPE = {batchSize: 4, height: 24, width: 24, classes: 3};

/** A software driver takes a second for a step of conv4. */
const SMALL: Network = {
  summary: 'one convolution',
  build: (layers, image, head) =>
    classify(layers, layers.convolution('conv', layers.pixels(image), {kernel: 3, stride: 2, filters: 8}), head),
};

async function losses() {
  const step = stepOf(SMALL, SHAPE);
  const graph = encodeModel(step.graph.toProto('step'));
  const names = Object.keys(step.state).map((name) => ({name}));
  const initial = Object.fromEntries(Object.entries(step.state).map(([name, {data}]) => [name, data as Float32Array]));
  const open = (state: State) => StateSession.open(graph, device, {}, names, state);
  const steps = async (session: StateSession, from: number, to: number) => {
    const found: number[] = [];
    for (let i = from; i < to; i++) {
      const batch = randomBatch(SHAPE.batchSize, SHAPE, SHAPE.classes, i);
      const {loss} = await session.run({...batch, ...step.scalars(i + 1)});
      found.push((loss.data as Float32Array)[0]);
    }
    return found;
  };
  const session = await open(initial);
  const begun = await steps(session, 0, INTERRUPTED);
  const checkpoint = await session.state();
  // While the first is open, a software driver keeps what it has compiled.
  const resumed = await open(checkpoint);
  const rest = {
    undisturbed: await steps(session, INTERRUPTED, STEPS),
    resumed: await steps(resumed, INTERRUPTED, STEPS),
  };
  const found = {
    losses: [...begun, ...rest.undisturbed],
    resumed: [...begun, ...rest.resumed],
    copied: session.copied,
    state: 4 * Object.values(initial).reduce((sum, {length}) => sum + length, 0),
    after: summary(await session.state()),
    resumedAfter: summary(await resumed.state()),
  };
  await session.release();
  await resumed.release();
  return found;
}

/** A digest of everything, and some of the parameters. */
function summary(state: State) {
  const digest = createHash('sha256');
  for (const name of Object.keys(state).sort()) digest.update(state[name]);
  return {digest: digest.digest('hex'), parameters: [...state.parameters.filter((_, i) => i % 97 === 0)]};
}

const LENGTH = 1e6;
const MANY = 200;
/** Steps after which everything is there that stays. */
const SETTLED = 20;

/** The state grows by `by` a step: 4 MB that must not be left behind each time. */
async function memory() {
  const graph = new Graph();
  const next = graph.node('Add', [graph.input('x', 'float32', [LENGTH]), graph.input('by', 'float32', [])]);
  graph.output('next.x', next);
  graph.output('largest', graph.node('ReduceMax', [next], {keepdims: 0}));
  const model = encodeModel(graph.toProto('step'));
  const session = await StateSession.open(model, device, {}, [{name: 'x'}], {x: new Float32Array(LENGTH)});
  let settled = 0;
  for (let i = 1; i <= MANY; i++) {
    await session.run({by: new Tensor('float32', [2], [])});
    if (i === SETTLED) settled = process.memoryUsage().rss;
  }
  const grown = process.memoryUsage().rss - settled;
  const {x} = await session.state();
  await session.release();
  return {grown, copied: session.copied, first: x[0], last: x[LENGTH - 1], length: x.length, leak: 4 * LENGTH * MANY};
}

process.stdout.write(`${JSON.stringify(await (what === 'losses' ? losses() : memory()))}\n`);
