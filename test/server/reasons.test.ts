import {readFileSync} from 'node:fs';
import {expect} from 'chai';
import {REASONS} from '../../src/model/rejection.ts';
import type {PredictionEntry} from '../../src/prediction/entry.ts';
import {parseAs} from '../cli/schema.ts';
import {reasonPictures, writeScoringModel} from '../commands/pictures.ts';
import {formOf, metric, type Serving, servers, until} from './serving.ts';

interface Output {
  name: string;
  datatype: string;
  shape: number[];
  data?: (string | number | boolean)[];
  parameters?: {binary_data_size: number};
}

describe('reasons for rejection, through the server', () => {
  const {at, start} = servers();
  const pictures = Object.entries(reasonPictures());
  let server: Serving;
  before(async () => {
    writeScoringModel(at('scoring.onnx'));
    server = await start(['--log-predictions', at('log.ndjson')], {env: {RICE_MODEL: at('scoring.onnx')}});
    await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  });

  const predict = async () => {
    const response = await fetch(`${server.url}/predict`, {method: 'POST', body: formOf(Object.fromEntries(pictures))});
    return parseAs<{predictions: PredictionEntry[]; summary: object}>('serve-predict', await response.text());
  };
  const infer = async (more: object = {}) => {
    const data = pictures.map(([, bytes]) => bytes.toString('base64'));
    const inputs = [{name: 'encoded', datatype: 'BYTES', shape: [pictures.length], data}];
    return fetch(`${server.url}/v2/models/scoring/infer`, {method: 'POST', body: JSON.stringify({inputs, ...more})});
  };
  const outputsOf = async (response: Response) => {
    expect(response.status).to.equal(200);
    return parseAs<{outputs: Output[]}>('serve-inference', await response.text()).outputs;
  };

  it('are in its answers, metrics and log', async () => {
    const before = await Promise.all(
      REASONS.map((reason) => metric(server.url, `rice_unknown_total{reason="${reason}"}`)),
    );
    const {predictions, summary} = await predict();
    expect(predictions.map(({path, known, reason}) => (known ? 'none' : reason) === path)).not.to.include(false);
    expect(summary).to.deep.include({
      unknown: REASONS.length,
      reasons: Object.fromEntries(REASONS.map((reason) => [reason, 1])),
    });
    for (const [i, reason] of REASONS.entries())
      expect(await metric(server.url, `rice_unknown_total{reason="${reason}"}`)).to.equal(before[i] + 1);
    await until(() => readFileSync(at('log.ndjson'), 'utf8').split('\n').length > pictures.length);
    const lines = readFileSync(at('log.ndjson'), 'utf8')
      .split('\n')
      .slice(0, pictures.length)
      .map((line) => JSON.parse(line));
    expect(lines.map(({novelty, capture, reason}) => ({novelty, capture, reason}))).to.deep.equal(
      predictions.map(({novelty, capture, reason}) => ({novelty, capture, reason})),
    );
    expect(lines[0]).not.to.have.property('features');
  });

  it('have scores as tensors, and features only on request', async () => {
    const about = (await (await fetch(`${server.url}/v2/models/scoring`)).json()) as {outputs: Output[]};
    expect(about.outputs.slice(4)).to.deep.equal([
      {name: 'novelty', datatype: 'FP32', shape: [-1]},
      {name: 'capture', datatype: 'FP32', shape: [-1]},
      {name: 'features', datatype: 'FP32', shape: [-1, 3]},
    ]);
    const usual = await outputsOf(await infer());
    expect(usual.map(({name}) => name)).to.deep.equal([
      'label',
      'confidence',
      'known',
      'probabilities',
      'novelty',
      'capture',
    ]);
    const [features, novelty, capture] = await outputsOf(
      await infer({outputs: [{name: 'features'}, {name: 'novelty'}, {name: 'capture'}]}),
    );
    expect(features.shape).to.deep.equal([pictures.length, 3]);
    const colors = features.data as number[];
    // Novelty is the second feature, capture their mean.
    (novelty.data as number[]).forEach((value, i) => {
      expect(value).to.be.closeTo(colors[3 * i + 1], 1e-4);
    });
    (capture.data as number[]).forEach((value, i) => {
      expect(value).to.be.closeTo((colors[3 * i] + colors[3 * i + 1] + colors[3 * i + 2]) / 3, 1e-4);
    });
    const {predictions} = await predict();
    predictions.forEach((entry, i) => {
      expect(entry.novelty).to.be.closeTo(novelty.data![i] as number, 1e-4);
    });
  });

  it('have scores as binary tensors as well', async () => {
    const count = pictures.length;
    const [novelty] = await outputsOf(await infer({outputs: [{name: 'novelty'}]}));
    const outputs = [{name: 'novelty'}, {name: 'features'}];
    const response = await infer({outputs, parameters: {binary_data_output: true}});
    const bytes = Buffer.from(await response.arrayBuffer());
    const end = Number(response.headers.get('inference-header-content-length'));
    const answer = parseAs<{outputs: Output[]}>('serve-inference', bytes.toString('utf8', 0, end));
    expect(answer.outputs.map(({parameters}) => parameters!.binary_data_size)).to.deep.equal([
      count * 4,
      count * 3 * 4,
    ]);
    expect(bytes.length).to.equal(end + count * 4 * 4);
    expect(Array.from({length: count}, (_, i) => bytes.readFloatLE(end + 4 * i))).to.deep.equal(novelty.data);
  });

  it('are documented as far as the model has their scores', async () => {
    const describe = async (url: string) => JSON.stringify(await (await fetch(`${url}/openapi.json`)).json());
    const outputs = /Outputs: [^.]*\./;
    expect(outputs.exec(await describe(server.url))![0]).to.equal(
      'Outputs: label, confidence, known, probabilities, novelty, capture, features (only where asked for).',
    );
    const {url} = await start();
    expect(outputs.exec(await describe(url))![0]).not.to.match(/novelty|capture/);
    const {predictions} = parseAs<{predictions: PredictionEntry[]}>(
      'serve-predict',
      await (
        await fetch(`${url}/predict`, {
          method: 'POST',
          body: formOf({a: reasonPictures()['not one of the known varieties']}),
        })
      ).text(),
    );
    expect(predictions[0]).to.include({reason: 'low confidence'}).and.not.to.have.any.keys('novelty', 'capture');
  });
});
