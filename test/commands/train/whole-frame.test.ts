import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {Classifier} from '../../../src/model/classifier.ts';
import {parseMetadata} from '../../../src/model/metadata.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {type Color, drawFrame, drawGrain, encodeJpeg, randomNumbers} from '../../helpers/images.ts';

const EACH = 40;
const COLORS: Record<string, Color> = {Brown: [150, 105, 60], White: [225, 225, 215]};

/** A heap of grains that covers the whole picture. */
function heap(color: Color, seed: number): Buffer {
  const random = randomNumbers(seed);
  const data = drawFrame(120, 120, () => color).data.map((level) => level * 0.7);
  for (let i = 0; i < 40; i++) {
    const grain = drawGrain({
      size: 120,
      length: 34,
      width: 12,
      angle: 180 * random(),
      x: 120 * random(),
      y: 120 * random(),
      color: color.map((level) => level * (0.8 + 0.2 * random())) as unknown as Color,
    });
    grain.data.forEach((level, at) => {
      if (level > 40) data[at] = level;
    });
  }
  return encodeJpeg({width: 120, height: 120, data});
}

interface Answers {
  predictions: {label: string; known: boolean; grain?: object; warnings?: string[]}[];
}

describe('rice train --whole-frame', () => {
  const folder = temporaryFolder();
  const env = () => ({RICE_CACHE_DIR: join(folder(), 'cache')});
  const run = (...args: string[]) => rice(args, {cwd: folder(), env: env()});
  const train = (out: string, ...more: string[]) =>
    run('train', 'heaps', '--batch-size', '8', '--device', 'cpu', '--out', out, '--json', ...more);

  before(async () => {
    Object.values(COLORS).forEach((color, label) => {
      const place = join(folder(), 'heaps', Object.keys(COLORS)[label]);
      mkdirSync(place, {recursive: true});
      for (let i = 0; i < EACH; i++) writeFileSync(join(place, `${i}.jpg`), heap(color, 1 + i + EACH * label));
    });
    for (const [label, color] of Object.entries(COLORS))
      writeFileSync(join(folder(), `${label}.jpg`), heap(color, 999));
  });

  it('learns and predicts whole pictures, which is recorded in the model and advised where no grain is found', async () => {
    const usual = await train('grains', '--epochs', '1');
    expect(usual.code, usual.stdout + usual.stderr).to.equal(0);
    const advice = parseAs<{warnings: string[]}>('train', usual.stdout).warnings;
    expect(advice.join('\n')).to.match(/White: no single grain was found .*--whole-frame/);
    const whole = await train('whole', '--whole-frame', '--epochs', '8');
    expect(whole.code, whole.stderr).to.equal(0);
    const result = parseAs<{warnings?: string[]; withoutSingleGrain?: object; test: {accuracy: number}}>(
      'train',
      whole.stdout,
    );
    expect((result.warnings ?? []).join('\n')).not.to.contain('no single grain');
    expect(result).not.to.have.property('withoutSingleGrain');
    // Each training has a cache of its own.
    expect(readdirSync(join(folder(), 'cache')).filter((name) => name.startsWith('prepared-'))).to.have.length(2);
    const model = join(folder(), 'whole', 'model.onnx');
    const {metadata} = parseMetadata(readFileSync(model), model)!;
    expect(metadata.input.resize).to.equal('whole-picture');
    expect(metadata.training.configuration.wholeFrame).to.equal(true);
    expect(metadata.input.width).to.equal(metadata.input.height);
  });

  it('is honored by predict, evaluate and the library', async () => {
    const names = Object.keys(COLORS);
    const {stdout} = await run('predict', ...names.map((name) => `${name}.jpg`), '--model', 'whole', '--json');
    const {predictions} = parseAs<Answers>('predict', stdout);
    expect(predictions.map(({label}) => label)).to.deep.equal(names);
    for (const answer of predictions) {
      expect(answer).not.to.have.property('grain');
      expect(answer).not.to.have.property('warnings');
      expect(answer).to.include({known: true});
    }
    const evaluated = await run('evaluate', 'heaps', '--model', 'whole', '--json');
    expect(parseAs<{accuracy: number}>('evaluate', evaluated.stdout).accuracy).to.equal(1);
    const classifier = await Classifier.load({model: join(folder(), 'whole'), device: 'cpu', threads: 1});
    try {
      const [answer] = await classifier.classify([readFileSync(join(folder(), 'White.jpg'))]);
      expect(answer).to.include({label: 'White', known: true});
    } finally {
      await classifier.release();
    }
  });

  it('is what a resumed run goes on with', async () => {
    const {code, stdout} = await run('train', '--resume', 'whole', '--json');
    expect([code, parseAs<{model: string}>('train', stdout).model.endsWith('model.onnx')]).to.deep.equal([0, true]);
    const model = join(folder(), 'whole', 'model.onnx');
    expect(parseMetadata(readFileSync(model), model)!.metadata.input.resize).to.equal('whole-picture');
  });
});
