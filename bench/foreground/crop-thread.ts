/** Makes batches of crops for the network that tells grains from bright grounds, one for each message: some new, most seen before and laid another way. */
import {parentPort, workerData} from 'node:worker_threads';
import type {Frame} from '../../src/image/frame.ts';
import {estimateGround} from '../../src/scanning/foreground/ground.ts';
import {CHANNELS, foregroundInput} from '../../src/scanning/foreground/network/network-input.ts';
import {Random} from '../../src/training/random.ts';
import type {BatchOptions, PixelBatch} from '../pixels/batches.ts';
import {composeScene} from '../scenes/compose.ts';
import {GrainPictures} from '../scenes/grain-pictures.ts';
import {grainsOf} from '../scenes/grains-of.ts';
import {type GroundKind, THINGS} from '../scenes/types.ts';
import {blur} from '../separation/crop.ts';
import {turnPlanes} from '../separation/turn.ts';

const {dataset, pictures: count, seed, batchSize, side, from} = workerData as BatchOptions & {dataset: string};
const random = new Random(seed, 'pictures');
const pictures = await GrainPictures.load(await grainsOf(dataset, 'train'), {count, random, scale: 0.55});

/** Side of a scene in pixels; crops are cut from it. */
const SCENE = 320;
const CROPS = 4;
const POOL = 600;
/** Scenes made for each batch. */
const NEW = 1;
const GROUNDS: readonly GroundKind[] = ['white', 'white', 'white', 'beige paper', 'grey cloth'];

interface Made {
  input: Float32Array;
  target: Float32Array;
}

const pool: Made[] = [];
let made = 0;
let step = from;
parentPort!.on('message', () => {
  const batch = makeBatch(step++);
  parentPort!.postMessage(batch, [batch.input.buffer, batch.target.buffer] as ArrayBuffer[]);
});

function makeBatch(step: number): PixelBatch {
  const plane = side * side;
  const input = new Float32Array(batchSize * CHANNELS * plane);
  const target = new Float32Array(batchSize * plane);
  const own = new Random(seed, 'batch', step);
  for (let i = 0; i < NEW; i++)
    for (const crop of makeScene(new Random(seed, 'scene', step * NEW + i))) pool[made++ % POOL] = crop;
  for (let i = 0; i < batchSize; i++) {
    const crop = pool[own.below(pool.length)];
    const way = own.below(8);
    turnPlanes(crop.input, input.subarray(i * CHANNELS * plane, (i + 1) * CHANNELS * plane), side, way);
    turnPlanes(crop.target, target.subarray(i * plane, (i + 1) * plane), side, way);
  }
  return {step, input, target};
}

function makeScene(own: Random): Made[] {
  const scale = 0.3 * Math.exp(own.uniform(-0.55, 0.5));
  const ground = GROUNDS[own.below(GROUNDS.length)];
  const scene = composeScene(
    {
      ...{width: SCENE, height: SCENE, ground, scale, scaleSpread: 0.1},
      grains: Math.round(own.uniform(4, 22) * (0.3 / scale) ** 1.5),
      ...{overlap: own.chance(0.5) ? 'touching' : own.uniform(0, 0.25), overlapVaries: true},
      ...{joined: own.uniform(0, 0.8), heaps: own.chance(0.4), gap: 3},
      ...{broken: own.uniform(0, 0.4), kept: [0.2, 0.8]},
      things: THINGS.filter(() => own.chance(0.15)),
      ...{gradient: own.uniform(0, 0.5), shadow: own.chance(0.85) ? own.uniform(0.05, 0.6) : 0},
      ...{blur: own.uniform(0.2, 1.1), noise: own.uniform(0, 3), unevenness: own.uniform(0, 0.15)},
      gains: [own.uniform(0.8, 1.05), own.uniform(0.85, 1), own.uniform(0.7, 1.05)],
    },
    own,
    pictures,
  );
  if (own.chance(0.65)) tint(scene.frame, scene.labels, own);
  const field = new Float32Array(CHANNELS * SCENE * SCENE);
  foregroundInput(scene.frame, estimateGround(scene.frame), field);
  return Array.from({length: CROPS}, () => cut(field, scene.labels, own));
}

/** Gives all grains of a scene another color: those of one dataset are too much alike. */
function tint({data}: Frame, labels: Uint16Array, own: Random): void {
  const gain = own.uniform(0.72, 1.12);
  const gains = [gain * own.uniform(0.92, 1.1), gain, gain * own.uniform(0.72, 1.15)];
  const soft = blur(
    Float32Array.from(labels, (label) => (label > 0 ? 1 : 0)),
    SCENE,
    0.7,
    1,
  );
  for (let i = 0; i < labels.length; i++) {
    if (soft[i] === 0) continue;
    for (let c = 0; c < 3; c++) data[i * 3 + c] = Math.min(255, data[i * 3 + c] * (1 + soft[i] * (gains[c] - 1)));
  }
}

function cut(field: Float32Array, labels: Uint16Array, own: Random): Made {
  const [left, top] = [own.below(SCENE - side), own.below(SCENE - side)];
  const input = new Float32Array(CHANNELS * side * side);
  const target = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const at = (top + y) * SCENE + left;
    for (let c = 0; c < CHANNELS; c++)
      input.set(field.subarray(c * SCENE * SCENE + at, c * SCENE * SCENE + at + side), c * side * side + y * side);
    for (let x = 0; x < side; x++) target[y * side + x] = labels[at + x] > 0 ? 1 : 0;
  }
  return {input, target};
}
