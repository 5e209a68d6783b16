import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {PredictionEntry} from '../../src/prediction/entry.ts';
import type {ScannedPicture} from '../../src/scanning/types.ts';
import {rice, temporaryFolder} from '../cli/rice.ts';
import {parseAs} from '../cli/schema.ts';
import {drawFrame, drawGrain, encodePng} from '../helpers/images.ts';
import {formOf, metric, type Serving, servers} from '../server/serving.ts';
import {grainJpeg, writeColorModel, writeScoringModel} from './pictures.ts';

interface Predictions {
  trust: string;
  predictions: PredictionEntry[];
}

/** Red grains are strange to this model, and blue ones are not, by a threshold for pictures of its own camera. */
const UNKNOWN = {novelty: 1000, capture: 100, sameCamera: {confidence: 0.9, strangeness: 30}};
const STRANGE = 'not one of the known varieties';

describe('--trust', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  let env: Record<string, string>;

  before(() => {
    writeScoringModel(at('scoring.onnx'), UNKNOWN, {strangeness: true});
    writeColorModel(at('color.onnx'));
    env = {RICE_MODEL: at('scoring.onnx'), RICE_CACHE_DIR: at('cache')};
    for (const label of ['Red', 'Blue'] as const) {
      mkdirSync(at('set', label), {recursive: true});
      for (const seed of [1, 2]) writeFileSync(at('set', label, `${seed}.jpg`), grainJpeg(label, seed));
    }
  });
  const run = (args: string[], more: Record<string, string> = {}) =>
    rice(args, {cwd: folder(), env: {...env, ...more}});
  const predict = async (args: string[], more?: Record<string, string>) =>
    parseAs<Predictions>('predict', (await run(['predict', 'set', '-r', '--json', ...args], more)).stdout);
  const answersOf = ({predictions}: Predictions) =>
    predictions.map(({path, reason}) => `${/Red|Blue/.exec(path)}: ${reason}`);
  const strict = ['Blue: undefined', 'Blue: undefined', `Red: ${STRANGE}`, `Red: ${STRANGE}`];
  const usual = ['Blue: undefined', 'Blue: undefined', 'Red: undefined', 'Red: undefined'];

  it('same-camera is strict on what is new, by flag, variable and file', async () => {
    const byDefault = await predict([]);
    expect([byDefault.trust, answersOf(byDefault)]).to.deep.equal(['any-camera', usual]);
    expect(byDefault.predictions[2]).to.have.property('strangeness').above(30);
    const byFlag = await predict(['--trust', 'same-camera']);
    expect([byFlag.trust, answersOf(byFlag)]).to.deep.equal(['same-camera', strict]);
    expect(answersOf(await predict([], {RICE_TRUST: 'same-camera'}))).to.deep.equal(strict);
    mkdirSync(at('configured'));
    writeFileSync(at('configured', 'rice.config.json'), '{"trust": "same-camera"}');
    const {stdout} = await rice(['predict', '../set', '-r', '--json'], {cwd: at('configured'), env});
    expect(answersOf(parseAs('predict', stdout))).to.deep.equal(strict);
  });

  it('reaches worker threads', async () => {
    mkdirSync(at('many'));
    for (let i = 0; i < 300; i++) writeFileSync(at('many', `${i}.jpg`), grainJpeg('Red', 1));
    const {stdout} = await run(['predict', 'many', '--json', '--threads', '2', '--trust', 'same-camera']);
    const {predictions} = parseAs<Predictions>('predict', stdout);
    expect(predictions.filter(({reason}) => reason === STRANGE)).to.have.length(300);
  });

  it('says nothing new where a model has nothing but a confidence', async () => {
    const model = {RICE_MODEL: at('color.onnx')};
    const {trust, ...document} = await predict(['--trust', 'same-camera'], model);
    expect(trust).to.equal('same-camera');
    expect(document.predictions).to.deep.equal((await predict([], model)).predictions);
  });

  it('is recorded by rice evaluate, in JSON, text and report', async () => {
    const {stdout} = await run(['evaluate', 'set', '--trust', 'same-camera', '--json', '--report', 'page.html']);
    expect(parseAs('evaluate', stdout)).to.deep.include({trust: 'same-camera', unknown: 2, reasons: {[STRANGE]: 2}});
    expect(readFileSync(at('page.html'), 'utf8')).to.include('<code>--trust same-camera</code>');
    const text = (await run(['evaluate', 'set', '--trust', 'same-camera'])).stdout;
    expect(text).to.include('answers accepted with --trust same-camera');
    expect(parseAs('evaluate', (await run(['evaluate', 'set', '--json'])).stdout)).to.include({
      trust: 'any-camera',
      unknown: 0,
    });
  });

  it('is how rice scan accepts the names of grains', async () => {
    const frame = drawFrame(400, 400, () => [0, 0, 0]);
    for (let i = 0; i < 9; i++) {
      const x = 70 + 130 * (i % 3);
      const y = 70 + 130 * Math.floor(i / 3);
      const grain = drawGrain({size: 400, length: 70, width: 26, x, y, color: [230, 20, 20], angle: 20 * i});
      frame.data = frame.data.map((level, at) => Math.max(level, grain.data[at]));
    }
    writeFileSync(at('grains.png'), encodePng(frame));
    const scan = async (...args: string[]) => {
      const {stdout} = await run(['scan', 'grains.png', '--json', ...args]);
      const {trust, pictures} = parseAs<{trust: string; pictures: [ScannedPicture]}>('scan', stdout);
      return {trust, reasons: pictures[0].grains.map(({reason}) => reason), strange: pictures[0].grains[0].strangeness};
    };
    const usual = await scan();
    expect(usual.trust).to.equal('any-camera');
    expect(usual.reasons).to.deep.equal(Array(9).fill(undefined));
    expect(usual.strange).to.be.above(5);
    // The scale that suits the model is chosen by its other scores: only what is strange at that scale is held against it.
    writeScoringModel(
      at('strict.onnx'),
      {...UNKNOWN, sameCamera: {confidence: 0, strangeness: 1}},
      {strangeness: true},
    );
    const {trust, reasons} = await scan('--trust', 'same-camera', '--model', 'strict.onnx');
    expect([trust, reasons]).to.deep.equal(['same-camera', Array(9).fill(STRANGE)]);
  });

  it('names what it may be', async () => {
    const {code, stderr} = await run(['predict', 'set', '--trust', 'nobody']);
    expect(code).to.equal(2);
    expect(stderr).to.include('any-camera').and.to.include('same-camera');
  });
});

