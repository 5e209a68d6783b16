import {expect} from 'chai';
import {threadBatches} from '../../bench/pixels/batches.ts';
import {makeCrop} from '../../bench/separation/crop.ts';
import {roughMask} from '../../bench/separation/rough-mask.ts';
import {score} from '../../bench/separation/score.ts';
import {fillTargets, type Targets} from '../../bench/separation/targets.ts';
import {turnFields, turnPlanes} from '../../bench/separation/turn.ts';
import {watershed} from '../../bench/separation/watershed.ts';
import {FIELD, FIELDS, OFFSET_UNIT} from '../../src/scanning/separation/network/fields.ts';
import * as network from '../../src/training/networks/separation.ts';
import {Random} from '../../src/training/random.ts';

const THREAD = new URL('../../bench/separation/batch-thread.ts', import.meta.url);
const SIDE = 96;
const PLANE = (SIDE / 2) ** 2;
const WAYS = [0, 1, 2, 3, 4, 5, 6, 7];

describe('bench: crops for the separation', () => {
  const targetsOf = (crop: ReturnType<typeof makeCrop>, mask: Uint8Array): Targets => {
    const [target, numbers, answers] = [0, 1, 2].map(() => new Float32Array(FIELDS * PLANE));
    fillTargets(crop, mask, {target, numbers, answers}, 0);
    return {target, numbers, answers};
  };
  const exact = (labels: Uint16Array) => Uint8Array.from(labels, (label) => (label > 0 ? 1 : 0));

  it('are the same for the same seed, and others for another', () => {
    const crop = makeCrop(SIDE, new Random(1, 'crop', 5));
    expect(makeCrop(SIDE, new Random(1, 'crop', 5))).to.deep.equal(crop);
    expect([...makeCrop(SIDE, new Random(1, 'crop', 6)).labels]).to.not.deep.equal([...crop.labels]);
  });

  it('have targets that point to the centroid, from what is seen of a grain and from nowhere else', () => {
    const crop = makeCrop(SIDE, new Random(3, 'crop', 1));
    const {target, numbers} = targetsOf(crop, exact(crop.labels));
    let seen = 0;
    for (let cell = 0; cell < PLANE; cell++) {
      const [x, y] = [2 * (cell % (SIDE / 2)), 2 * Math.floor(cell / (SIDE / 2))];
      const labels = [0, 1, SIDE, SIDE + 1].map((step) => crop.labels[y * SIDE + x + step]);
      expect(numbers[cell] > 0).to.equal(labels.some((label) => label > 0));
      if (labels[0] === 0 || labels.some((label) => label !== labels[0])) continue;
      seen++;
      const grain = crop.grains[labels[0] - 1];
      expect(target[cell]).to.be.closeTo((grain.x - x - 1) / OFFSET_UNIT, 1e-5);
      expect(target[PLANE + cell]).to.be.closeTo((grain.y - y - 1) / OFFSET_UNIT, 1e-5);
      const trace = target[FIELD.mxx * PLANE + cell] + target[FIELD.myy * PLANE + cell];
      expect(trace).to.be.closeTo((grain.a + grain.b) / OFFSET_UNIT, 1e-5);
    }
    expect(seen).to.be.above(100);
  });

  it('are turned and mirrored together with their targets', () => {
    const crop = makeCrop(SIDE, new Random(4, 'crop', 2));
    const plain = targetsOf(crop, exact(crop.labels));
    for (const way of WAYS) {
      const turnedLabels = new Float32Array(SIDE * SIDE);
      turnPlanes(Float32Array.from(crop.labels), turnedLabels, SIDE, way);
      const grains = crop.grains.map((grain) => {
        const [x, y] = [way & 1 ? SIDE - grain.x : grain.x, way & 2 ? SIDE - grain.y : grain.y];
        const [cos, sin] = [Math.cos(grain.angle) * (way & 1 ? -1 : 1), Math.sin(grain.angle) * (way & 2 ? -1 : 1)];
        return way & 4
          ? {...grain, x: y, y: x, angle: Math.atan2(cos, sin)}
          : {...grain, x, y, angle: Math.atan2(sin, cos)};
      });
      const labels = Uint16Array.from(turnedLabels);
      const expected = targetsOf({...crop, labels, grains}, exact(labels));
      const [target, numbers] = [new Float32Array(FIELDS * PLANE), new Float32Array(FIELDS * PLANE)];
      turnPlanes(plain.target, target, SIDE / 2, way);
      turnPlanes(plain.numbers, numbers, SIDE / 2, way);
      turnFields(target, PLANE, way);
      // Cells that two grains share alike may go to either.
      const different = target.filter((value, i) => numbers[i] > 0 && Math.abs(value - expected.target[i]) > 0.02);
      expect(different.length / target.filter((_, i) => numbers[i] > 0).length, `way ${way}`).to.be.below(0.02);
    }
  });

  it('have masks as a segmentation would find them, not far from the grains', () => {
    const crop = makeCrop(SIDE, new Random(5, 'crop', 3));
    const grains = exact(crop.labels);
    const random = new Random(6);
    let different = 0;
    for (let i = 0; i < 20; i++) {
      const mask = roughMask(crop.labels, SIDE, random);
      const wrong = mask.filter((inside, k) => inside !== grains[k]).length / grains.filter((inside) => inside).length;
      expect(wrong).to.be.below(0.5);
      if (wrong > 0) different++;
    }
    expect(different).to.be.within(8, 19);
  });

  it('come in the same batches where a run goes on', async () => {
    const options = {pictures: 0, seed: 8, batchSize: 5, side: 32};
    const inputs = async (from: number, to: number) => {
      const batches: number[][] = [];
      for await (const {step, input, target} of threadBatches(THREAD, {...options, from, to}))
        batches.push([step, ...input, ...target]);
      return batches;
    };
    const [, , third, fourth] = await inputs(0, 4);
    expect(await inputs(2, 4)).to.deep.equal([third, fourth]);
    expect(third.slice(1)).to.not.deep.equal(fourth.slice(1));
  });

  it('use the fields that the separator reads', () => {
    expect(network.FIELDS).to.deep.equal(Object.keys(FIELD));
    expect(Object.values(FIELD)).to.deep.equal(network.FIELDS.map((_, i) => i));
  });
});

