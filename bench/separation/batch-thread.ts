/** Makes batches of crops, one for each message: some new, most seen before and laid another way, since to make one takes as long as to learn from it. */
import {parentPort, workerData} from 'node:worker_threads';
import {fillInput} from '../../src/scanning/separation/network/network-input.ts';
import {FIELD_STRIDE, FIELDS, INPUT_CHANNELS} from '../../src/training/networks/separation.ts';
import {Random} from '../../src/training/random.ts';
import type {BatchOptions, PixelBatch} from '../pixels/batches.ts';
import {GrainPictures} from '../scenes/grain-pictures.ts';
import {grainsOf} from '../scenes/grains-of.ts';
import {makeCrop} from './crop.ts';
import {roughMask} from './rough-mask.ts';
import {fillTargets, type Targets} from './targets.ts';
import {turnFields, turnPlanes} from './turn.ts';

type CropBatch = PixelBatch & Targets;

/** Of the dataset's pixels: its grains are two to six times as long as those of the crops. */
const SCALE = 0.5;

const {dataset, pictures: count, seed, batchSize, side, from} = workerData as BatchOptions;
const random = new Random(seed, 'pictures');
const pictures = dataset && (await GrainPictures.load(await grainsOf(dataset, 'train'), {count, random, scale: SCALE}));

/** Crops kept, and how many of each batch are new. */
const POOL = 720;
const NEW = 3;

interface Made {
  input: Float32Array;
  target: Float32Array;
  numbers: Float32Array;
  answers: Float32Array;
}

const pool: Made[] = [];
let step = from;
// What an earlier run had made when it was stopped.
for (let number = Math.max(0, from * NEW - POOL); number < from * NEW; number++) addToPool(number);
parentPort!.on('message', () => {
  const batch = makeBatch(step++);
  const {buffer} = batch.input;
  parentPort!.postMessage(batch, [
    buffer,
    batch.target.buffer,
    batch.numbers.buffer,
    batch.answers.buffer,
  ] as ArrayBuffer[]);
});

function makeBatch(step: number): CropBatch {
  const pixels = side * side;
  const fields = (batchSize * FIELDS.length * pixels) / FIELD_STRIDE ** 2;
  const batch: CropBatch = {
    step,
    input: new Float32Array(batchSize * INPUT_CHANNELS * pixels),
    target: new Float32Array(fields),
    numbers: new Float32Array(fields),
    answers: new Float32Array(fields),
  };
  const own = new Random(seed, 'batch', step);
  for (let i = 0; i < NEW; i++) {
    const crop = addToPool(step * NEW + i);
    put(crop, batch, i, own.below(8));
  }
  for (let i = NEW; i < batchSize; i++) put(pool[own.below(pool.length)], batch, i, own.below(8));
  return batch;
}

/** Makes the crop of a number; it takes the place of the oldest. */
function addToPool(number: number): Made {
  const crop = makeOne(new Random(seed, 'crop', number));
  pool[number % POOL] = crop;
  return crop;
}

function makeOne(own: Random): Made {
  const crop = makeCrop(side, own, pictures || undefined);
  const mask = roughMask(crop.labels, side, own);
  const input = new Float32Array(INPUT_CHANNELS * side * side);
  fillInput({width: side, height: side, mask, colors: crop.frame.data}, input, side, side);
  const length = (FIELDS.length * side * side) / FIELD_STRIDE ** 2;
  const targets = {
    target: new Float32Array(length),
    numbers: new Float32Array(length),
    answers: new Float32Array(length),
  };
  fillTargets(crop, mask, targets, 0);
  return {input, ...targets};
}

/** Lays a crop at position `at` of a batch. */
function put(crop: Made, batch: CropBatch, at: number, way: number): void {
  const part = (values: Float32Array, own: Float32Array) => values.subarray(at * own.length, (at + 1) * own.length);
  turnPlanes(crop.input, part(batch.input, crop.input), side, way);
  const half = side / FIELD_STRIDE;
  for (const name of ['target', 'numbers', 'answers'] as const)
    turnPlanes(crop[name], part(batch[name], crop[name]), half, way);
  turnFields(part(batch.target, crop.target), half * half, way);
}
