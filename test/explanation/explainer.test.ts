import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {Explainer} from '../../src/explanation/explainer.ts';
import type {Explanation} from '../../src/explanation/types.ts';
import {Classifier, type Prediction} from '../../src/model/classifier.ts';
import {conv4} from '../../src/training/networks/conv4.ts';
import {grain4} from '../../src/training/networks/grain4.ts';
import {mobilenet} from '../../src/training/networks/mobilenet.ts';
import type {Network} from '../../src/training/networks/network.ts';
import {ROOT} from '../cli/rice.ts';
import {drawGrain, encodePng} from '../helpers/images.ts';
import {DESCRIPTION, externalNetwork, greatest, networkModel, residual} from './models.ts';

const SAMPLES = join(ROOT, 'test', 'samples');
const NETWORKS: Record<string, Network> = {conv4, mobilenet, residual, grain4};

describe('explanation: a class activation map', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rice-explain-'));
  });
  after(() => rmSync(folder, {recursive: true, force: true}));

  it("has parts that sum to the shipped model's score, which an ordinary session gave", async () => {
    const [explainer, classifier] = [await Explainer.load({threads: 1}), await Classifier.load({threads: 1})];
    expect(explainer.method).to.equal('class-activation-map');
    for (const file of readdirSync(SAMPLES).filter((name) => name.endsWith('-1.jpg'))) {
      const bytes = readFileSync(join(SAMPLES, file));
      const [answer] = (await classifier.classify([bytes])) as Prediction[];
      for (const against of explainer.labels.filter((label) => label !== answer.label)) {
        const explanation = await explainer.explain(bytes, {against});
        expect(explanation.label).to.equal(answer.label);
        expectSum(explanation, Math.log(answer.probabilities[answer.label] / answer.probabilities[against]));
      }
    }
    await explainer.release();
    await classifier.release();
  });

  it('compares with the mean of the others unless one is named', async () => {
    const explainer = await Explainer.load({threads: 1});
    const bytes = readFileSync(join(SAMPLES, 'basmati-1.jpg'));
    const others = explainer.labels.filter((label) => label !== 'Basmati');
    const scores: number[] = [];
    for (const against of others) scores.push((await explainer.explain(bytes, {against})).score!.total);
    const {score} = await explainer.explain(bytes);
    expect(score!.total).to.be.closeTo(scores.reduce((sum, each) => sum + each, 0) / others.length, 1e-3);
    await explainer.release();
  });

  it('names the numbers that join at the end of the network', async () => {
    const explainer = await Explainer.load({threads: 1});
    const {score} = await explainer.explain(readFileSync(join(SAMPLES, 'jasmine-1.jpg')));
    expect(Object.keys(score!.numbers)).to.have.length(10).and.to.include.members(['log area', 'log aspect ratio']);
    await explainer.release();
  });

  for (const [name, network] of Object.entries(NETWORKS))
    it(`sums to the score of ${name}`, async () => {
      const model = join(folder, `${name}.onnx`);
      writeFileSync(model, networkModel(name, network));
      const picture = grain();
      const classifier = await Classifier.load({model, threads: 1, device: 'cpu'});
      const [{probabilities}] = (await classifier.classify([picture])) as Prediction[];
      await classifier.release();
      const explainer = await Explainer.load({model, threads: 1, method: 'class-activation-map'});
      const {labels} = explainer;
      const explanation = await explainer.explain(picture, {label: labels[0], against: labels[2]});
      expect(explanation.method).to.equal('class-activation-map');
      expectSum(explanation, Math.log(probabilities[labels[0]] / probabilities[labels[2]]));
      await explainer.release();
    });

  it('sums to the score of an external network with gates', async () => {
    const model = writeExternal('gates', externalNetwork());
    const explainer = await Explainer.load({model, threads: 1});
    const explanation = await explainer.explain(grain(), {label: 'red', against: 'blue'});
    expect(explanation.method).to.equal('class-activation-map');
    const classifier = await Classifier.load({model, threads: 1, device: 'cpu'});
    const [{probabilities}] = (await classifier.classify([grain()])) as Prediction[];
    expectSum(explanation, Math.log(probabilities.red / probabilities.blue));
    await classifier.release();
    await explainer.release();
  });

  it('hides parts of the picture where a network has no such map', async () => {
    const model = writeExternal('greatest', externalNetwork(greatest));
    const explainer = await Explainer.load({model, threads: 1});
    expect(explainer.method).to.equal('occlusion');
    const done: number[] = [];
    const explanation = await explainer.explain(grain(), {onProgress: (patches) => done.push(patches)});
    expect(explanation.score).to.equal(undefined);
    expect(Math.max(...explanation.map.values.map(Math.abs))).to.be.above(0);
    expect(done.at(-1)).to.be.above(100);
    await explainer.release();
    const refused = await Explainer.load({model, method: 'class-activation-map'}).catch((error) => error);
    expect(refused.code).to.equal('EXPLANATION_IMPOSSIBLE');
  });

  it('refuses labels that the model does not know, and what is no picture', async () => {
    const explainer = await Explainer.load({threads: 1});
    const codeOf = (work: Promise<unknown>) => work.then(() => 'none').catch(({code}) => code);
    expect(await codeOf(explainer.explain(grain(), {against: 'Wheat'}))).to.equal('OUT_OF_RANGE');
    expect(await codeOf(explainer.explain(Buffer.from('no picture')))).to.equal('IMAGE_UNSUPPORTED');
    await explainer.release();
  });

  function writeExternal(name: string, model: Uint8Array): string {
    writeFileSync(join(folder, `${name}.onnx`), model);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(DESCRIPTION));
    return join(folder, `${name}.onnx`);
  }
});

function grain(): Uint8Array {
  return encodePng(drawGrain({size: 250, length: 160, width: 60, angle: 30}));
}

/** Against a score that was computed without any of the parts. */
function expectSum({map, score}: Explanation, expected: number): void {
  const {places, numbers, constant, total} = score!;
  const sum = [places, constant, ...Object.values(numbers)].reduce((all, each) => all + each, 0);
  const tolerance = 1e-3 * Math.max(1, Math.abs(expected));
  expect(sum).to.be.closeTo(expected, tolerance);
  expect(total).to.be.closeTo(expected, tolerance);
  expect(map.values.reduce((all, each) => all + each, 0)).to.be.closeTo(places, tolerance);
}
