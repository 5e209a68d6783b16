import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {shippedModel} from '../../../../src/model/model-file.ts';
import type {Cluster} from '../../../../src/scanning/separation/network/cluster.ts';
import {Separator, shippedSeparation} from '../../../../src/scanning/separation/network/separator.ts';
import {randomNumbers} from '../../../helpers/images.ts';
import {CROSSING, type Drawn, type DrawnGrain, draw, matches, PILED, SIX} from './drawn.ts';

describe('scanning: separator', function () {
  this.timeout(120_000);
  let separator: Separator;

  before(async () => {
    separator = await Separator.load({threads: 1});
  });

  after(() => separator.release());

  it('separates six that touch, and three of which each lies on the one before', async () => {
    const clusters = [draw(108, 96, SIX), draw(100, 80, PILED)];
    const maps = await separator.separate(clusters);
    expect(maps.map((map) => Math.max(...map))).to.deep.equal([6, 3]);
    maps.forEach((map, i) => {
      expect(Math.min(...matches(clusters[i].truth, map))).to.be.above(0.6);
    });
  });

  it('leaves single grains whole, of any shape, length and direction', async () => {
    const singles: Drawn[] = [];
    for (const aspect of [1.3, 2, 3, 4.5])
      for (const length of [28, 40, 60])
        for (const angle of [0, 0.7, 1.6, 2.5]) {
          const side = length + 12;
          const grain = {x: side / 2, y: side / 2, a: length / 2, b: length / 2 / aspect, angle};
          singles.push(draw(side, side, [grain], singles.length + 1));
        }
    const maps = await separator.separate(singles);
    const split = maps.filter((map) => Math.max(...map) !== 1);
    expect(split.length / singles.length).to.be.at.most(0.05);
  });

  it('counts chains of grains that are drawn at random within some percent', async () => {
    const random = randomNumbers(11);
    const chains = Array.from({length: 24}, (_, i) => chain(2 + (i % 5), random, i));
    const maps = await separator.separate(chains.map(({drawn}) => drawn));
    let [wrong, total, matched] = [0, 0, 0];
    maps.forEach((map, i) => {
      const {drawn, count} = chains[i];
      wrong += Math.abs(Math.max(...map) - count);
      total += count;
      matched += matches(drawn.truth, map).filter((share) => share > 0.5).length;
    });
    expect(wrong / total).to.be.below(0.06);
    expect(matched / total).to.be.above(0.93);
  });

  it('answers each cluster as if it were alone, also in the middle of a large one', async () => {
    const six = draw(108, 96, SIX);
    const [alone] = await separator.separate([six]);
    const [first, , third] = await separator.separate([six, draw(100, 80, CROSSING), six]);
    expect([...first]).to.deep.equal([...alone]);
    expect([...third]).to.deep.equal([...alone]);
    // Where tiles meet: the first ends at 432.
    const [left, top] = [384, 300];
    const [large] = await separator.separate([placed(six, 900, 700, left, top)]);
    const inside = Int32Array.from(alone, (_, i) => large[(top + Math.floor(i / 108)) * 900 + left + (i % 108)]);
    expect(Math.max(...inside)).to.equal(Math.max(...alone));
    expect(Math.min(...matches(alone, inside))).to.be.above(0.9);
  });

  it('takes masks that show no grains, and ends', async () => {
    const random = randomNumbers(3);
    const masks: [what: string, width: number, height: number, inside: (x: number, y: number) => boolean][] = [
      ['all', 500, 500, () => true],
      ['a checkerboard', 500, 500, (x, y) => (x + y) % 2 === 0],
      ['single pixels', 500, 500, (x, y) => x % 3 === 0 && y % 3 === 0],
      ['noise', 500, 500, () => random() < 0.5],
      ['stripes', 500, 500, (_, y) => y % 2 === 0],
      ['none', 500, 500, () => false],
      ['one pixel', 1, 1, () => true],
      ['a line', 2000, 1, () => true],
      ['large', 1600, 1300, () => true],
    ];
    const clusters = masks.map(([, width, height, inside]): Cluster => {
      const mask = Uint8Array.from({length: width * height}, (_, i) =>
        Number(inside(i % width, Math.floor(i / width))),
      );
      const data = Uint8Array.from({length: 3 * width * height}, () => Math.floor(256 * random()));
      return {width, height, mask, colors: {width, height, data}};
    });
    const maps = await separator.separate(clusters);
    maps.forEach((map, i) => {
      const agrees = map.every((label, k) => label > 0 === clusters[i].mask[k] > 0);
      expect(agrees, masks[i][0]).to.equal(true);
    });
    expect(await separator.separate([])).to.deep.equal([]);
    const nothing = {
      width: 0,
      height: 0,
      mask: new Uint8Array(0),
      colors: {width: 0, height: 0, data: new Uint8Array(0)},
    };
    expect((await separator.separate([nothing])).map(({length}) => length)).to.deep.equal([0]);
  });

  it('refuses a mask of another size than its picture', async () => {
    const cluster = {...draw(20, 20, [{x: 10, y: 10, a: 8, b: 3, angle: 0}]), mask: new Uint8Array(5)};
    const failure = await separator.separate([cluster]).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure).to.be.instanceOf(RangeError);
    expect(failure!.message).to.match(/20 x 20 pixels has a mask of 5/);
  });
});

