import {expect} from 'chai';
import {Sampler, stepsPerEpoch} from '../../../src/training/batches/sampler.ts';

describe('training: sampler', () => {
  function epochOf(sampler: Sampler, epoch: number, images: number, batchSize: number): number[] {
    return Array.from({length: stepsPerEpoch(images, batchSize)}, (_, step) => [...sampler.batch(epoch, step)]).flat();
  }

  it('gives every image once per epoch, in another order each time', () => {
    const sampler = new Sampler(60, 12, 3);
    const first = epochOf(sampler, 0, 60, 12);
    const second = epochOf(sampler, 1, 60, 12);
    for (const order of [first, second]) expect([...order].sort((a, b) => a - b)).to.deep.equal([...Array(60).keys()]);
    expect(first).not.to.deep.equal(second);
    expect(first).not.to.deep.equal([...Array(60).keys()]);
  });

  it('leaves out images that do not fill a batch, other ones in each epoch', () => {
    const sampler = new Sampler(29, 8, 1);
    expect(stepsPerEpoch(29, 8)).to.equal(3);
    const seen = Array.from({length: 20}, (_, epoch) => epochOf(sampler, epoch, 29, 8));
    for (const order of seen) expect(new Set(order).size).to.equal(24);
    expect(new Set(seen.flat()).size).to.equal(29);
  });

  it('repeats images if there are fewer than a batch holds', () => {
    expect(stepsPerEpoch(3, 8)).to.equal(1);
    const batch = [...new Sampler(3, 8, 1).batch(0, 0)];
    expect(batch).to.have.length(8);
    for (const image of [0, 1, 2]) expect(batch.filter((each) => each === image).length).to.be.within(2, 3);
  });

  it('gives the same batch wherever a run is resumed', () => {
    const through = new Sampler(50, 8, 4);
    for (let step = 0; step < 6; step++) through.batch(2, step);
    expect([...through.batch(3, 4)]).to.deep.equal([...new Sampler(50, 8, 4).batch(3, 4)]);
    expect([...through.batch(2, 1)]).to.deep.equal([...new Sampler(50, 8, 4).batch(2, 1)]);
    expect([...new Sampler(50, 8, 5).batch(3, 4)]).not.to.deep.equal([...new Sampler(50, 8, 4).batch(3, 4)]);
  });
});