describe('bench: score of a separation', () => {
  const line = (text: string) => Int32Array.from(text, (digit) => Number(digit));

  it('counts grains, those found, and those that cover each other by more than half', () => {
    const truth = line(`${'1'.repeat(30)}0${'2'.repeat(30)}0${'3'.repeat(30)}0${'4'.repeat(5)}`);
    const found = line(
      `${'5'.repeat(30)}0${'6'.repeat(20)}${'7'.repeat(10)}0${'8'.repeat(15)}${'9'.repeat(15)}0${'0'.repeat(5)}`,
    );
    // The fourth is too small to count; the third is cut in halves, of which none is more than half of it.
    const {grains, found: count, countError, matched, overlap} = score(truth, found);
    expect({grains, count, countError, matched}).to.deep.equal({grains: 3, count: 5, countError: 2, matched: 2});
    expect(overlap).to.be.closeTo(1 + 20 / 30, 1e-9);
  });

  it('is held against a watershed that parts two disks and leaves one whole', () => {
    const disks = (centers: number[]) =>
      Uint8Array.from({length: 60 * 30}, (_, i) =>
        Number(centers.some((x) => Math.hypot((i % 60) - x, Math.floor(i / 60) - 15) < 10)),
      );
    expect(Math.max(...watershed(disks([15, 33]), 60, 30))).to.equal(2);
    expect(Math.max(...watershed(disks([30]), 60, 30))).to.equal(1);
  });
});