describe('scanning: the network that ships', () => {
  it('is small, says how it was trained, and is as it was written', async () => {
    const separator = await Separator.load({threads: 1});
    const {bytes, metadata, sha256} = separator.model;
    await separator.release();
    expect(bytes.length).to.be.below(1_000_000);
    expect(sha256).to.match(/^[0-9a-f]{64}$/);
    expect(metadata.training.parameters).to.be.below(150_000);
    expect(metadata.training.dataset).to.deep.equal({digest: '87e1e5081a34413e7534e9b1687099ca.dir', part: 'train'});
    expect(metadata.training.weights).to.match(/^[0-9a-f]{64}$/);
  });

  const folder = mkdtempSync(join(tmpdir(), 'rice-separation-'));
  after(() => rmSync(folder, {recursive: true}));

  it('is refused if it is missing, damaged, or another model', async () => {
    const load = (path: string) =>
      Separator.load({model: path}).then(
        () => 'loaded',
        ({code, message}: {code: string; message: string}) => `${code} ${message.includes(path)}`,
      );
    expect(await load(join(folder, 'none.onnx'))).to.equal('MODEL_NOT_FOUND true');
    const bytes = readFileSync(shippedSeparation());
    bytes[bytes.length >> 1] ^= 1;
    const damaged = join(folder, 'damaged.onnx');
    writeFileSync(damaged, bytes);
    expect(await load(damaged)).to.equal('MODEL_DAMAGED true');
    const text = join(folder, 'text.onnx');
    writeFileSync(text, 'not a model');
    expect(await load(text)).to.equal('MODEL_INVALID true');
    expect(await load(shippedModel())).to.equal('MODEL_METADATA true');
  });
});

/** Grains of which each touches or overlaps the one before. */
function chain(count: number, random: () => number, seed: number): {drawn: Drawn; count: number} {
  const aspect = 1.8 + 2.4 * random();
  const grains: DrawnGrain[] = [];
  let heading = 2 * Math.PI * random();
  for (let i = 0; i < count; i++) {
    const a = 18 + 5 * random();
    const before = grains[i - 1];
    const angle = before ? before.angle + 0.5 + 1.6 * random() : Math.PI * random();
    const b = a / aspect;
    // From end to side, so that neighbors overlap by little.
    const step = before ? before.b + a * 0.93 : 0;
    heading = before ? angle : heading;
    const [x, y] = before ? [before.x + step * Math.cos(heading), before.y + step * Math.sin(heading)] : [0, 0];
    grains.push({x, y, a, b, angle, level: 150 + 90 * random()});
  }
  const [left, top] = [Math.min(...grains.map(({x}) => x)) - 30, Math.min(...grains.map(({y}) => y)) - 30];
  const moved = grains.map((grain) => ({...grain, x: grain.x - left, y: grain.y - top}));
  const [width, height] = [Math.max(...moved.map(({x}) => x)) + 30, Math.max(...moved.map(({y}) => y)) + 30].map(
    Math.ceil,
  );
  const drawn = draw(width, height, moved, seed);
  // Grains that others hide are not there.
  const areas = new Map<number, number>();
  for (const label of drawn.truth) areas.set(label, (areas.get(label) ?? 0) + 1);
  const hidden = moved.filter(({a, b}, i) => (areas.get(i + 1) ?? 0) < 0.4 * Math.PI * a * b);
  return hidden.length === 0 ? {drawn, count} : chain(count, random, seed);
}

/** A cluster somewhere in a larger empty one. */
function placed(cluster: Cluster, width: number, height: number, left: number, top: number): Cluster {
  const mask = new Uint8Array(width * height);
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < cluster.height; y++) {
    const at = (top + y) * width + left;
    mask.set(cluster.mask.subarray(y * cluster.width, (y + 1) * cluster.width), at);
    data.set(cluster.colors.data.subarray(3 * y * cluster.width, 3 * (y + 1) * cluster.width), 3 * at);
  }
  return {width, height, mask, colors: {width, height, data}};
}
