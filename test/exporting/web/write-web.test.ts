import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {type WebExport, writeWeb} from '../../../src/exporting/web/write-web.ts';
import {decodeImage} from '../../../src/image/decode.ts';
import {Graph} from '../../../src/onnx/graph.ts';
import {encodeModel} from '../../../src/onnx/model.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {LABELS, writeColorModel} from '../../commands/pictures.ts';

describe('a model as a page for browsers', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  let written: WebExport;
  const read = (name: string) => readFileSync(at('page', name));

  before(async () => {
    writeColorModel(at('color.onnx'));
    written = await writeWeb({model: at('color.onnx'), folder: at('page')});
  });

  it('is a folder of a few files, with the model as it is', () => {
    expect(written.files.toSorted()).to.deep.equal(readdirSync(at('page')).toSorted());
    expect(written.files).to.include.members(['index.html', 'model.onnx', 'service-worker.js', 'licenses.txt']);
    expect(written.bytes).to.equal(written.files.reduce((sum, name) => sum + read(name).length, 0));
    expect(read('model.onnx').equals(readFileSync(at('color.onnx')))).to.equal(true);
  });

  it('is the same every time', async () => {
    await writeWeb({model: at('color.onnx'), folder: at('again')});
    for (const name of written.files) expect(readFileSync(at('again', name)).equals(read(name)), name).to.equal(true);
  });

  it('is another version with another model, in the page and in the service worker', async () => {
    writeColorModel(at('other.onnx'), 'other');
    await writeWeb({model: at('other.onnx'), folder: at('other')});
    const versions = ['page', 'other'].map((name) => {
      const inPage = dataOf(readFileSync(at(name, 'index.html'), 'utf8')).version;
      const inWorker = keptBy(readFileSync(at(name, 'service-worker.js'), 'utf8')).version;
      expect(inPage).to.equal(inWorker);
      return inPage;
    });
    expect(versions[0]).to.not.equal(versions[1]);
  });

  it('knows all of its files by their digests', () => {
    const {files} = keptBy(read('service-worker.js').toString());
    expect(Object.keys(files).concat('service-worker.js').toSorted()).to.deep.equal(written.files.toSorted());
    for (const [name, {integrity, bytes}] of Object.entries(files)) {
      expect(integrity, name).to.equal(`sha256-${createHash('sha256').update(read(name)).digest('base64')}`);
      expect(bytes, name).to.equal(read(name).length);
    }
    const loaded = dataOf(read('index.html').toString()).files;
    for (const [name, about] of Object.entries(loaded)) expect(about, name).to.deep.equal(files[name]);
  });

  it('lets a browser connect to nothing but the server that it came from', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(read('index.html').toString())!;
    const sources = policy.split('; ').flatMap((directive) => directive.split(' ').slice(1));
    const harmless = /^'(none|self|wasm-unsafe-eval|sha256-[\w+/=]+)'$|^blob:$/;
    expect(sources.filter((source) => !harmless.test(source))).to.deep.equal([]);
    expect(policy).to.match(/^default-src 'none'; /);
  });

  it('can be installed on a phone', async () => {
    const manifest = JSON.parse(read('manifest.webmanifest').toString());
    expect(manifest).to.include({start_url: './', scope: './', display: 'standalone'});
    expect(manifest.description).to.contain(LABELS[0]);
    for (const {src, sizes} of manifest.icons as {src: string; sizes: string}[]) {
      const {frame, format} = await decodeImage(read(src));
      expect({size: `${frame.width}x${frame.height}`, format}).to.deep.equal({size: sizes, format: 'png'});
      // The grain in the middle, the ground in the corner.
      const middle = (frame.width * (frame.height / 2) + frame.width / 2) * 3;
      expect(frame.data[middle]).to.be.above(200);
      expect(frame.data[0]).to.be.below(40);
    }
  });

  it('says which model it has, and how good it is', () => {
    expect(read('index.html').toString()).to.contain(
      'Model color 0.1.0. It named 100.00% of 1 validation pictures correctly.',
    );
  });

  it('does not write over anything', async () => {
    mkdirSync(at('taken'));
    writeFileSync(at('taken', 'mine.txt'), 'mine');
    const error = await failure(writeWeb({model: at('color.onnx'), folder: at('taken')}));
    expect(error.code).to.equal('OUTPUT_EXISTS');
    expect((await failure(writeWeb({model: at('color.onnx'), folder: at('taken'), force: true}))).message).to.contain(
      'mine.txt',
    );
    expect(readdirSync(at('taken'))).to.deep.equal(['mine.txt']);
    for (const name of ['README.md', 'model.onnx']) {
      mkdirSync(at(`only ${name}`));
      writeFileSync(at(`only ${name}`, name), 'mine');
      const refused = await failure(writeWeb({model: at('color.onnx'), folder: at(`only ${name}`), force: true}));
      expect(refused.code).to.equal('OUTPUT_EXISTS');
      expect(readFileSync(at(`only ${name}`, name), 'utf8')).to.equal('mine');
    }
    mkdirSync(at('empty'));
    await writeWeb({model: at('color.onnx'), folder: at('empty')});
    expect(readdirSync(at('empty'))).to.have.length(written.files.length);
  });

  it('replaces an earlier export where that is asked for', async () => {
    const folders = readdirSync(folder()).length;
    await writeWeb({model: at('color.onnx'), folder: at('earlier')});
    expect((await failure(writeWeb({model: at('other.onnx'), folder: at('earlier')}))).code).to.equal('OUTPUT_EXISTS');
    await writeWeb({model: at('other.onnx'), folder: at('earlier'), force: true});
    expect(readFileSync(at('earlier', 'model.onnx')).equals(readFileSync(at('other.onnx')))).to.equal(true);
    expect(readdirSync(folder())).to.have.length(folders + 1);
  });

  it('is refused for a model that rice did not write, and leaves nothing', async () => {
    const graph = new Graph();
    graph.output('y', graph.node('Relu', [graph.input('x', 'float32', ['N', 3])]));
    writeFileSync(at('external.onnx'), encodeModel(graph.toProto('external')));
    const error = await failure(writeWeb({model: at('external.onnx'), folder: at('nothing')}));
    expect(error.code).to.equal('MODEL_METADATA');
    expect(error.message).to.contain('external.onnx was not written by rice');
    expect(await failure(writeWeb({model: at('missing.onnx'), folder: at('nothing')}))).to.include({
      code: 'MODEL_NOT_FOUND',
    });
    expect(readdirSync(folder()).filter((name) => name.startsWith('nothing'))).to.deep.equal([]);
  });
});

interface Kept {
  version: string;
  files: Record<string, {integrity: string; bytes: number}>;
}

function dataOf(html: string): Kept {
  return JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(html)![1]);
}

function keptBy(script: string): Kept {
  return JSON.parse(/^const EXPORTED = (.*);\n/.exec(script)![1]);
}

async function failure(work: Promise<unknown>): Promise<RiceError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RiceError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
