import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, ROOT, rice} from '../../cli/rice.ts';
import {writeColorModel} from '../../commands/pictures.ts';
import {FIXTURES} from '../../helpers/fixtures.ts';
import {MANY, manyPictures} from './many-pictures.ts';
import {webPages} from './web-pages.ts';

const PLAIN_AVIF = /^AVIF(, (grey|tiles|lossless|4:2|turned).*)?$/;
const SHIPPED = join(ROOT, 'models', 'rice.onnx');
/**
 * The windows are the same to the last bit. Two builds of ONNX Runtime add up in another order, which is seen in the shares of
 * pictures that lie between two varieties.
 */
const TOLERANCE = 1e-3;
const SURE = 0.99;
const TOLERANCE_OF_SURE = 1e-4;

interface Prediction {
  path: string;
  label: string;
  confidence: number;
  known: boolean;
  reason?: string;
  probabilities: Record<string, number>;
  grain?: object;
}

describe('the answers of an exported page (needs Chromium and models/rice.onnx)', () => {
  const {at, serve, open} = webPages();
  let many: string[];
  let paths: string[];

  before(function () {
    if (!HAS_MODEL) return this.skip();
    mkdirSync(at('pictures'));
    many = [...manyPictures()].map(([name, bytes]) => {
      const path = at('pictures', name);
      writeFileSync(path, bytes);
      return path;
    });
  });

  /** What the command line says, and the page. */
  async function both(model: string, name: string) {
    const {stdout, stderr} = await rice(['predict', ...paths, '--json', '--model', model]);
    expect(stderr).to.equal('');
    const told = JSON.parse(stdout);
    const page = await open((await serve(model, name)).url);
    await page.choose(...paths);
    await page.titles(paths.length);
    return {told, shown: await page.json(), page};
  }

  it(`are those of the command line for ${MANY} pictures`, async () => {
    paths = many;
    const {told, shown, page} = await both(SHIPPED, 'shipped');
    expect(paths).to.have.length(MANY);
    expect(shown.model).to.deep.equal(told.model);
    expect(shown.trust).to.equal(told.trust);
    const {seconds: _, imagesPerSecond: __, ...summary} = told.summary;
    expect(shown.summary).to.deep.include(summary);
    expect(shown.errors).to.deep.equal([]);
    requireSame(shown.predictions, told.predictions);
    // The pictures are of all kinds, and no answer depends on how many there are.
    expect(Object.keys(summary.labels)).to.have.length.above(3);
    expect(Object.keys(summary.reasons)).to.have.length.above(5);
    expect(page.complaints).to.deep.equal([]);
  });

  it('are those of the command line for what browsers decode of other formats', async () => {
    // Of alpha, high dynamic range and sequences in AVIF, browsers make something else.
    const files = Object.entries(FIXTURES).filter(
      ([name]) => /^(PNG|GIF|BMP|WebP)/.test(name) || PLAIN_AVIF.test(name),
    );
    paths = files.map(([name, {file}]) => {
      const path = at('pictures', `${name.replaceAll(/\W+/g, '-')}.bin`);
      writeFileSync(path, file);
      return path;
    });
    writeColorModel(at('color.onnx'));
    const {told, shown} = await both(at('color.onnx'), 'formats');
    requireSame(shown.predictions, told.predictions);
  });

  it('are those of the command line for a model that looks at whole pictures', async () => {
    writeColorModel(at('whole.onnx'), 'whole', 'whole-picture');
    paths = many.slice(0, 60);
    const {told, shown} = await both(at('whole.onnx'), 'whole');
    requireSame(shown.predictions, told.predictions);
    expect(shown.predictions.every((each: Prediction) => !('grain' in each))).to.equal(true);
  });
});

function requireSame(shown: Prediction[], told: Prediction[]): void {
  expect(shown.map(({path}) => path)).to.deep.equal(told.map(({path}) => path.split(/[\\/]/).at(-1)));
  for (const [i, {path, label, known, reason, probabilities, confidence}] of shown.entries()) {
    expect({path, label, known, reason}).to.deep.equal({
      path,
      label: told[i].label,
      known: told[i].known,
      reason: told[i].reason,
    });
    const tolerance = confidence > SURE ? TOLERANCE_OF_SURE : TOLERANCE;
    expect(confidence, path).to.be.closeTo(told[i].confidence, tolerance);
    for (const [name, share] of Object.entries(probabilities))
      expect(share, path).to.be.closeTo(told[i].probabilities[name], tolerance);
    expect(Object.keys(shown[i]), path).to.deep.equal(Object.keys(told[i]));
    expect(shown[i].grain, path).to.deep.equal(told[i].grain);
  }
}
