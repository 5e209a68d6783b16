import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {expect} from 'chai';
import type {ErrorEntry, PredictionEntry} from '../../../src/prediction/entry.ts';
import {parseAs} from '../../cli/schema.ts';
import {LABELS} from '../../commands/pictures.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {formOf, postPicture, type Serving, servers} from '../serving.ts';

interface Document {
  model: {name: string; labels: string[]};
  predictions: PredictionEntry[];
  errors: ErrorEntry[];
  summary: {images: number; errors: number; labels: Record<string, number>; unknown: number};
  error?: {code: string};
}

describe('POST /predict', () => {
  const {at, jpegs, start} = servers();
  let server: Serving;
  before(async () => {
    server = await start(['--max-pixels', '20000', '--max-body', '200kB', '--max-files', '5']);
  });

  async function documentOf(response: Response): Promise<Document> {
    expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    return parseAs('serve-predict', await response.text());
  }

  async function errorOf(response: Response): Promise<string> {
    const {error} = parseAs<{error: {code: string}}>('error', await response.text());
    return `${response.status} ${error.code}`;
  }

  const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}, path = '/predict') =>
    fetch(`${server.url}${path}`, {method: 'POST', body, headers});

  it('classifies a picture in the body, with the same objects as rice predict', async () => {
    const response = await postPicture(`${server.url}/predict`, jpegs.Red);
    expect(response.status).to.equal(200);
    const {model, predictions, errors, summary} = await documentOf(response);
    expect(model).to.deep.include({name: 'color', labels: LABELS});
    writeFileSync(at('red.jpg'), jpegs.Red);
    const command = JSON.parse(
      execFileSync(process.execPath, ['bin/run.js', 'predict', at('red.jpg'), '--json', '--model', at('color.onnx')], {
        encoding: 'utf8',
      }),
    );
    expect(predictions).to.deep.equal([{...command.predictions[0], path: '-'}]);
    expect(errors).to.deep.equal([]);
    expect(summary).to.deep.include({images: 1, errors: 0, labels: {Red: 1}, unknown: 0});
  });

  it('classifies the files of a form in order, with any field names, and also at /', async () => {
    const form = formOf({'a.jpg': jpegs.Red, 'b.txt': jpegs.Blue, 'c.jpg': jpegs.Grey}, 'grains[]');
    form.append('comment', 'text is of no use');
    for (const path of ['/predict', '/', '/predict/']) {
      const response = await post(form, {}, path);
      expect(response.status).to.equal(200);
      const {predictions, summary} = await documentOf(response);
      expect(predictions.map((each) => `${each.path} ${each.known ? each.label : 'unknown'}`)).to.deep.equal([
        'a.jpg Red',
        'b.txt Blue',
        'c.jpg unknown',
      ]);
      expect(summary).to.deep.include({images: 3, labels: {Red: 1, Blue: 1}, unknown: 1});
    }
  });

  it('answers curl -F file=@grain.jpg', function () {
    writeFileSync(at('grain.jpg'), jpegs.Blue);
    const {status, stdout, error} = spawnSync('curl', ['-sS', '-F', `file=@${at('grain.jpg')}`, server.url], {
      encoding: 'utf8',
    });
    if (error) this.skip();
    expect(status).to.equal(0);
    const {predictions} = parseAs<Document>('serve-predict', stdout);
    expect([predictions[0].path, predictions[0].label]).to.deep.equal(['grain.jpg', 'Blue']);
  });

  it('answers curl --data-binary, whatever type is declared: the bytes decide', async () => {
    writeFileSync(at('grain.jpg'), jpegs.Blue);
    const args = ['-sS', '--data-binary', `@${at('grain.jpg')}`, `${server.url}/predict`];
    const {stdout, error} = spawnSync('curl', args, {encoding: 'utf8'});
    if (!error) expect(parseAs<Document>('serve-predict', stdout).predictions[0].label).to.equal('Blue');
    for (const type of [
      undefined,
      'application/octet-stream',
      'binary/octet-stream',
      'application/x-www-form-urlencoded',
      'application/json',
      'text/plain; charset=utf-8',
      'video/mp4',
      'image/png',
      'nonsense',
    ]) {
      // A Blob without a type is sent without one.
      const headers: Record<string, string> = type === undefined ? {} : {'content-type': type};
      const response = await post(new Blob([jpegs.Blue as Uint8Array<ArrayBuffer>]), headers);
      expect(response.status, type).to.equal(200);
      expect((await documentOf(response)).predictions[0].label, type).to.equal('Blue');
    }
  });

  it('keeps only the base name of a file, unchanged', async () => {
    const hostile = '"><script>&\u202e\u{1f33e}.jpg';
    const {predictions} = await documentOf(await post(formOf({[hostile]: jpegs.Red, '../../etc/passwd': jpegs.Red})));
    expect(predictions[0].path).to.contain('<script>');
    expect(predictions[1].path).to.equal('passwd');
  });

  it('answers an unusable picture with its error, never with 200', async () => {
    const huge = encodePng(drawFrame(200, 101, () => [0, 0, 0]));
    for (const [body, expected] of [
      [Buffer.from('no picture'), '415 IMAGE_UNSUPPORTED'],
      [jpegs.Red.subarray(0, 300), '422 IMAGE_TRUNCATED'],
      [huge, '413 IMAGE_TOO_LARGE'],
      [Buffer.alloc(0), '400 REQUEST_INVALID'],
    ] as const)
      expect(await errorOf(await postPicture(`${server.url}/predict`, body)), expected).to.equal(expected);
    expect(await errorOf(await post(formOf({'empty.jpg': ''})))).to.equal('400 IMAGE_EMPTY');
    expect(await errorOf(await post(formOf({'a.jpg': 'x'}), {}, '/'))).to.equal('415 IMAGE_UNSUPPORTED');
  });

  it('classifies the usable pictures of several, with the status of an error', async () => {
    const form = formOf({'a.jpg': jpegs.Red, 'b.jpg': 'x', 'c.jpg': jpegs.Blue});
    const response = await post(form);
    expect(response.status).to.equal(415);
    const document = await documentOf(response);
    expect(document.predictions.map(({path}) => path)).to.deep.equal(['a.jpg', 'c.jpg']);
    expect(document.errors.map(({path, code}) => `${path} ${code}`)).to.deep.equal(['b.jpg IMAGE_UNSUPPORTED']);
    expect([document.summary.images, document.summary.errors]).to.deep.equal([2, 1]);
    expect(document.error!.code).to.equal('IMAGE_UNSUPPORTED');
    form.append('file', new Blob([]), 'd.jpg');
    expect((await post(form)).status).to.equal(422);
  });

  it('rejects unsupported requests', async () => {
    const many = formOf(Object.fromEntries(Array.from({length: 6}, (_, i) => [`${i}.jpg`, jpegs.Red])));
    const boundary = {'content-type': 'multipart/form-data; boundary=x'};
    const text = new FormData();
    text.append('file', 'not a file');
    for (const [response, expected] of [
      [post('a=b', {'content-type': 'application/x-www-form-urlencoded'}), '415 MEDIA_TYPE_UNSUPPORTED'],
      [post('{}', {'content-type': 'application/json'}), '415 MEDIA_TYPE_UNSUPPORTED'],
      [post(new Blob(['text'])), '415 IMAGE_UNSUPPORTED'],
      [post(text), '400 REQUEST_INVALID'],
      [post('no form', boundary), '400 REQUEST_INVALID'],
      [
        post('--x\r\ncontent-disposition: form-data; name=file; filename=a\r\n\r\nabc', boundary),
        '400 REQUEST_INVALID',
      ],
      [post('--x--\r\n', boundary), '400 REQUEST_INVALID'],
      [post('', boundary), '400 REQUEST_INVALID'],
      [post('', {'content-type': 'multipart/form-data'}), '400 REQUEST_INVALID'],
      [post(many), '413 REQUEST_TOO_LARGE'],
      [post(new Uint8Array(204_801), {'content-type': 'image/png'}), '413 REQUEST_TOO_LARGE'],
      [post(jpegs.Red, {'content-type': 'image/jpeg', 'content-encoding': 'gzip'}), '415 MEDIA_TYPE_UNSUPPORTED'],
      [fetch(`${server.url}/predict`), '405 METHOD_NOT_ALLOWED'],
      [fetch(`${server.url}/predict`, {method: 'DELETE'}), '405 METHOD_NOT_ALLOWED'],
      [fetch(`${server.url}/nothing?key=secret`), '404 ROUTE_NOT_FOUND'],
      [fetch(`${server.url}/%E0%A4%A`), '400 REQUEST_INVALID'],
    ] as const)
      expect(await errorOf(await response), expected).to.equal(expected);
    expect((await fetch(`${server.url}/predict`)).headers.get('allow')).to.equal('POST');
    expect(JSON.stringify(server.log())).not.to.contain('secret');
  });
});
