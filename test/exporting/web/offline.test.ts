import {cpSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {expect} from 'chai';
import {writeWeb} from '../../../src/exporting/web/write-web.ts';
import {grainJpeg, writeColorModel, writeScoringModel} from '../../commands/pictures.ts';
import type {StaticServer} from '../../helpers/static-server.ts';
import {kept, webPages} from './web-pages.ts';

describe('an exported page and its server (needs Chromium)', () => {
  const {at, serve, serveAgain, open} = webPages();
  let server: StaticServer;

  before(async () => {
    writeColorModel(at('color.onnx'));
    server = await serve(at('color.onnx'), 'page');
    writeFileSync(at('red.jpg'), grainJpeg('Red'));
    writeFileSync(at('blue.jpg'), grainJpeg('Blue'));
  });

  it('works without a network after the first visit', async () => {
    const own = await serveAgain('page');
    const shown = await open(own.url);
    await kept(shown);
    await own.stop();
    shown.asked.length = 0;
    await shown.page.reload();
    await shown.choose(at('red.jpg'), at('blue.jpg'));
    expect(await shown.titles(2)).to.deep.equal(['Blue', 'Red']);
  });

  it('lies in any folder of a server, and can be installed', async () => {
    mkdirSync(at('site'));
    cpSync(at('page'), at('site', 'rice'), {recursive: true});
    const shown = await open(`${(await serveAgain('site')).url}rice/`);
    await kept(shown);
    await shown.choose(at('red.jpg'));
    expect(await shown.titles(1)).to.deep.equal(['Red']);
    const session = await shown.page.createCDPSession();
    const {installabilityErrors} = await session.send('Page.getInstallabilityErrors');
    // The browser of the test keeps nothing, as in a private window.
    const errors = installabilityErrors.filter(({errorId}) => errorId !== 'in-incognito');
    expect(errors).to.deep.equal([]);
  });

  it('loads no large file twice', async () => {
    const own = await serveAgain('page');
    const shown = await open(own.url);
    await kept(shown);
    await shown.page.reload();
    await shown.choose(at('red.jpg'));
    await shown.titles(1);
    for (const name of ['/onnxruntime.wasm', '/model.onnx', '/worker.js', '/kernels.wasm'])
      expect(own.asked.filter((url) => url === name)).to.deep.equal([name]);
  });

  it('replaces an older version of itself as a whole', async () => {
    await writeWeb({model: at('color.onnx'), folder: at('changing')});
    const own = await serveAgain('changing');
    const shown = await open(own.url);
    await kept(shown);
    rmSync(at('changing'), {recursive: true});
    writeColorModel(at('newer.onnx'), 'newer');
    await writeWeb({model: at('newer.onnx'), folder: at('changing')});
    // The old one is shown at once, while the new one is fetched.
    await shown.page.reload();
    expect((await shown.text('footer p'))[0]).to.contain('Model color ');
    await shown.page.waitForFunction(`caches.keys().then((names) => names.length === 1 && caches.open(names[0]))
      .then((cache) => cache && cache.match('./')).then((page) => page && page.text())
      .then((text) => text && text.includes('Model newer '))`);
    await shown.page.reload();
    expect((await shown.text('footer p'))[0]).to.contain('Model newer ');
    await shown.choose(at('red.jpg'));
    expect(await shown.titles(1)).to.deep.equal(['Red']);
  });

  it('asks no other host for anything, and cannot', async () => {
    const shown = await open(server.url);
    await shown.choose(at('red.jpg'));
    await shown.titles(1);
    await kept(shown);
    const local = (url: string) => url.startsWith(server.url) || url.startsWith(`blob:${server.url}`);
    expect(shown.asked.length).to.be.above(4);
    expect(shown.asked.filter((url) => !local(url))).to.deep.equal([]);
    // Another server, which would answer.
    const other = await serveAgain('page');
    const refused = await shown.page.evaluate(`(async () => {
      const refused = [];
      const attempt = (what, work) => work.then(() => {}, () => refused.push(what));
      await attempt('page', fetch('${other.url}model.onnx', {mode: 'no-cors'}));
      const script = \`fetch('${other.url}model.onnx', {mode: 'no-cors'}).then(() => postMessage('sent'), () => postMessage('refused'))\`;
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      refused.push(await new Promise((resolve) => { worker.onmessage = ({data}) => resolve('worker ' + data); }));
      return refused;
    })()`);
    expect(refused).to.deep.equal(['page', 'worker refused']);
    expect(other.asked).to.deep.equal([]);
  });

  it('does not start with a file that is not the one that was exported, and says so', async () => {
    await writeWeb({model: at('color.onnx'), folder: at('mixed')});
    writeScoringModel(at('mixed', 'model.onnx'));
    const own = await serveAgain('mixed');
    const {page, text} = await open(own.url);
    await page.waitForSelector('#failure:not([hidden])');
    expect(await text('#failure')).to.match(/^The page cannot start: .* Load it again; /);
  });

  it('says that it needs a server where it is opened as a file', async () => {
    const {text} = await open(pathToFileURL(at('page', 'index.html')).href);
    expect((await text('#unstarted:not([hidden]), #failure:not([hidden])'))[0]).to.match(/^The page (cannot|has not) /);
  });
});
