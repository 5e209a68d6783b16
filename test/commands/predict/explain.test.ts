import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {ExplanationEntry} from '../../../src/explanation/explanation-entry.ts';
import {decodeImage} from '../../../src/image/decode.ts';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {DESCRIPTION, externalNetwork, greatest} from '../../explanation/models.ts';
import {drawGrain, encodePng} from '../../helpers/images.ts';

interface Document {
  predictions: {path: string; label: string; confidence: number; explanation: ExplanationEntry; warnings?: string[]}[];
}

const SAMPLE = join(ROOT, 'test', 'samples', 'basmati-1.jpg');

describe('rice predict --explain', function () {
  if (!HAS_MODEL) this.pending = true;
  const folder = temporaryFolder();
  const run = (args: string[], input?: Uint8Array) =>
    rice(['predict', ...args], {cwd: folder(), ...(input ? {input} : {})});
  const explain = async (args: string[], input?: Uint8Array) => {
    const {code, stdout, stderr} = await run([...args, '--json'], input);
    expect({code, stderr}).to.deep.equal({code: 0, stderr: ''});
    return parseAs<Document>('predict', stdout).predictions;
  };

  it('writes a picture beside each answer, and says in JSON what its score is made of', async () => {
    const predictions = await explain([SAMPLE, join(ROOT, 'test', 'samples', 'jasmine-1.jpg'), '--explain', 'why']);
    expect(readdirSync(join(folder(), 'why')).sort()).to.deep.equal([
      'basmati-1-explained.png',
      'jasmine-1-explained.png',
    ]);
    for (const {label, explanation} of predictions) {
      const {method, picture, score, parts, strongest} = explanation;
      expect(method).to.equal('class-activation-map');
      expect(explanation.label).to.equal(label);
      const {grain, around, numbers, constant} = parts!;
      const sum = [grain, around, constant, ...Object.values(numbers)].reduce((all, each) => all + each, 0);
      expect(sum).to.be.closeTo(score!, 1e-3);
      expect(strongest).to.have.keys('for', 'against');
      const {frame} = await decodeImage(readFileSync(join(folder(), picture!)));
      expect(frame.width).to.be.above(840);
    }
  });

  it('lays the map over the grain, where and as it lies', async () => {
    const drawn = drawGrain({size: 300, length: 130, width: 60, angle: 120, x: 90, y: 200});
    writeFileSync(join(folder(), 'aside.png'), encodePng(drawn));
    const [{explanation}] = await explain(['aside.png', '--explain', 'aside']);
    const {frame} = await decodeImage(readFileSync(join(folder(), explanation.picture!)));
    const colored: [number, number][] = [];
    for (let y = 0; y < 420; y++)
      for (let x = 0; x < 420; x++) {
        const at = ((y + 12) * frame.width + x + 420 + 24) * 3;
        if (Math.abs(frame.data[at] - frame.data[at + 2]) > 25) colored.push([x / 1.4, y / 1.4]);
      }
    expect(colored.length).to.be.above(1000);
    const outside = colored.filter(([x, y]) => {
      const [dx, dy] = [x - 90, y - 200];
      const [cos, sin] = [Math.cos((120 * Math.PI) / 180), Math.sin((120 * Math.PI) / 180)];
      return ((dx * cos + dy * sin) / 73) ** 2 + ((dy * cos - dx * sin) / 38) ** 2 > 1;
    });
    expect(outside.length).to.equal(0);
    const {x, y} = explanation.strongest.for!;
    expect(Math.hypot(x - 90, y - 200)).to.be.below(73);
  });

  it('compares with one variety, and explains standard input', async () => {
    const [{label, explanation}] = await explain(
      ['-', '--explain', 'one', '--against', 'Jasmine'],
      readFileSync(SAMPLE),
    );
    expect(label).to.equal('Basmati');
    expect(explanation.against).to.equal('Jasmine');
    expect(explanation.picture).to.equal(join('one', 'standard-input-explained.png'));
  });

  it('says in the table where the pictures are, and numbers those of the same name', async () => {
    mkdirSync(join(folder(), 'other'));
    writeFileSync(join(folder(), 'other', 'basmati-1.jpg'), readFileSync(SAMPLE));
    const {code, stdout, stderr} = await run([SAMPLE, 'other', '--explain', 'same']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/Basmati/);
    expect(stderr).to.equal('2 explanations in same\n');
    expect(readdirSync(join(folder(), 'same')).sort()).to.deep.equal([
      'basmati-1-2-explained.png',
      'basmati-1-explained.png',
    ]);
  });

  it('hides parts of the picture for models without a map', async () => {
    writeFileSync(join(folder(), 'greatest.onnx'), externalNetwork(greatest));
    writeFileSync(join(folder(), 'greatest.json'), JSON.stringify(DESCRIPTION));
    const [{explanation}] = await explain([SAMPLE, '--model', 'greatest.onnx', '--explain', 'hidden']);
    expect(explanation.method).to.equal('occlusion');
    expect(explanation).to.not.have.any.keys('score', 'parts');
  });

  it('refuses before any work what cannot be done', async () => {
    for (const [args, message] of [
      [['--explain', 'why', '--against', 'Wheat'], /OUT_OF_RANGE.*does not know Wheat/],
      [['--explain', 'file'], /PATH_NOT_WRITABLE.*it is a file/],
      [['--against', 'Jasmine'], /--explain/],
    ] as const) {
      writeFileSync(join(folder(), 'file'), '');
      const {code, stdout, stderr} = await run([SAMPLE, ...args]);
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(message);
    }
  });
});
