import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {Explainer} from '../../src/explanation/explainer.ts';
import type {Method} from '../../src/explanation/types.ts';
import {Classifier} from '../../src/model/classifier.ts';
import {ROOT} from '../cli/rice.ts';
import {byImportance, deletionArea, inRandomOrder, placesOf} from './deletion.ts';

const DRAWN = join(ROOT, 'test', 'samples');
const REAL = join(ROOT, '..', 'shared', 'data', 'sample');
const REAL_PER_LABEL = 4;
const RANDOM_ORDERS = 5;

describe('explanation: the deletion curve', () => {
  const drawn = readdirSync(DRAWN).filter((name) => name.endsWith('.jpg'));

  it('falls faster than in random order where the map says what is important', async () => {
    const {mapped, random} = await areasOf(drawn.map((name) => join(DRAWN, name)));
    expect(mapped).to.be.below(random * 0.6);
  });

  it('falls faster than in random order with occlusion', async () => {
    const {mapped, random} = await areasOf(
      drawn.slice(0, 4).map((name) => join(DRAWN, name)),
      'occlusion',
    );
    expect(mapped).to.be.below(random);
  });

  it('falls faster for real pictures too', async function () {
    if (!existsSync(REAL)) this.skip();
    const files = readdirSync(REAL).flatMap((label) =>
      readdirSync(join(REAL, label))
        .slice(0, REAL_PER_LABEL)
        .map((name) => join(REAL, label, name)),
    );
    const {mapped, random} = await areasOf(files);
    expect(mapped).to.be.below(random * 0.85);
  });
});

/** Mean areas under the curves, in the order of the map, in the opposite order and in random ones. */
async function areasOf(files: readonly string[], method?: Method) {
  const explainer = await Explainer.load({threads: 1, ...(method ? {method} : {})});
  const classifier = await Classifier.load({threads: 1});
  const sums = {mapped: 0, reversed: 0, random: 0};
  for (const file of files) {
    const {map, window, label} = await explainer.explain(readFileSync(file));
    const places = placesOf(map, window);
    const order = byImportance(map, places);
    const area = (each: readonly number[]) => deletionArea(classifier, window, label, map, each);
    sums.mapped += (await area(order)) / files.length;
    sums.reversed += (await area([...order].reverse())) / files.length;
    for (let seed = 0; seed < RANDOM_ORDERS; seed++)
      sums.random += (await area(inRandomOrder(places, seed))) / RANDOM_ORDERS / files.length;
  }
  await explainer.release();
  await classifier.release();
  return sums;
}
