/** Makes batches of crops, one for each message. */
import {parentPort, workerData} from 'node:worker_threads';
import {fillInput} from '../../src/scanning/separation/network/network-input.ts';
import {FIELD_STRIDE, FIELDS, INPUT_CHANNELS} from '../../src/training/networks/separation.ts';
import {Random} from '../../src/training/random.ts';
import {GrainPictures} from '../scenes/grain-pictures.ts';
import {grainsOf} from '../scenes/grains-of.ts';
import type {BatchOptions, CropBatch} from './batches.ts';
import {makeCrop} from './crop.ts';
import {roughMask} from './rough-mask.ts';
import {fillTargets} from './targets.ts';

/** Of the dataset's pixels: its grains are two to six times as long as those of the crops. */
const SCALE = 0.5;

const {dataset, pictures: count, seed, batchSize, side, from} = workerData as BatchOptions;
const random = new Random(seed, 'pictures');
const pictures = dataset && (await GrainPictures.load(await grainsOf(dataset, 'train'), {count, random, scale: SCALE}));

let step = from;
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
  for (let i = 0; i < batchSize; i++) {
    const own = new Random(seed, 'crop', step * batchSize + i);
    const crop = makeCrop(side, own, pictures || undefined);
    const mask = roughMask(crop.labels, side, own);
    const input = batch.input.subarray(i * INPUT_CHANNELS * pixels, (i + 1) * INPUT_CHANNELS * pixels);
    fillInput({width: side, height: side, mask, colors: crop.frame.data}, input, side, side);
    const {target, numbers, answers} = batch;
    fillTargets(crop, mask, {target, numbers, answers}, i);
  }
  return batch;
}
