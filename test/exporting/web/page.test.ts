import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Page} from 'puppeteer-core';
import {REASON_HELP} from '../../../src/model/rejection.ts';
import {grainJpeg, reasonPictures, writeColorModel, writeScoringModel} from '../../commands/pictures.ts';
import {axeFindings} from '../../helpers/browser.ts';
import {pngChunk, pngHeader} from '../../helpers/images.ts';
import type {StaticServer} from '../../helpers/static-server.ts';
import {webPages} from './web-pages.ts';

/** Chromium's picture of a camera, without a question to anybody. */
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

describe('an exported page (needs Chromium)', () => {
  const {at, serve, open} = webPages(CAMERA);
  let server: StaticServer;
  const picture = (name: string, bytes: Uint8Array) => {
    writeFileSync(at(name), bytes);
    return at(name);
  };

  before(async () => {
    writeColorModel(at('color.onnx'));
    server = await serve(at('color.onnx'), 'page');
    picture('red.jpg', grainJpeg('Red'));
    picture('blue.jpg', grainJpeg('Blue'));
    picture('grey.jpg', grainJpeg('Grey'));
  });

  it('names each picture, and shows it with its window and a bar for each label, the latest first', async () => {
    const {page, choose, titles, text, json, complaints} = await open(server.url);
    await choose(at('red.jpg'), at('blue.jpg'), at('grey.jpg'));
    expect(await titles(3)).to.deep.equal([`Unknown, nearest ${(await json()).predictions[2].label}`, 'Blue', 'Red']);
    expect(await text('.card .name')).to.deep.equal(['grey.jpg', 'blue.jpg', 'red.jpg']);
    expect((await text('.card .facts'))[0]).to.match(/^low confidence, [\d.]+ % sure, \d+ × \d+ pixels$/);
    expect(await text('.note')).to.deep.equal([REASON_HELP['low confidence']]);
    expect(await text('#tally li')).to.deep.equal(['Blue 1', 'Red 1', 'Unknown 1']);
    const [card] = await page.$$('.card:nth-child(2)');
    const names = await card.$$eval('canvas', (shown) => shown.map((each) => each.getAttribute('aria-label')));
    expect(names).to.deep.equal(['The picture blue.jpg', 'What the network sees of blue.jpg']);
    // Blue in the middle of both.
    const middles = (await card.evaluate(`[...document.querySelectorAll('.card:nth-child(2) canvas')].map((each) =>
      [...each.getContext('2d').getImageData(each.width / 2, each.height / 2, 1, 1).data])`)) as number[][];
    for (const [red, , blue, alpha] of middles) expect(blue > 150 && red < 90 && alpha === 255).to.equal(true);
    expect(await card.$$('.outline ellipse')).to.have.length(1);
    expect(await card.$$('.bars li')).to.have.length(2);
    expect(complaints).to.deep.equal([]);
    await screenshot(page, 'web-answers');
  });

  it('says for every reason what it is, and what helps', async () => {
    writeScoringModel(at('scoring.onnx'));
    const scoring = await serve(at('scoring.onnx'), 'scoring');
    const {choose, titles, text} = await open(scoring.url);
    const {none: _, ...pictures} = reasonPictures();
    const reasons = Object.keys(pictures) as (keyof typeof pictures)[];
    await choose(...reasons.map((reason) => picture(`${reason}.jpg`, pictures[reason])));
    const shown = (await titles(reasons.length)).toReversed();
    const facts = (await text('.facts')).toReversed();
    const notes = await text('.note');
    for (const [i, reason] of reasons.entries()) {
      expect(facts[i].split(', ')[0]).to.equal(reason);
      expect(shown[i]).to.match(reason === 'no grain' ? /^Unknown$/ : /^Unknown, nearest (Red|Blue)$/);
      expect(notes).to.include(REASON_HELP[reason]);
    }
  });

  it('says what is wrong with a file, and goes on', async () => {
    const {choose, titles, text, json} = await open(server.url);
    const jpeg = grainJpeg('Red');
    const huge = Buffer.concat([
      pngHeader(30_000, 30_000),
      pngChunk('IDAT', Buffer.alloc(9)),
      pngChunk('IEND', Buffer.alloc(0)),
    ]);
    const files = {
      'text.jpg': [Buffer.from('no picture'), 'The bytes are not a known image format.', 'IMAGE_UNSUPPORTED'],
      'document.pdf': [Buffer.from('%PDF-1.7'), 'PDF is not supported.', 'IMAGE_UNSUPPORTED'],
      'empty.jpg': [Buffer.alloc(0), 'The file is empty.', 'IMAGE_EMPTY'],
      'cut.jpg': [jpeg.subarray(0, jpeg.length / 2), 'A part of the picture is missing.', 'IMAGE_TRUNCATED'],
      'huge.png': [huge, 'The picture is too large.', 'IMAGE_TOO_LARGE'],
    } as const;
    const paths = Object.entries(files).map(([name, [bytes]]) => picture(name, bytes));
    await choose(...paths, at('red.jpg'));
    expect(await titles(6)).to.deep.equal(['Red', ...paths.map(() => 'No answer')]);
    const said = Object.values(files).map(([, message]) => message);
    expect((await text('.facts')).toReversed().slice(0, -1)).to.deep.equal(said);
    const {errors, predictions, summary} = await json();
    expect(errors.map(({path, code}: {path: string; code: string}) => [path, code])).to.deep.equal(
      Object.entries(files).map(([name, [, , code]]) => [name, code]),
    );
    expect(predictions).to.have.length(1);
    expect(summary).to.include({images: 1, errors: 5, unknown: 0});
  });

  it('replaces a worker that a picture was too much for', async () => {
    const {page, choose, titles, text, json} = await open(server.url);
    await page.evaluate(`(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (question, ...rest) {
        if (question.name !== 'bomb.jpg') return post.call(this, question, ...rest);
        setTimeout(() => this.onerror({message: 'out of memory'}));
      };
    })()`);
    await choose(at('blue.jpg'), picture('bomb.jpg', grainJpeg('Red')), at('red.jpg'));
    expect(await titles(3)).to.deep.equal(['Red', 'No answer', 'Blue']);
    expect((await text('.facts'))[1]).to.equal('The picture cannot be opened.');
    expect((await json()).errors.map(({code}: {code: string}) => code)).to.deep.equal(['IMAGE_TOO_COSTLY']);
  });

  it('takes pictures that are dropped or pasted, and forgets all on request', async () => {
    const {page, titles, text} = await open(server.url);
    await give(page, 'drop', grainJpeg('Red'));
    expect(await titles(1)).to.deep.equal(['Red']);
    await give(page, 'paste', grainJpeg('Blue'));
    expect(await titles(2)).to.deep.equal(['Blue', 'Red']);
    expect(await text('.card .name')).to.deep.equal(['paste.jpg', 'drop.jpg']);
    await page.click('#clear');
    expect(await page.$$('.card')).to.deep.equal([]);
    expect(await text('#history:not([hidden])')).to.deep.equal([]);
  });

  it('copies the answers', async () => {
    const shown = await open(server.url);
    const clipboard = ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write'] as const;
    await shown.page.browserContext().overridePermissions(server.url, [...clipboard]);
    await shown.choose(at('red.jpg'));
    await shown.titles(1);
    await shown.page.click('#copy');
    await shown.page.waitForFunction(`document.getElementById('status').textContent === 'The answers are copied.'`);
    const copied = JSON.parse((await shown.page.evaluate('navigator.clipboard.readText()')) as string);
    expect(copied).to.deep.equal(await shown.json());
  });

  it('names what the camera sees, still by still', async () => {
    const {page, titles, text} = await open(server.url);
    await page.click('#open-camera');
    await page.waitForFunction(`document.getElementById('view').videoWidth > 0`);
    expect(await axeFindings(page)).to.deep.equal([]);
    await page.click('#take');
    await page.waitForFunction(`document.getElementById('seen').textContent.startsWith('photo-1.png: ')`);
    await page.click('#take');
    await page.waitForFunction(`document.getElementById('seen').textContent.startsWith('photo-2.png: ')`);
    await screenshot(page, 'web-camera');
    const track = await page.evaluateHandle(`document.getElementById('view').srcObject.getTracks()[0]`);
    await page.keyboard.press('Escape');
    await page.waitForFunction(`!document.getElementById('camera').open`);
    await page.waitForFunction((each) => (each as {readyState: string}).readyState === 'ended', {}, track);
    await titles(2);
    expect(await text('.card .name')).to.deep.equal(['photo-2.png', 'photo-1.png']);
  });

  for (const scheme of ['light', 'dark'])
    for (const width of [1200, 360])
      it(`has no findings of accessibility, and does not scroll sideways: ${scheme}, ${width} pixels wide`, async () => {
        const {page, choose, titles} = await open(server.url);
        await page.setViewport({width, height: 800});
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await choose(at('red.jpg'), at('grey.jpg'), picture('text.jpg', Buffer.from('no picture')));
        await titles(3);
        expect(await axeFindings(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        await screenshot(page, `web-${scheme}-${width}`);
      });

  it('is used by keyboard alone, and speaks', async () => {
    const {page, choose, titles, text} = await open(server.url);
    const focused = () => page.evaluate('document.activeElement.id') as Promise<string>;
    await page.keyboard.press('Tab');
    expect(await focused()).to.equal('choose');
    await choose(at('red.jpg'));
    await titles(1);
    expect((await text('#status'))[0]).to.match(/^red\.jpg: Red, [\d.]+ %$/);
    const reached: string[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
    }
    expect(reached).to.include.members(['open-camera', 'copy', 'download']);
    await page.focus('#clear');
    await page.keyboard.press('Enter');
    expect((await text('#status'))[0]).to.equal('The answers are removed.');
    expect(await focused()).to.equal('choose');
  });
});

/** Hands a picture over as a person does by mouse, or from the clipboard. */
function give(page: Page, kind: 'drop' | 'paste', bytes: Uint8Array): Promise<unknown> {
  return page.evaluate(`(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(${JSON.stringify([...bytes])})], '${kind}.jpg', {type: 'image/jpeg'}));
    const event = '${kind}' === 'drop' ? new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})
      : new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
    document.body.dispatchEvent(event);
  })()`);
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.RICE_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, {recursive: true});
  await page.screenshot({path: join(folder, `${name}.png`) as `${string}.png`, fullPage: true});
}