describe('--trust of the server', () => {
  const {at, jpegs, start} = servers();
  let server: Serving;
  let strictServer: Serving;
  before(async () => {
    writeScoringModel(at('scoring.onnx'), UNKNOWN, {strangeness: true});
    const model = ['--model', at('scoring.onnx')];
    server = await start([...model, '--log-predictions', at('log.ndjson')]);
    strictServer = await start([...model, '--trust', 'same-camera']);
  });

  const post = (url: string, fields: Record<string, string> = {}) => {
    const form = formOf({'red.jpg': jpegs.Red});
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return fetch(url, {method: 'POST', body: form});
  };
  const answer = async (response: Response) => {
    const {trust, predictions} = parseAs<Predictions>('serve-predict', await response.text());
    return `${trust}: ${predictions[0].reason}`;
  };
  const refusal = async (response: Response) => {
    const {error} = parseAs<{error: {code: string; message: string}}>('error', await response.text());
    return `${response.status} ${error.code}: ${error.message}`;
  };

  it('is the one it was started with, unless the address or a field says another', async () => {
    const usual = 'any-camera: undefined';
    const strict = `same-camera: ${STRANGE}`;
    expect(await answer(await post(`${server.url}/predict`))).to.equal(usual);
    expect(await answer(await post(`${server.url}/predict?trust=same-camera`))).to.equal(strict);
    expect(await answer(await post(`${server.url}/?trust=same-camera`))).to.equal(strict);
    expect(await answer(await post(`${server.url}/predict`, {trust: 'same-camera', other: 'x'}))).to.equal(strict);
    expect(await answer(await post(`${strictServer.url}/predict`))).to.equal(strict);
    expect(await answer(await post(`${strictServer.url}/predict?trust=any-camera`))).to.equal(usual);
  });

  it('refuses another', async () => {
    const wrong = '400 REQUEST_INVALID: trust: expected one of any-camera, same-camera, got "me"';
    expect(await refusal(await post(`${server.url}/predict?trust=me`))).to.equal(wrong);
    expect(await refusal(await post(`${server.url}/predict`, {trust: 'me'}))).to.equal(wrong);
    expect(await refusal(await post(`${server.url}/scan?trust=me`))).to.equal(wrong);
  });

  it('keeps requests apart that arrive together', async () => {
    const asked = Array.from({length: 40}, (_, i) => (i % 3 === 0 ? 'same-camera' : 'any-camera'));
    const answers = await Promise.all(
      asked.map(async (trust) => answer(await post(`${server.url}/predict?trust=${trust}`))),
    );
    expect(answers).to.deep.equal(asked.map((trust) => `${trust}: ${trust === 'same-camera' ? STRANGE : 'undefined'}`));
  });

  it('is in the description, the metrics and the log of predictions', async () => {
    const description = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, {post: {parameters: {name: string}[]}}>;
    };
    for (const path of ['/predict', '/scan'])
      expect(description.paths[path].post.parameters.map(({name}) => name)).to.include('trust');
    const {sha256} = ((await (await post(`${server.url}/predict`)).json()) as {model: {sha256: string}}).model;
    const info = (trust: string) => `rice_model_info{version="0.1.0",sha256="${sha256}",trust="${trust}"}`;
    expect(await metric(server.url, info('any-camera'))).to.equal(1);
    expect(await metric(strictServer.url, info('same-camera'))).to.equal(1);
    const lines = readFileSync(at('log.ndjson'), 'utf8').trim().split('\n');
    expect(new Set(lines.map((line) => JSON.parse(line).trust))).to.deep.equal(new Set(['any-camera', 'same-camera']));
  });
});
