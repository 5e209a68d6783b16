import {join} from 'node:path';
import {expect} from 'chai';
import {drawPictures} from '../../src/benchmarking/pictures/draw-pictures.ts';
import {runWorker} from '../../src/benchmarking/run-worker.ts';
import type {Measurement} from '../../src/benchmarking/worker/messages.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {writeColorModel} from '../commands/pictures.ts';

describe('benchmarking: a process that measures', () => {
  const folder = temporaryFolder();
  let pictures: Uint8Array[];
  before(async () => {
    writeColorModel(join(folder(), 'color.onnx'));
    pictures = await drawPictures(3);
  });
  const load = (threads = 1) => ({model: join(folder(), 'color.onnx'), device: 'cpu' as const, threads});

  it('tells what it measured with one thread and with several', async () => {
    for (const threads of [1, 2]) {
      const told: Measurement[] = [];
      const run = await runWorker({
        load: load(threads),
        picture: pictures[0],
        task: {pictures, batchSizes: [1, 4], seconds: 0.02},
        onMeasured: (measurement) => told.push(measurement),
      });
      expect(run).to.include({device: 'cpu'});
      expect(run.model.name).to.equal('color');
      expect(run.startUpSeconds).to.be.above(0);
      // Its own, and not that of this process, which may have taken far more.
      expect(run.peakMemory).to.be.within(30e6, 2e9);
      expect(run.measurements).to.deep.equal(told);
      expect(told.map(({decoding, batchSize}) => [decoding, batchSize])).to.deep.equal([
        [false, 1],
        [false, 4],
        [true, 1],
        [true, 4],
      ]);
      for (const {imagesPerSecond, calls} of told) {
        expect(imagesPerSecond).to.be.above(0);
        expect(calls.length).to.be.at.least(threads);
      }
    }
  });

  it('only starts where there is nothing to measure', async () => {
    const {measurements, startUpSeconds} = await runWorker({load: load(), picture: pictures[0]});
    expect(measurements).to.deep.equal([]);
    expect(startUpSeconds).to.be.above(0);
  });

  it('passes on why a model cannot be used', async () => {
    const failing = (options: Partial<Parameters<typeof runWorker>[0]>) =>
      runWorker({load: load(), picture: pictures[0], ...options}).catch((error) => error);
    const missing = join(folder(), 'none.onnx');
    expect(await failing({load: {...load(), model: missing}})).to.include({code: 'MODEL_NOT_FOUND'});
    const task = {pictures: [Uint8Array.of(1, 2, 3)], batchSizes: [1], seconds: 0.01};
    expect(await failing({task})).to.include({code: 'NO_IMAGES'});
  });

  it('is given up where it is silent for too long, and where somebody wants to stop', async () => {
    const silent = await runWorker({load: load(), picture: pictures[0], patience: 1}).catch((error) => error);
    expect(silent).to.include({code: 'BENCHMARK_FAILED'});
    const stopping = new AbortController();
    const reason = new Error('enough');
    const task = {pictures, batchSizes: [1], seconds: 60};
    const run = runWorker({load: load(), picture: pictures[0], task, signal: stopping.signal}).catch((error) => error);
    setTimeout(() => stopping.abort(reason), 50);
    expect(await run).to.equal(reason);
  });
});
