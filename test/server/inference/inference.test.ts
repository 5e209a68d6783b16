import {expect} from 'chai';
import {prepareImage} from '../../../src/image/prepare.ts';
import {parseAs} from '../../cli/schema.ts';
import {LABELS} from '../../commands/pictures.ts';
import {type Serving, servers, until} from '../serving.ts';

interface Output {
  name: string;
  datatype: string;
  shape: number[];
  data?: (string | number | boolean)[];
  parameters?: {binary_data_size: number};
}
interface Answer {
  model_name: string;
  model_version: string;
  id?: string;
  outputs: Output[];
}

interface Model {
  name: string;
  extensions?: string[];
  inputs: Output[];
  outputs: Output[];
}

const WINDOW = {width: 120, height: 56};

describe('the inference protocol under /v2', () => {
  const {jpegs, start} = servers();
  let server: Serving;
  before(async () => {
    server = await start(['--max-files', '4']);
    await until(async () => (await fetch(`${server.url}/v2/health/ready`)).ok);
  });

  const get = async (path: string) => {
    const response = await fetch(`${server.url}${path}`);
    return [response.status, (await response.json()) as Model] as const;
  };
  const infer = (body: unknown, {path = '/v2/models/color/infer', headers = {}} = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: {'content-type': 'application/json', ...headers},
      body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    });
  const encoded = (...images: Uint8Array[]) => ({
    name: 'encoded',
    datatype: 'BYTES',
    shape: [images.length],
    data: images.map((image) => Buffer.from(image).toString('base64')),
  });
  async function answerOf(response: Response): Promise<Answer> {
    expect(response.status).to.equal(200);
    return parseAs('serve-inference', await response.text());
  }
  const dataOf = ({outputs}: Answer, name: string) => outputs.find((output) => output.name === name)!.data!;
  async function windowOf(jpeg: Uint8Array): Promise<Uint8Array> {
    return (await prepareImage(jpeg, WINDOW)).window;
  }

  it('reports health, server and model', async () => {
    expect(await get('/v2/health/live')).to.deep.equal([200, {live: true}]);
    expect(await get('/v2/health/ready')).to.deep.equal([200, {ready: true}]);
    expect(await get('/v2/models/color/ready')).to.deep.equal([200, {ready: true}]);
    const [status, about] = await get('/v2');
    expect([status, about.name, about.extensions]).to.deep.equal([200, 'rice', ['binary_tensor_data']]);
    const [, model] = await get('/v2/models/color');
    expect(await get('/v2/models/color/versions/0.1.0')).to.deep.equal([200, model]);
    expect(model).to.deep.include({name: 'color', versions: ['0.1.0'], platform: 'onnx_onnxv1'});
    expect(model.inputs).to.deep.equal([
      {name: 'encoded', datatype: 'BYTES', shape: [-1]},
      {name: 'image', datatype: 'UINT8', shape: [-1, 56, 120, 3]},
    ]);
    expect(model.outputs.slice(3)).to.deep.equal([
      {name: 'probabilities', datatype: 'FP32', shape: [-1, 2]},
      {name: 'features', datatype: 'FP32', shape: [-1, 3]},
    ]);
  });

  it('classifies encoded pictures and returns the id of the request', async () => {
    const answer = await answerOf(await infer({id: 'mine', inputs: [encoded(jpegs.Red, jpegs.Blue, jpegs.Grey)]}));
    expect(answer).to.deep.include({model_name: 'color', model_version: '0.1.0', id: 'mine'});
    expect(answer.outputs.map(({name, shape}) => `${name} ${shape}`)).to.deep.equal([
      'label 3',
      'confidence 3',
      'known 3',
      `probabilities 3,${LABELS.length}`,
    ]);
    expect(dataOf(answer, 'label').slice(0, 2)).to.deep.equal(['Red', 'Blue']);
    expect(dataOf(answer, 'known')).to.deep.equal([true, true, false]);
    expect(dataOf(answer, 'probabilities')).to.have.length(6);
  });

  it('classifies windows, flat and nested, like their pictures', async () => {
    const levels = [...(await windowOf(jpegs.Red)), ...(await windowOf(jpegs.Blue))];
    const nest = (values: unknown[], size: number) =>
      Array.from({length: values.length / size}, (_, i) => values.slice(i * size, (i + 1) * size));
    const nested = nest(nest(nest(levels, 3), 120), 56);
    const pictures = await answerOf(await infer({inputs: [encoded(jpegs.Red, jpegs.Blue)]}));
    for (const data of [levels, nested]) {
      const input = {name: 'image', datatype: 'UINT8', shape: [2, 56, 120, 3], data};
      const answer = await answerOf(
        await infer({inputs: [input], outputs: [{name: 'probabilities'}, {name: 'label'}]}),
      );
      expect(answer).not.to.have.property('id');
      expect(answer.outputs.map(({name}) => name)).to.deep.equal(['probabilities', 'label']);
      expect(dataOf(answer, 'probabilities')).to.deep.equal(dataOf(pictures, 'probabilities'));
    }
  });

  it('reads and writes binary tensors after the JSON', async () => {
    const body = Buffer.concat([await windowOf(jpegs.Red), await windowOf(jpegs.Blue)]);
    const input = {
      name: 'image',
      datatype: 'UINT8',
      shape: [2, 56, 120, 3],
      parameters: {binary_data_size: body.length},
    };
    const outputs = [
      {name: 'label', parameters: {binary_data: true}},
      {name: 'confidence', parameters: {binary_data: false}},
      {name: 'probabilities'},
      {name: 'known'},
    ];
    const json = Buffer.from(JSON.stringify({inputs: [input], outputs, parameters: {binary_data_output: true}}));
    const headers = {'inference-header-content-length': `${json.length}`, 'content-type': 'application/octet-stream'};
    const response = await infer(Buffer.concat([json, body]), {headers});
    const bytes = Buffer.from(await response.arrayBuffer());
    const end = Number(response.headers.get('inference-header-content-length'));
    const answer = parseAs<Answer>('serve-inference', bytes.toString('utf8', 0, end));
    const sizes = answer.outputs.map(({parameters}) => parameters?.binary_data_size);
    expect(sizes).to.deep.equal([4 + 3 + 4 + 4, undefined, 16, 2]);
    const label = bytes.subarray(end, end + 15);
    expect(label.toString('latin1')).to.equal('\x03\x00\x00\x00Red\x04\x00\x00\x00Blue');
    expect(bytes.readFloatLE(end + 15 + 4)).to.equal(dataOf(answer, 'confidence')[0]);
    expect([...bytes.subarray(end + 31)]).to.deep.equal([1, 1]);
  });

  it('reads encoded pictures after the JSON', async () => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(jpegs.Blue.length);
    const body = Buffer.concat([length, jpegs.Blue]);
    const send = (size: number, shape: number[]) => {
      const input = {name: 'encoded', datatype: 'BYTES', shape, parameters: {binary_data_size: size}};
      const json = Buffer.from(JSON.stringify({inputs: [input]}));
      return infer(Buffer.concat([json, body]), {headers: {'inference-header-content-length': `${json.length}`}});
    };
    expect(dataOf(await answerOf(await send(body.length, [1, 1])), 'label')).to.deep.equal(['Blue']);
    expect((await send(body.length - 1, [1])).status).to.equal(400);
    expect((await send(body.length, [2])).status).to.equal(400);
  });

  it('answers invalid requests with an error text and never with 200', async () => {
    const window = {name: 'image', datatype: 'UINT8', shape: [1, 56, 120, 3]};
    const good = encoded(jpegs.Red);
    const tooLong = {'inference-header-content-length': '999999'};
    const depth = 100_000;
    const deep = `{"inputs":[{"name":"encoded","shape":[1],"datatype":${'['.repeat(depth)}${']'.repeat(depth)}}]}`;
    for (const [response, status, message] of [
      [infer(Buffer.from('{')), 400, /not JSON/],
      [infer(Buffer.from('null')), 400, /must be an object/],
      [infer({}), 400, /inputs must be a list/],
      [infer({inputs: []}), 400, /must have one input/],
      [infer({inputs: [good, good]}), 400, /must have one input/],
      [infer({inputs: [{...good, name: 'pixels'}]}), 400, /unknown input "pixels"; known are encoded and image/],
      [infer({inputs: [{...good, datatype: 'FP64'}]}), 400, /datatype must be BYTES or UINT8/],
      [infer({inputs: [{...good, shape: [2]}]}), 400, /has 1 elements, its shape says 2/],
      [infer({inputs: [{...good, shape: [-1]}]}), 400, /whole number/],
      [infer({inputs: [{...good, shape: []}]}), 400, /number of pictures/],
      [infer({inputs: [{...good, data: [7]}]}), 400, /base64/],
      [infer({inputs: [{...good, shape: [1e15], data: []}]}), 413, /in one request/],
      [infer({inputs: [{...window, shape: [1, 120, 56, 3], data: []}]}), 400, /\[N, 56, 120, 3\]/],
      [infer({inputs: [{...window, data: [1, 2]}]}), 400, /has 2 values, its shape says 20160/],
      [infer({inputs: [{...window, data: [256]}]}), 400, /0 to 255/],
      [infer({inputs: [{...window, data: [[[[[1]]]]]}]}), 400, /0 to 255/],
      [infer({inputs: [good], outputs: [{name: 'logits'}]}), 400, /unknown output "logits"/],
      [infer({inputs: [good], outputs: Array(6).fill({name: 'label'})}), 400, /6 outputs are requested; there are 5/],
      [infer(Buffer.from(`{"inputs":[${'[],'.repeat(1_000_000)}[]]}`)), 413, /more than 1,000,000 values/],
      [infer(Buffer.from(deep)), 400, /the datatype must be text/],
      [infer({inputs: [{...good, name: 'x'.repeat(100_000)}]}), 400, /^.{1,200}$/],
      [infer({inputs: [{...good, shape: Array(1000).fill(1)}]}), 400, /1000 numbers/],
      [infer({id: 7, inputs: [good]}), 400, /id must be text/],
      [infer({inputs: [encoded(Buffer.from('x'))]}), 415, /IMAGE_UNSUPPORTED: picture 0: /],
      [infer({inputs: [encoded(jpegs.Red, jpegs.Red.subarray(0, 300))]}), 422, /IMAGE_TRUNCATED: picture 1: /],
      [
        infer({inputs: [encoded(...Array(5).fill(jpegs.Red))]}),
        413,
        /5 pictures in one request: at most 4 are allowed/,
      ],
      [infer({inputs: [good]}, {headers: tooLong}), 400, /within the body/],
      [infer({inputs: [good]}, {headers: {'content-encoding': 'gzip'}}), 415, /Content-Encoding gzip/],
      [infer({inputs: [good]}, {path: '/v2/models/other/infer'}), 404, /no model "other"/],
      [infer({inputs: [good]}, {path: '/v2/models/color/versions/9/infer'}), 404, /no version "9"/],
      [fetch(`${server.url}/v2/models/color/infer`), 405, /does not accept GET/],
      [fetch(`${server.url}/v2/nothing`), 404, /no route/],
    ] as const) {
      const answer = await response;
      const {error} = (await answer.json()) as {error: string};
      expect(answer.status, error).to.equal(status);
      expect(error).to.match(message);
    }
  });
});
