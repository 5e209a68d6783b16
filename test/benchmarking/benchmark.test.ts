import {join} from 'node:path';
import {expect} from 'chai';
import {type BenchmarkOptions, benchmark} from '../../src/benchmarking/benchmark.ts';
import type {Load} from '../../src/benchmarking/machine/load.ts';
import {readModelFacts} from '../../src/benchmarking/model-facts.ts';
import type {RiceError} from '../../src/common/errors.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {writeColorModel} from '../commands/pictures.ts';

const CALM: Load = {others: 0, perCore: 0};
const BUSY: Load = {others: 0.9, perCore: 2};

describe('benchmarking: rounds', () => {
  const folder = temporaryFolder();
  /** What was begun, such as `measuring` and `a on cpu`. */
  let begun: string[];
  before(() => writeColorModel(join(folder(), 'color.onnx')));
  beforeEach(() => {
    begun = [];
  });
  /** Measures models under these loads, one after the other; the last one stays. */
  const run = (loads: Load[], labels: string[], options: Partial<BenchmarkOptions> = {}) => {
    const left = [...loads];
    const model = readModelFacts(join(folder(), 'color.onnx'));
    return benchmark(
      {
        models: labels.map((label) => ({...model, label})),
        devices: ['cpu'],
        threads: [1],
        batchSizes: [1],
        seconds: 0.01,
        rounds: 2,
        allowBusy: false,
        cacheDir: join(folder(), 'cache'),
        measureLoad: async () => (left.length > 1 ? left.shift()! : left[0]),
        ...options,
      },
      {
        onPhase: (phase) => begun.push(phase),
        onProgress: (_, note) => {
          if (note !== undefined && note !== begun.at(-1)) begun.push(note);
        },
        onWarning: () => {},
      },
    );
  };

  it('give everyone a turn, in the opposite order every other round', async () => {
    const {configurations, busy, loads} = await run([CALM], ['a', 'b']);
    expect(begun).to.deep.equal([
      'trying',
      ...['a on cpu', 'b on cpu'],
      'measuring',
      ...['a on cpu', 'b on cpu', 'a on cpu'],
    ]);
    expect(configurations.map(({results}) => results[0].imagesPerSecond.rounds.length)).to.deep.equal([2, 2]);
    expect([busy, loads.length]).to.deep.equal([false, 3]);
  });

  it('are not begun on a busy machine', async () => {
    const error = (await run([BUSY], ['a']).catch((thrown) => thrown)) as RiceError;
    expect(error.code).to.equal('MACHINE_BUSY');
    expect(begun).to.deep.equal([]);
  });

  it('are not gone on with where the machine becomes busy and stays so', async () => {
    // Before all, before the first round, and then.
    const error = (await run([CALM, CALM, BUSY], ['a']).catch((thrown) => thrown)) as RiceError;
    expect(error.code).to.equal('MACHINE_BUSY');
    expect(begun).to.deep.equal(['trying', 'a on cpu', 'measuring', 'a on cpu']);
  });

  it('wait for what is short', async () => {
    const {busy} = await run([BUSY, CALM, BUSY, BUSY, CALM], ['a'], {rounds: 1});
    expect(busy).to.equal(false);
  });

  it('are marked where it was busy and allowed, or busy at their end', async () => {
    const allowed = await run([BUSY], ['a'], {rounds: 1, allowBusy: true});
    const atTheEnd = await run([CALM, CALM, BUSY], ['a'], {rounds: 1});
    for (const measured of [allowed, atTheEnd]) {
      expect(measured.busy).to.equal(true);
      expect(measured.configurations.flatMap(({results}) => results.map(({busy}) => busy))).to.not.include(false);
    }
  });

  it('tell of a device that does not work, if it was named', async function () {
    if (process.platform === 'win32') return this.skip();
    const error = (await run([CALM], ['a'], {devices: ['dml']}).catch((thrown) => thrown)) as RiceError;
    expect(error.code).to.equal('DEVICE_UNAVAILABLE');
  });
});
