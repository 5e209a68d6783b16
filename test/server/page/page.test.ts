import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Browser, Page} from 'puppeteer-core';
import {REASON_WORDS} from '../../../src/server/page/browser/words.ts';
import {HAS_MODEL, ROOT} from '../../cli/rice.ts';
import {reasonPictures, writeScoringModel} from '../../commands/pictures.ts';
import {axeFindings, findChromium, openBrowser} from '../../helpers/browser.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {type Serving, servers} from '../serving.ts';

/** The part of a file input that is used; its type is only in the DOM library. */
type FileInput = {uploadFile(...paths: string[]): Promise<void>};

const SAMPLES = join(ROOT, 'test', 'samples');
const sample = (name: string) => join(SAMPLES, `${name}.jpg`);

describe('the page (needs Chromium and models/rice.onnx)', () => {
  const {at, start} = servers();
  let server: Serving;
  let browser: Browser;
  let page: Page;
  /** The page's requests and errors. */
  const asked: string[] = [];
  const complaints: string[] = [];

  before(async function () {
    const chromium = findChromium();
    if (!HAS_MODEL || !chromium) return this.skip();
    server = await start([], {env: {RICE_MODEL: join(ROOT, 'models', 'rice.onnx')}});
    browser = await openBrowser(chromium);
    writeFileSync(at('black.png'), encodePng(drawFrame(60, 60, () => [0, 0, 0])));
    writeFileSync(at('text.jpg'), 'no picture');
  });
  after(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    const context = await browser.createBrowserContext();
    page = await context.newPage();
    asked.length = 0;
    complaints.length = 0;
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(`${error}`));
    await page.setViewport({width: 1200, height: 900});
    await page.goto(server.url);
  });
  afterEach(async () => {
    await page?.browserContext().close();
  });

  const choose = async (...files: string[]) => {
    const input = await page.$('#choose');
    await (input as unknown as FileInput).uploadFile(...files);
  };
  const text = async (selector: string): Promise<string[]> =>
    page.$$eval(selector, (elements) => elements.map((element) => (element.textContent ?? '').trim()));
  /** Titles of the cards, the latest first, once there are `count`. */
  async function titles(count: number): Promise<string[]> {
    await page.waitForFunction(`document.querySelectorAll('.card h3').length === ${count}`);
    return text('.card h3');
  }
  async function screenshot(name: string): Promise<void> {
    const folder = process.env.RICE_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, {recursive: true});
    await page.screenshot({path: join(folder, `${name}.png`) as `${string}.png`, fullPage: true});
  }

  it('shows each picture with its variety and a bar for each label, the latest first', async () => {
    await choose(sample('basmati-1'), sample('karacadag-2'));
    expect((await titles(2)).sort()).to.deep.equal(['Basmati', 'Karacadag']);
    const card = (await page.$$('.card'))[0];
    const name = await card.$eval('.name', (element) => element.textContent);
    expect(name).to.equal('karacadag-2.jpg');
    const labels = await card.$$eval('.bars .variety', (elements) => elements.map(({textContent}) => textContent));
    expect(labels.sort()).to.deep.equal(['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag']);
    const widths = await card.$$eval('.fill', (fills) => fills.map((fill) => fill.getBoundingClientRect().width));
    expect(widths[0]).to.be.above(100);
    expect(Math.max(...widths.slice(1))).to.be.below(2);
    expect(await card.$$('.outline ellipse')).to.have.length(1);
    expect(await text('#tally li')).to.deep.equal(['Basmati 1', 'Karacadag 1']);
    expect(await text('#status')).to.have.length(1);
    await screenshot('desktop-light');
  });

  it('shows unknown pictures and unreadable files', async () => {
    await choose(at('black.png'));
    expect(await titles(1)).to.deep.equal(['Unknown']);
    expect(await text('.card .facts')).to.deep.equal(['no grain was found']);
    expect(await text('.note')).to.deep.equal([REASON_WORDS['no grain'].help]);
    // Nor is there anything to explain.
    expect(await text('.card .bars, .card .why')).to.deep.equal([]);
    expect(await text('#status')).to.deep.equal(['black.png: unknown, no grain was found']);
    await choose(at('text.jpg'));
    expect((await titles(2))[0]).to.equal('No answer');
    expect((await text('.card .facts'))[0]).to.equal('This is not a picture that can be read.');
    expect((await text('#status'))[0]).to.equal('text.jpg: This is not a picture that can be read.');
    // Another try would not help.
    expect(await text('.answer button')).to.deep.equal([]);
    await screenshot('unknown');
  });

  it('says why a picture is unknown, and what helps', async () => {
    writeScoringModel(at('scoring.onnx'));
    const scoring = await start([], {env: {RICE_MODEL: at('scoring.onnx')}});
    await page.goto(scoring.url);
    const pictures = reasonPictures();
    for (const [reason, said] of [
      ['several grains', 'there are several grains'],
      ['not one of the known varieties', 'it is none of the known varieties'],
      ['capture too different to be sure', 'the capture is too different to be sure'],
      ['low confidence', 'the answer is not sure enough'],
    ] as const) {
      writeFileSync(at('doubtful.jpg'), pictures[reason]);
      await choose(at('doubtful.jpg'));
      await page.waitForSelector('.card .note');
      expect((await titles(1))[0], reason).to.match(/^Unknown\s*nearest: \w+$/);
      expect((await text('.facts'))[0].startsWith(`${said}; `), reason).to.equal(true);
      expect((await text('.facts'))[0], reason).to.match(/; [\d.]+ % sure(, \d+ × \d+ pixels)?$/);
      expect(await text('.note')).to.deep.equal([REASON_WORDS[reason].help]);
      await page.click('#clear');
    }
  });

  it('accepts dropped and pasted pictures', async () => {
    const bytes = [...readFileSync(sample('ipsala-1'))];
    const give = (kind: 'drop' | 'paste') =>
      page.evaluate(
        `(() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], '${kind}.jpg', {type: 'image/jpeg'}));
          const event = '${kind}' === 'drop' ? new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})
            : new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
          document.body.dispatchEvent(event);
        })()`,
      );
    await give('drop');
    expect(await titles(1)).to.deep.equal(['Ipsala']);
    await give('paste');
    expect(await titles(2)).to.deep.equal(['Ipsala', 'Ipsala']);
    expect(await text('.name')).to.deep.equal(['paste.jpg', 'drop.jpg']);
  });

  it('keeps the history of the tab after a reload, until it is cleared', async () => {
    await choose(sample('arborio-1'), sample('jasmine-1'));
    await titles(2);
    await page.waitForFunction(`(sessionStorage.getItem('rice-history') ?? '').split('"name"').length === 3`);
    await page.reload();
    expect((await titles(2)).sort()).to.deep.equal(['Arborio', 'Jasmine']);
    await page.waitForFunction(`[...document.querySelectorAll('.frame img')].every((image) => image.naturalWidth > 0)`);
    await page.click('#clear');
    expect(await text('.card')).to.deep.equal([]);
    await page.reload();
    expect(await page.$eval('#history', (section) => (section as unknown as {hidden: boolean}).hidden)).to.equal(true);
  });

  it('can be used by keyboard alone', async () => {
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.textContent');
    const stops: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('Tab');
      stops.push(await focused());
    }
    // With a mouse there is no camera button.
    expect(stops).to.deep.equal(['API', 'tab-one', 'choose']);
    await page.focus('#choose');
    const chooser = page.waitForFileChooser();
    // The dialog is intercepted only from the debugger's next turn on.
    await focused();
    await page.keyboard.press('Space');
    await (await chooser).accept([sample('jasmine-2')]);
    expect(await titles(1)).to.deep.equal(['Jasmine']);
    await page.focus('#clear');
    await page.keyboard.press('Enter');
    expect(await focused()).to.equal('choose');
  });

  it('shows many pictures as short lines, says how far it is, and gives them as CSV', async () => {
    const names = ['arborio', 'basmati', 'ipsala', 'jasmine', 'karacadag'].flatMap((name) => [
      `${name}-1`,
      `${name}-2`,
    ]);
    writeFileSync(at('=1+1.jpg'), readFileSync(sample('basmati-1')));
    // The last answer is held back until the page has said how far it is.
    let release = () => {};
    await page.setRequestInterception(true);
    let held = false;
    page.on('request', (request) => {
      const hold = request.url().endsWith('/predict') && !held;
      if (!hold) return void request.continue();
      held = true;
      release = () => void request.continue();
    });
    await choose(...names.map(sample), at('=1+1.jpg'), at('text.jpg'));
    await page.waitForFunction(`document.getElementById('progress-text').textContent === '11 of 12'`);
    expect(await page.$eval('#progress', (element) => (element as unknown as {hidden: boolean}).hidden)).to.equal(
      false,
    );
    release();
    await titles(12);
    await page.waitForFunction(`document.getElementById('progress').hidden`);
    expect((await text('#status'))[0]).to.equal('12 of 12 pictures are done.');
    const heights = await page.$$eval('.card', (cards) => cards.map((card) => card.getBoundingClientRect().height));
    expect(Math.max(...heights)).to.be.below(80);
    expect(await axeFindings(page)).to.deep.equal([]);
    await screenshot('many');
    await page.evaluate(`(() => {
      const create = URL.createObjectURL;
      URL.createObjectURL = (blob) => { window.saved = blob; return create(blob); };
    })()`);
    await page.click('#csv');
    const csv = (await page.evaluate('window.saved.text()')) as string;
    const [head, ...lines] = csv.trim().split('\r\n');
    expect(head).to.match(/^\uFEFF?picture,variety,known,confidence,reason,(Arborio|Basmati),/);
    expect(lines).to.have.length(12);
    expect(lines.filter((line) => line.startsWith('basmati-1.jpg,Basmati,true,0.9'))).to.have.length(1);
    expect(lines.filter((line) => line.startsWith("'=1+1.jpg,Basmati"))).to.have.length(1);
    expect(lines.at(-1)).to.match(/^text\.jpg,,,,,,,,,,This is not/);
  });

  it('enlarges a picture, with all that is said of it', async () => {
    await choose(sample('ipsala-1'));
    await titles(1);
    await page.click('.cards .frame');
    expect(await text('dialog[open] h3')).to.deep.equal(['Ipsala']);
    expect(await text('dialog[open] .variety')).to.have.length(5);
    expect(await page.$eval('dialog img', (image) => image.getBoundingClientRect().width)).to.be.above(300);
    expect(await axeFindings(page)).to.deep.equal([]);
    await screenshot('large');
    await page.click('#close');
    expect(await page.$$('dialog[open]')).to.have.length(0);
    await page.focus('.cards .frame');
    await page.keyboard.press('Enter');
    expect(await page.$$('dialog[open]')).to.have.length(1);
    await page.keyboard.press('Escape');
    await page.waitForFunction(`document.querySelectorAll('dialog[open]').length === 0`);
  });

  it('has samples to try, of the varieties that the model knows', async () => {
    expect(await text('.sample')).to.deep.equal(['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag']);
    await page.click('.sample[data-name^="karacadag"]');
    expect(await titles(1)).to.deep.equal(['Karacadag']);
    await page.goto((await start()).url);
    expect(await text('.sample')).to.deep.equal([]);
  });

  it('speaks to people, not of commands', async () => {
    await choose(at('black.png'), at('text.jpg'));
    await titles(2);
    expect((await text('body'))[0]).not.to.match(/--\w|rice train|image format/);
  });

  it('retries if the server is busy for a moment', async () => {
    await page.setRequestInterception(true);
    let refused = 0;
    page.on('request', (request) => {
      if (!request.url().endsWith('/predict') || refused === 2) return void request.continue();
      refused++;
      const body = JSON.stringify({error: {message: 'busy', suggestions: []}});
      void request.respond({status: 503, headers: {'retry-after': '0'}, contentType: 'application/json', body});
    });
    await choose(sample('basmati-2'));
    expect(await titles(1)).to.deep.equal(['Basmati']);
    expect(refused).to.equal(2);
  });

  it('describes the API, accessibly and without a script', async () => {
    for (const [width, scheme] of [
      [360, 'dark'],
      [1200, 'light'],
    ] as const) {
      await page.setViewport({width, height: 800});
      await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
      await page.goto(`${server.url}/docs`);
      await page.evaluate(`document.querySelectorAll('details').forEach((details) => { details.open = true; })`);
      expect(await axeFindings(page)).to.deep.equal([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
      expect(await text('h2')).to.include('POST /predict');
      await screenshot(`docs-${width}`);
    }
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const [device, width] of [
      ['phone', 360],
      ['desktop', 1200],
    ] as const)
      it(`is accessible, fits and loads nothing external: ${device}, ${scheme}`, async () => {
        await page.setViewport({width, height: 800, hasTouch: device === 'phone', isMobile: device === 'phone'});
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await page.reload();
        expect(await axeFindings(page)).to.deep.equal([]);
        await choose(sample('basmati-1'), at('black.png'), at('text.jpg'), sample('arborio-2'));
        await titles(4);
        expect(await axeFindings(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        for (const url of asked) expect(url).to.match(new RegExp(`^(${server.url}/|blob:${server.url}/|data:)`));
        // Browsers report the file that is not a picture, and the answer 415.
        expect(complaints.filter((line) => !/415|ERR_INVALID|Failed to load resource/.test(line))).to.deep.equal([]);
        await screenshot(`${device}-${scheme}`);
      });
});
