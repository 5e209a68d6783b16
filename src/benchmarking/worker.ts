/**
 * A process of `rice benchmark`: measures one model on one device with one number of threads, and tells its parent, which kills
 * it when it is done. In a process of its own so that the memory is that of this model, and that nothing another one compiled or
 * allocated makes it faster or slower.
 */
import {RiceError} from '../common/errors.ts';
import {type Engine, openEngine} from './worker/engine.ts';
import {measureCalls} from './worker/measure-calls.ts';
import type {Task, WorkerMessage, WorkerRequest} from './worker/messages.ts';
import {peakMemory} from './worker/peak-memory.ts';

/** Of the first batch size, in seconds of a measurement and at most, in milliseconds; the code of further ones is compiled by then. */
const WARM_UP = 0.5;
const LONGEST_WARM_UP = 1000;
const FURTHER_WARM_UP = 0.1;

let engine: Promise<Engine> | undefined;

// Ctrl-C reaches all processes of a terminal: the parent decides what becomes of this one.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (request: WorkerRequest) => {
  answer(request).catch((error) => {
    const failure = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
    tell({type: 'failed', error: failure.toJSON()});
  });
});

async function answer(request: WorkerRequest): Promise<void> {
  if (request.type === 'measure') return measure(await engine!, request);
  const {load, picture} = request;
  engine = openEngine(load, picture, ({model, device}) => tell({type: 'started', model, device}));
  await engine;
}

async function measure(model: Engine, {pictures, batchSizes, seconds}: Task): Promise<void> {
  const windows = await model.windowsOf(pictures);
  if (windows.length === 0) throw new RiceError('NO_IMAGES', 'none of the pictures can be decoded');
  const ways = [
    {decoding: false, items: windows, call: (batch: Uint8Array[]) => model.classifyWindows(batch)},
    {decoding: true, items: pictures, call: (batch: Uint8Array[]) => model.classify(batch)},
  ];
  for (const {decoding, items, call} of ways)
    for (const [i, batchSize] of batchSizes.entries()) {
      const batches = batchesOf(items, batchSize);
      const {durations, perSecond, processor} = await measureCalls((index) => call(batches[index % batches.length]), {
        milliseconds: seconds * 1000,
        warmUp: i === 0 ? Math.min(LONGEST_WARM_UP, WARM_UP * seconds * 1000) : FURTHER_WARM_UP * seconds * 1000,
        atOnce: model.atOnce,
      });
      const imagesPerSecond = perSecond * batchSize;
      const processorMilliseconds = processor / batchSize;
      tell({type: 'measured', decoding, batchSize, imagesPerSecond, processorMilliseconds, calls: durations});
    }
  tell({type: 'finished', peakMemory: peakMemory()});
}

/** Every item in turn, from the first again where a batch has more than are left. */
function batchesOf(items: Uint8Array[], size: number): Uint8Array[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({length: count}, (_, i) =>
    Array.from({length: size}, (_, j) => items[(i * size + j) % items.length]),
  );
}

function tell(message: WorkerMessage): void {
  process.send?.(message);
}
