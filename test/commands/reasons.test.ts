import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {REASON_HELP, REASONS} from '../../src/model/rejection.ts';
import type {PredictionEntry} from '../../src/prediction/entry.ts';
import {rice, temporaryFolder} from '../cli/rice.ts';
import {parseAs} from '../cli/schema.ts';
import {grainJpeg, reasonPictures, writeColorModel, writeScoringModel} from './pictures.ts';

interface Predictions {
  predictions: PredictionEntry[];
  summary: {unknown: number; reasons: Record<string, number>; labels: Record<string, number>};
}
interface Evaluation {
  images: number;
  unknown: number;
  reasons: Record<string, number>;
  selective: {coverage: number; accuracy: number; images: number};
}

describe('rejection reasons on the command line', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const pictures = reasonPictures();
  const names = Object.keys(pictures).sort();
  let env: Record<string, string>;

  before(() => {
    writeScoringModel(at('scoring.onnx'));
    writeColorModel(at('color.onnx'));
    env = {RICE_MODEL: at('scoring.onnx'), RICE_CACHE_DIR: at('cache')};
    mkdirSync(at('photos'));
    for (const [name, bytes] of Object.entries(pictures)) writeFileSync(at('photos', `${name}.jpg`), bytes);
  });
  const run = (...args: string[]) => rice(args, {cwd: folder(), env});
  const predict = async (...args: string[]) => {
    const {stdout} = await run('predict', ...args, '--json');
    return parseAs<Predictions>('predict', stdout);
  };
  /** `a.jpg: reason`, in order. */
  const reasonsOf = ({predictions}: Predictions) =>
    predictions.map(({path, known, reason}) => `${path.replace(/^.*photos.(.*)\.jpg$/, '$1')}: ${known || reason}`);
  const expected = names.map((name) => `${name}: ${name === 'none' ? true : name}`);

  it('are given in their order of precedence, with the scores, and counted', async () => {
    const document = await predict('photos');
    expect(reasonsOf(document)).to.deep.equal(expected);
    expect(document.summary).to.deep.include({unknown: REASONS.length, labels: {Red: 1}});
    expect(Object.entries(document.summary.reasons)).to.deep.equal(REASONS.map((reason) => [reason, 1]));
    const byName = Object.fromEntries(document.predictions.map((entry, i) => [names[i], entry]));
    // An unusual capture may be reported for known pictures as well as for unknown ones.
    expect(byName.none).to.include({known: true}).and.property('capture').above(12);
    expect(byName['capture too different to be sure']).property('capture').above(12);
    expect(byName['low confidence']).property('capture').below(12);
    expect(byName['not one of the known varieties']).property('novelty').above(20);
    for (const {novelty, capture} of document.predictions)
      for (const score of [novelty!, capture!]) expect(String(score).replace('.', '').length).to.be.below(8);
  });

  it('follow --min-confidence, which does not change the other reasons', async () => {
    const lax = expected.map((line) => line.replace(/: (capture .*|low .*)/, ': true'));
    expect(reasonsOf(await predict('photos', '--min-confidence', '0'))).to.deep.equal(lax);
    // All confidences are below 1 except that of the red picture, whose capture is also unusual.
    const strict = reasonsOf(await predict('photos', '--min-confidence', '1'));
    expect(strict).to.deep.equal(expected);
  });

  it('pass between threads, and send pictures into the folder for unknown ones', async () => {
    mkdirSync(at('many'));
    for (let i = 0; i < 300; i++)
      writeFileSync(at('many', `${1000 + i}.jpg`), pictures[names[i % names.length] as 'none']);
    const alone = await predict('photos');
    const many = await predict('many', '--sort-into', 'sorted', '--threads', '2', '--shard', '1/1');
    expect(many.predictions).to.have.length(300);
    many.predictions.forEach(({path, sortedTo, ...entry}, i) => {
      const {path: _, ...same} = alone.predictions[i % names.length];
      expect(entry, path).to.deep.equal(same);
      expect(sortedTo).to.include(entry.known ? 'Red' : 'unknown');
    });
    expect(readdirSync(at('sorted', 'unknown'))).to.have.length((300 * REASONS.length) / names.length);
  });

  it('are in NDJSON and CSV, with the scores after the varieties', async () => {
    const lines = (await run('predict', 'photos', '--format', 'ndjson')).stdout.trimEnd().split('\n');
    const entries = lines.map((line) => parseAs<PredictionEntry>('predict-line', line));
    expect(entries).to.deep.equal((await predict('photos')).predictions);
    writeFileSync(at('text.jpg'), 'no picture');
    const csv = (await run('predict', 'photos', 'text.jpg', '--format', 'csv')).stdout.trimEnd().split('\n');
    expect(csv[0]).to.match(/,sortedTo,Blue,Red,novelty,capture,length,width,area,angle$/);
    expect(csv.slice(1, -1).map((row) => row.split(',').slice(-6, -4).map(Number))).to.deep.equal(
      entries.map(({novelty, capture}) => [novelty, capture]),
    );
    expect(csv.at(-1)).to.match(/,{9}$/);
    const plain = await rice(['predict', 'photos', '--format', 'csv'], {
      cwd: folder(),
      env: {RICE_MODEL: at('color.onnx')},
    });
    expect(plain.stdout).to.match(/^.*,sortedTo,Blue,Red,length,width,area,angle\n/);
  });

  it('are explained in the table, each once with its count', async () => {
    const {stdout} = await run('predict', 'photos');
    expect(stdout).to.match(/unknown, nearest \w+ \(not one of the known varieties\)$/m);
    expect(stdout).to.match(/^photos\/no grain\.jpg +unknown \(no grain\)$/m);
    const [, block] = stdout.split(`unknown ${REASONS.length}\n`);
    expect(block).to.equal(REASONS.map((reason) => `1 ${reason}: ${REASON_HELP[reason]}\n`).join(''));
    const one = await run('predict', at('photos', 'low confidence.jpg'));
    expect(one.stdout.split('\n')[1]).to.equal(`low confidence: ${REASON_HELP['low confidence']}`);
    const quiet = await run('predict', at('photos', 'low confidence.jpg'), '--quiet');
    expect(quiet.stdout.split('\n')).to.have.length(2);
    expect((await run('predict', at('photos', 'none.jpg'))).stdout.split('\n')).to.have.length(2);
  });

  it('are counted by rice evaluate, with the accuracy of the most confident answers', async () => {
    for (const label of ['Red', 'Blue'] as const) {
      mkdirSync(at('set', label), {recursive: true});
      for (let seed = 1; seed <= 100; seed++) writeFileSync(at('set', label, `${seed}.jpg`), grainJpeg(label, seed));
    }
    // Four wrong answers: two confident ones, and two that are unknown; 99 % coverage leaves out the latter.
    for (const seed of [201, 202]) writeFileSync(at('set', 'Blue', `${seed}.jpg`), grainJpeg('Red', seed));
    for (const name of ['no grain', 'several grains'] as const) {
      const {label} = (await predict(at('photos', `${name}.jpg`))).predictions[0];
      writeFileSync(at('set', label === 'Red' ? 'Blue' : 'Red', `${name}.jpg`), pictures[name]);
    }
    const {stdout} = await run('evaluate', 'set', '--json');
    const result = parseAs<Evaluation>('evaluate', stdout);
    expect(result).to.include({images: 204, unknown: 2});
    expect(result.reasons).to.deep.equal({'no grain': 1, 'several grains': 1});
    // 99 % of 204 are 201.96.
    expect(result.selective).to.deep.equal({coverage: 0.99, accuracy: 200 / 202, images: 202});
    const text = (await run('evaluate', 'set', '--report', 'page.html')).stdout;
    expect(text).to.include('99.01% right of the 99% most trusted: 202 pictures\n');
    expect(text).to.include('2 answered "unknown" (1 no grain, 1 several grains)');
    const page = readFileSync(at('page.html'), 'utf8');
    expect(page).to.include(REASON_HELP['several grains']).and.to.include('Right of the 99% most trusted');
  });

  it('need the model output that a threshold applies to', async () => {
    writeScoringModel(at('other.onnx'), {novelty: 1, capture: 'much'});
    const wrong = await rice(['predict', 'photos', '--model', 'other.onnx'], {cwd: folder(), env: {}});
    expect([wrong.code, wrong.stdout]).to.deep.equal([2, '']);
    expect(wrong.stderr).to.include('MODEL_METADATA').and.to.include('unknown.capture must be a number');
  });
});
