import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {decodeImage} from '../../src/image/decode.ts';
import {HAS_MODEL, ROOT} from '../cli/rice.ts';
import {parseAs} from '../cli/schema.ts';
import {formOf, type Serving, servers} from './serving.ts';

interface Document {
  predictions: {label: string; explanation?: {label: string; score: number; image: string; picture?: string}}[];
}

const SAMPLE = new Uint8Array(readFileSync(join(ROOT, 'test', 'samples', 'jasmine-1.jpg')));

describe('server: explain=true', function () {
  if (!HAS_MODEL) this.pending = true;
  const {start, jpegs} = servers();
  let server: Serving;
  before(async () => {
    server = await start(['--timeout', '120'], {env: {RICE_MODEL: join(ROOT, 'models', 'rice.onnx')}});
  });
  const predict = async (query: string, body: Uint8Array<ArrayBuffer> | FormData) => {
    const response = await fetch(`${server.url}/predict${query}`, {method: 'POST', body});
    return {status: response.status, text: await response.text()};
  };

  it('adds what speaks for the answer, with a picture, in the address and in a form', async () => {
    const form = formOf({'a.jpg': SAMPLE});
    form.append('explain', 'true');
    for (const [query, body] of [
      ['?explain=true', SAMPLE],
      ['', form],
    ] as const) {
      const {status, text} = await predict(query, body);
      expect(status, text).to.equal(200);
      const [{label, explanation}] = parseAs<Document>('serve-predict', text).predictions;
      expect(explanation!.label).to.equal(label);
      expect(explanation!.score).to.be.above(0);
      const [head, base64] = explanation!.image.split(',');
      expect(head).to.equal('data:image/png;base64');
      expect((await decodeImage(Buffer.from(base64, 'base64'))).frame.width).to.be.above(800);
    }
  });

  it('adds nothing otherwise', async () => {
    for (const query of ['', '?explain=false']) {
      const {text} = await predict(query, SAMPLE);
      expect(parseAs<Document>('serve-predict', text).predictions[0]).to.not.have.property('explanation');
    }
  });

  it('takes one picture at a time, and true or false', async () => {
    const two = await predict('?explain=true', formOf({'a.jpg': SAMPLE, 'b.jpg': jpegs.Red}));
    expect(two.status).to.equal(400);
    expect(two.text).to.include('one picture at a time');
    const maybe = await predict('?explain=maybe', SAMPLE);
    expect(maybe.status).to.equal(400);
    expect(maybe.text).to.include('expected true or false');
  });

  it('answers a picture that cannot be used as ever', async () => {
    const {status, text} = await predict('?explain=true', new TextEncoder().encode('no picture'));
    expect(status).to.equal(415);
    expect(text).to.include('IMAGE_UNSUPPORTED');
  });

  it('refuses more than may wait, and goes on', async () => {
    const statuses = await Promise.all(
      Array.from({length: 24}, async () => (await predict('?explain=true', SAMPLE)).status),
    );
    expect(new Set(statuses)).to.deep.equal(new Set([200, 503]));
    expect((await predict('?explain=true', SAMPLE)).status).to.equal(200);
  });

  it('ends its thread with the server', async () => {
    expect(await server.stop()).to.equal(0);
  });
});
