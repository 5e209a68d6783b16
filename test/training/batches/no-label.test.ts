import {expect} from 'chai';
import {encodeModel} from '../../../src/onnx/model.ts';
import type {State} from '../../../src/training/artifact/checkpoint.ts';
import type {Manifest} from '../../../src/training/artifact/manifest.ts';
import {NO_LABEL} from '../../../src/training/batches/no-label.ts';
import {countCorrect, StepSession} from '../../../src/training/worker/step-session.ts';
import {randomBatch, type Step, stepOf} from '../step.ts';

const SHAPE = {batchSize: 6, height: 32, width: 40, classes: 5};

describe('training: images without a label', () => {
  it('have the logarithm of the number of labels as loss for uniform output, and do not count in the accuracy', async () => {
    const step = stepOf('conv4', SHAPE);
    const {loss, correct, labelled} = await run(step, Array(6).fill(NO_LABEL), 0);
    expect(loss).to.be.closeTo(Math.log(5), 1e-6);
    expect(correct).to.equal(0);
    expect(labelled).to.equal(0);
  });

  it('have a higher loss if the network is sure of a label', async () => {
    const step = stepOf('conv4', SHAPE);
    const {loss} = await run(step, Array(6).fill(NO_LABEL), 1);
    expect(loss).to.be.above(Math.log(5) + 1e-3);
  });

  it('can be mixed with labeled images in a batch', async () => {
    const step = stepOf('conv4', SHAPE);
    const labels = [0, 1, 2, 3, 4, 0];
    const lossOf = async (of: number[]) => (await run(step, of, 1)).loss;
    const without = (at: number[]) => labels.map((label, i) => (at.includes(i) ? NO_LABEL : label));
    const [none, some, others, all] = [[], [0, 3], [1, 2, 4, 5], [0, 1, 2, 3, 4, 5]].map((at) => lossOf(without(at)));
    // Losses are means over images, so two batches with complementary labels sum to those of all labels and of none.
    expect((await some) + (await others)).to.be.closeTo((await none) + (await all), 1e-4);
    expect((await run(step, without([0, 3]), 1)).labelled).to.equal(4);
  });

  it('never count as correct', () => {
    const logits = Float32Array.of(3, 1, 0, 0, 5, 1, 2, 2, 9);
    expect(countCorrect(logits, Uint8Array.of(0, 1, 2), 3)).to.equal(3);
    expect(countCorrect(logits, Uint8Array.of(0, NO_LABEL, NO_LABEL), 3)).to.equal(1);
  });
});

/** A step from weights multiplied by a factor: with 0, all logits are 0. */
async function run(step: Step, labels: number[], factor: number) {
  const vectors = Object.entries(step.state).map(([name, {data}]) => [
    name,
    (data as Float32Array).map((value) => (name === 'parameters' ? factor * value : value)),
  ]);
  const state: State = Object.fromEntries(vectors);
  const scalars = Object.fromEntries(
    Object.entries(step.scalars(1)).map(([name, {data}]) => [name, (data as Float32Array)[0]]),
  );
  const manifest = {
    batchSize: SHAPE.batchSize,
    input: {width: SHAPE.width, height: SHAPE.height},
    threads: 1,
    noise: [],
    labels: ['a', 'b', 'c', 'd', 'e'],
    state: Object.keys(step.state).map((name) => ({name, length: state[name].length})),
    scalars: Object.keys(scalars),
  } as unknown as Manifest;
  const session = await StepSession.open(encodeModel(step.graph.toProto('step')), 'cpu', manifest, state);
  try {
    const image = randomBatch(SHAPE.batchSize, SHAPE, SHAPE.classes, 3).image.data as Uint8Array;
    return await session.run({input: image, labels: Uint8Array.from(labels), noise: [], scalars});
  } finally {
    await session.release();
  }
}
