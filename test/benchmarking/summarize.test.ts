import {expect} from 'chai';
import {type Subject, summarize} from '../../src/benchmarking/summarize.ts';
import type {Device} from '../../src/model/devices.ts';

/** A configuration that was so fast in each round, at one batch size without decoding and with it half as fast. */
function subject(model: string, rates: number[], threads = 1, device: Device = 'cpu'): Subject {
  return {
    model,
    device,
    threads,
    accuracy: null,
    runs: rates.map((imagesPerSecond, round) => ({
      startUpSeconds: 0.5,
      peakMemory: 100 + round,
      measurements: [
        {decoding: false, batchSize: 8, imagesPerSecond, processorMilliseconds: 0.25 * 4 ** round, calls: [round + 1]},
        {decoding: true, batchSize: 8, imagesPerSecond: imagesPerSecond / 2, processorMilliseconds: 1, calls: [10, 20]},
      ],
    })),
  };
}

describe('benchmarking: the figures of all rounds', () => {
  it('are put together', () => {
    const [{results, startUpSeconds, peakMemory}] = summarize([subject('a', [100, 400])], false);
    expect(startUpSeconds.value).to.be.closeTo(0.5, 1e-12);
    expect(peakMemory).to.equal(101);
    const [network, whole] = results;
    expect(network.imagesPerSecond.value).to.be.closeTo(200, 1e-9);
    expect(network.imagesPerSecond.rounds).to.deep.equal([100, 400]);
    expect(network.processorMilliseconds.value).to.be.closeTo(0.5, 1e-12);
    expect(network.milliseconds).to.deep.equal({p50: 1, p90: null, p99: null, calls: 2});
    expect(whole).to.include({decoding: true, batchSize: 8, ratio: null, busy: false});
    expect(whole.imagesPerSecond.value).to.be.closeTo(100, 1e-9);
  });

  it('are compared with the first model on the same device with as many threads, within each round', () => {
    const rows = summarize(
      [
        subject('a', [100, 50]),
        subject('a', [150, 75], 2),
        subject('b', [200, 100]),
        subject('b', [450, 225], 2),
        subject('b', [1000, 500], 2, 'cuda'),
      ],
      false,
    );
    const compared = rows.map(({results: [{ratio}]}) => ratio && [ratio.to, Number(ratio.value.toFixed(9))]);
    expect(compared).to.deep.equal([null, [0, 1.5], [0, 2], [1, 3], [0, 10]]);
    expect(rows[2].results[0].processorRatio).to.include({to: 0});
    expect(rows[2].results[0].processorRatio!.value).to.be.closeTo(1, 1e-12);
    // Half as fast in the second round, for all alike.
    const {low, high} = rows[2].results[0].ratio!;
    expect([low, high].map((end) => end!.toFixed(6))).to.deep.equal(['2.000000', '2.000000']);
  });

  it('are compared by processor time as well, in which less is more', () => {
    const [first, second] = [subject('a', [100, 100]), subject('b', [100, 100])];
    for (const {measurements} of second.runs) measurements[0].processorMilliseconds /= 2;
    const [, {results}] = summarize([first, second], false);
    expect(results[0].processorRatio!.value).to.be.closeTo(2, 1e-12);
    expect(results[0].ratio!.value).to.be.closeTo(1, 1e-12);
  });

  it('are all marked where the machine was busy', () => {
    const rows = summarize([subject('a', [1]), subject('b', [1])], true);
    expect(rows.flatMap(({results}) => results.map(({busy}) => busy))).to.deep.equal([true, true, true, true]);
  });
});
