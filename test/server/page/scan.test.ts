import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Browser, Page} from 'puppeteer-core';
import type {Frame} from '../../../src/image/frame.ts';
import {parseCorrections} from '../../../src/scanning/correcting/parse-corrections.ts';
import type {ScannedGrain} from '../../../src/scanning/types.ts';
import {rice} from '../../cli/rice.ts';
import {axeFindings, findChromium, openBrowser} from '../../helpers/browser.ts';
import {encodeJpeg, withExifOrientation} from '../../helpers/images.ts';
import {startReverseProxy} from '../../helpers/reverse-proxy.ts';
import {type DrawnScan, drawnScan} from '../../helpers/scanned.ts';
import {metric, type Serving, servers, until} from '../serving.ts';

/** The part of a file input that is used; its type is only in the DOM library. */
type FileInput = {uploadFile(...paths: string[]): Promise<void>};

const COIN = {x: 300, y: 200, radius: 70};

/** Lays a coin over the middle of a drawn picture. */
function withCoin(frame: Frame): Frame {
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      const distance = Math.hypot(x + 0.5 - COIN.x, y + 0.5 - COIN.y);
      const at = (y * frame.width + x) * 3;
      const cover = Math.max(0, Math.min(1, COIN.radius - distance + 0.5));
      const margin = distance < COIN.radius + 8 ? 0 : 1;
      const coin = [150, 130, 70];
      for (let i = 0; i < 3; i++)
        frame.data[at + i] = Math.round(
          coin[i] * cover + (1 - cover) * (margin * frame.data[at + i] + (1 - margin) * 4),
        );
    }
  return frame;
}

describe('the tab for scans (needs Chromium)', () => {
  const {at, jpegs, start} = servers();
  let server: Serving;
  let browser: Browser;
  let page: Page;
  let drawn: DrawnScan;
  const complaints: string[] = [];

  before(async function () {
    const chromium = findChromium();
    if (!chromium) return this.skip();
    server = await start(['--timeout', '60']);
    browser = await openBrowser(chromium);
    drawn = drawnScan(5, {columns: 6, rows: 4});
    writeFileSync(at('rice.jpg'), drawn.bytes);
    writeFileSync(at('turned.jpg'), withExifOrientation(drawn.bytes, 6));
    writeFileSync(at('large.jpg'), drawnScan(6, {columns: 20, rows: 15}).bytes);
    writeFileSync(at('coin.jpg'), encodeJpeg(withCoin(drawnScan(7, {columns: 6, rows: 4}).frame), 92, '444'));
    writeFileSync(at('text.jpg'), 'no picture');
    writeFileSync(at('red.jpg'), jpegs.Red);
  });
  after(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    page = await (await browser.createBrowserContext()).newPage();
    complaints.length = 0;
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(`${error}`));
    await page.setViewport({width: 1200, height: 900});
    await page.goto(`${server.url}/#scan`);
  });
  afterEach(async () => {
    await page?.browserContext().close();
  });

  const text = (selector: string): Promise<string> =>
    page.$eval(selector, (element) => (element.textContent ?? '').trim());
  const isHidden = (selector: string) => page.$eval(selector, (element) => element.hasAttribute('hidden'));
  const give = async (input: string, file: string) =>
    ((await page.$(input)) as unknown as FileInput).uploadFile(at(file));
  /** Waits until no scan is in progress. */
  const settled = () => page.waitForFunction(`document.getElementById('scan-progress').hidden`);
  async function scan(file: string): Promise<void> {
    await give('#scan-choose', file);
    await page.waitForSelector('#scan-head:not([hidden])');
    await settled();
  }
  /** Where a point of the picture is on the screen, once it is scrolled there. */
  async function placeOf({x, y}: {x: number; y: number}): Promise<{x: number; y: number}> {
    await page.$eval('#stage', (stage) => stage.scrollIntoView({block: 'center'}));
    const {left, top, width, height} = await page.$eval('#sheet', (sheet) => {
      const box = sheet.getBoundingClientRect();
      return {left: box.left, top: box.top, width: box.width, height: box.height};
    });
    const [w, h] = await sizeShown();
    return {x: left + (x / w) * width, y: top + (y / h) * height};
  }
  const sizeShown = async () => {
    const box = await page.$eval('#sheet svg', (svg) => svg.getAttribute('viewBox')!);
    return box.split(' ').slice(2).map(Number);
  };
  const tap = async (point: {x: number; y: number}) => {
    const {x, y} = await placeOf(point);
    await page.mouse.click(x, y);
  };
  const press = async (name: string) => {
    const button = await page.waitForSelector(`::-p-xpath(//button[not(@hidden) and normalize-space()="${name}"])`);
    await button!.click();
  };
  /** What the page hands to the browser to save, when that button is pressed. */
  async function saved(button: string): Promise<string> {
    await page.evaluate(`(() => {
      const create = URL.createObjectURL;
      URL.createObjectURL = (blob) => { window.saved = blob; return create(blob); };
    })()`);
    await page.click(button);
    return (await page.evaluate('window.saved.text()')) as string;
  }
  async function screenshot(name: string): Promise<void> {
    const folder = process.env.RICE_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, {recursive: true});
    await page.screenshot({path: join(folder, `scan-${name}.png`) as `${string}.png`, fullPage: true});
  }
  const inner = (): ScannedGrain[] => drawn.picture.grains.filter(({border}) => !border);

  it('opens by a click, by arrow keys and by its address', async () => {
    await page.goto(server.url);
    expect([await isHidden('#panel-one'), await isHidden('#panel-scan')]).to.deep.equal([false, true]);
    await page.click('#tab-scan');
    expect([await isHidden('#panel-one'), await isHidden('#panel-scan')]).to.deep.equal([true, false]);
    expect(page.url()).to.match(/#scan$/);
    await page.reload();
    expect(await isHidden('#panel-scan')).to.equal(false);
    await page.keyboard.press('Tab');
    await page.focus('#tab-scan');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.id')).to.equal('tab-one');
    expect(await isHidden('#panel-scan')).to.equal(true);
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate('document.activeElement.id')).to.equal('tab-scan');
    expect(await isHidden('#panel-scan')).to.equal(false);
  });

  it('outlines, counts and lists every grain, and sums them up', async () => {
    await scan('rice.jpg');
    expect(await text('#scan-title')).to.equal('24 grains');
    expect(await text('#scan-status')).to.equal('24 grains.');
    expect(await page.$$('#sheet path.g')).to.have.length(24);
    expect(await page.$$('#all tbody tr')).to.have.length(24);
    expect(await text('#scan-scale')).to.match(/^No scale is known: sizes are in pixels/);
    const legend = [...(await text('#legend')).matchAll(/(\D+): (\d+)/g)].map(([, kind, count]) => [
      kind,
      Number(count),
    ]);
    expect(legend.reduce((sum, [, count]) => sum + (count as number), 0)).to.equal(24);
    expect(legend.at(-1)).to.deep.equal(['cut by the border', 1]);
    expect(await text('#sums')).to.match(/no certificate/);
    await screenshot('sums');
  });

  for (const file of ['rice.jpg', 'turned.jpg'])
    it(`draws outlines where the picture shows grains: ${file}`, async () => {
      await scan(file);
      const found = (await page.evaluate(`(() => {
        const image = document.querySelector('#sheet img');
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const sheet = image.getBoundingClientRect();
        return [...document.querySelectorAll('#sheet path.g')].map((path) => {
          const box = path.getBoundingClientRect();
          const x = (box.left + box.width / 2 - sheet.left) / sheet.width * canvas.width;
          const y = (box.top + box.height / 2 - sheet.top) / sheet.height * canvas.height;
          return context.getImageData(x, y, 1, 1).data[0];
        });
      })()`)) as number[];
      expect(found).to.have.length(24);
      // The one at the border shows less than half of itself.
      expect(found.filter((level) => level > 150).length).to.be.at.least(23);
    });

  it('shows the figures of a grain that is tapped, and the next by arrow keys', async () => {
    await scan('rice.jpg');
    const [first, second] = inner();
    await tap(first);
    expect(await text('#grain-title')).to.match(/^Grain \d+$/);
    const facts = await text('#grain dl');
    const [, length, width] = /^Length × width([\d.]+) px × ([\d.]+) px/.exec(facts)!.map(Number);
    expect([length, width].map(Math.round)).to.deep.equal([first.length, first.width].map(Math.round));
    expect(await page.$$('#sheet .chosen')).to.have.length(1);
    expect(await page.$$('#all tr.chosen')).to.have.length(1);
    const title = await text('#grain-title');
    await page.focus('#stage');
    await page.keyboard.press('ArrowRight');
    expect(await text('#grain-title')).not.to.equal(title);
    await page.keyboard.press('ArrowLeft');
    expect(await text('#grain-title')).to.equal(title);
    // A finger hits beside it.
    await tap({x: second.x + second.length / 2 + 12, y: second.y + second.length / 2});
    await page.keyboard.press('Escape');
    expect(await isHidden('#grain')).to.equal(true);
    await page.click('#all tbody tr:nth-child(3) button');
    expect(await text('#grain-title')).to.equal('Grain 3');
    await screenshot('grain');
  });

  it('corrects grains, scans again with that, and keeps it in a file', async () => {
    await scan('rice.jpg');
    const grains = inner();
    await tap(grains[0]);
    await page.select('#label', 'Red');
    await tap(grains[2]);
    await press('Not a grain');
    expect(await text('#grain .note')).to.equal('To be applied: it is no grain.');
    await tap(grains[4]);
    await press('Cut across');
    await tap(grains[8]);
    await press('Cut: draw a line');
    const {angle, x, y} = grains[8];
    const [dx, dy] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
    const [from, to] = [
      await placeOf({x: x - 25 * dx, y: y + 25 * dy}),
      await placeOf({x: x + 25 * dx, y: y - 25 * dy}),
    ];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, {steps: 4});
    await page.mouse.up();
    expect(await page.$$('#sheet .cut')).to.have.length(2);
    await tap(grains[10]);
    await press('Not a grain');
    await press('Take it back');
    expect(await text('#corrections-text')).to.equal('4 corrections, not applied yet.');
    expect(await page.$$('#sheet .changed')).to.have.length(4);
    await screenshot('corrected');
    await page.click('#apply');
    await page.waitForFunction(
      `document.getElementById('corrections-text').textContent === '4 corrections, all applied.'`,
    );
    expect(await text('#scan-title')).to.equal('25 grains');
    expect(await text('#all')).to.contain('corrected by hand');

    const file = await saved('#corrections-save');
    const [{sha256, corrections}] = parseCorrections(file, 'rice.corrections.json');
    expect(sha256).to.equal(drawn.picture.sha256);
    expect(corrections.map((each) => each.do)).to.deep.equal(['label', 'remove', 'split', 'split']);
    writeFileSync(at('rice.corrections.json'), file);
    const args = ['scan', at('rice.jpg'), '--corrections', at('rice.corrections.json'), '--json'];
    const {stdout} = await rice(args, {env: {RICE_MODEL: at('color.onnx')}});
    const {pictures} = JSON.parse(stdout) as {pictures: {count: number; grains: {corrected?: true}[]}[]};
    // Two halves twice, and the one that was named.
    expect([pictures[0].count, pictures[0].grains.filter((grain) => grain.corrected).length]).to.deep.equal([25, 5]);
    const csv = await saved('#scan-csv');
    expect(csv.split('\r\n').filter((line) => line.includes(',Red,Red,1,true,'))).to.have.length(1);

    await page.click('#undo');
    await page.click('#apply');
    await page.waitForFunction(`document.getElementById('scan-title').textContent === '24 grains'`);
    await page.reload();
    await scan('rice.jpg');
    expect(await text('#scan-title')).to.equal('24 grains');
    await give('#corrections-open', 'rice.corrections.json');
    await page.waitForFunction(`document.getElementById('scan-title').textContent === '25 grains'`);
    await scan('turned.jpg');
    await give('#corrections-open', 'rice.corrections.json');
    await page.waitForFunction(`/of another picture/.test(document.getElementById('corrections-text').textContent)`);
  });

  it('joins a grain with another by keyboard alone', async () => {
    await scan('rice.jpg');
    await page.focus('#stage');
    await page.keyboard.press('ArrowRight');
    const join = await page.waitForSelector('::-p-xpath(//button[starts-with(., "Join with")])');
    await join!.focus();
    await page.keyboard.press('Enter');
    expect(await text('#grain .note')).to.match(/^Choose the other grain/);
    await page.focus('#all tbody tr:nth-child(2) button');
    await page.keyboard.press('Enter');
    expect(await text('#corrections-text')).to.equal('1 correction, not applied yet.');
    expect(await page.$$('#sheet .changed')).to.have.length(2);
    // Before anything was applied, the file names its picture already.
    const [{sha256, corrections}] = parseCorrections(await saved('#corrections-save'), 'saved');
    expect([sha256, corrections[0].do]).to.deep.equal([drawn.picture.sha256, 'join']);
  });

  it('sends what the settings say, and asks for what is missing', async () => {
    const asked: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    await page.select('#scale', 'coin');
    expect(await isHidden('[data-for="coin"]')).to.equal(false);
    expect(await isHidden('[data-for="diameter"]')).to.equal(true);
    await page.select('#coin', '');
    expect(await isHidden('[data-for="diameter"]')).to.equal(false);
    await give('#scan-choose', 'rice.jpg');
    await page.waitForSelector('#scan-failure:not([hidden])');
    expect(await text('#scan-failure')).to.match(/Its diameter in millimeters is missing/);
    expect(asked).to.deep.equal([]);
    await page.select('#scale', 'pxPerMm');
    await page.type('#px-per-mm', '10');
    await page.select('#expect', 'Red');
    await page.click('#again');
    await page.waitForSelector('#scan-head:not([hidden])');
    expect(asked).to.deep.equal([`${server.url}/scan`]);
    expect(await text('#scan-scale')).to.match(/10\.00 pixels per millimeter/);
    expect(await text('#sums')).to.match(/purity: Red/);
    expect(await text('#all thead')).to.contain('Length, mm');
    expect(await isHidden('#scan-failure')).to.equal(true);
  });

  it('says if the coin is not found, and takes it where somebody points', async () => {
    await page.select('#scale', 'coin');
    await give('#scan-choose', 'rice.jpg');
    await page.waitForSelector('#scan-failure:not([hidden])');
    const failure = await text('#scan-failure');
    expect(failure).to.match(/^No scan.*was not found in the picture.*Or press “Point at it”/s);
    expect(failure).not.to.match(/--\w|referenceAt/);
    await give('#scan-choose', 'coin.jpg');
    await page.waitForSelector('#scan-head:not([hidden])');
    expect(await text('#scan-scale')).to.match(/^Scale: coin of 23\.25 mm/);
    await page.click('#point');
    await page.$eval('#sheet', (sheet) => sheet.scrollIntoView({block: 'center'}));
    const box = (await (await page.$('#sheet'))!.boundingBox())!;
    await page.mouse.click(box.x + (COIN.x / 600) * box.width, box.y + (COIN.y / 400) * box.height);
    await page.waitForFunction(`document.getElementById('place').value !== ''`);
    await settled();
    const place = await page.$eval('#place', (input) => (input as unknown as {value: string}).value);
    const [x, y] = place.split(', ').map(Number);
    expect(Math.hypot(x - COIN.x, y - COIN.y)).to.be.below(3);
    expect(await text('#scan-scale')).to.match(/^Scale: coin of 23\.25 mm/);
  });

  it('gives the grains as CSV', async () => {
    await scan('rice.jpg');
    const [head, ...lines] = (await saved('#scan-csv')).trim().split('\r\n');
    expect(head).to.match(/^\uFEFF?path,id,label,nearest,confidence,known,.*,length,width,.*,white,Blue,Red$/);
    expect(lines).to.have.length(24);
    for (const line of lines) expect(line).to.match(/^rice\.jpg,\d+,(unknown|Blue|Red),(Blue|Red),/);
  });

  it('speaks of failures in words for people, and goes on', async () => {
    await give('#scan-choose', 'text.jpg');
    await page.waitForSelector('#scan-failure:not([hidden])');
    expect(await text('#scan-failure')).to.match(/^No scan\s*This is not a picture that can be read\./);
    expect(await text('body')).not.to.match(/--\w|image format/);
    await scan('rice.jpg');
    expect(await isHidden('#scan-failure')).to.equal(true);
    expect(await text('#scan-title')).to.equal('24 grains');
  });

  it('tells how far it is, and stops when nobody wants to wait', async () => {
    await give('#scan-choose', 'large.jpg');
    await page.waitForFunction(`/^Looking at every grain/.test(document.getElementById('scan-step').textContent)`);
    expect(await axeFindings(page)).to.deep.equal([]);
    await page.click('#cancel');
    await settled();
    expect(await text('#scan-status')).to.equal('The scan was cancelled.');
    expect(await isHidden('#again-place')).to.equal(false);
    await until(async () => (await metric(server.url, 'rice_requests_in_progress')) === 1);
    await scan('rice.jpg');
    expect(await text('#scan-title')).to.equal('24 grains');
  });

  it('retries if the server is busy for a moment', async () => {
    await page.setRequestInterception(true);
    let refused = 0;
    page.on('request', (request) => {
      if (!request.url().endsWith('/scan') || request.method() !== 'POST' || refused === 2)
        return void request.continue();
      refused++;
      const body = JSON.stringify({error: {code: 'SERVER_BUSY', message: 'busy', suggestions: []}});
      void request.respond({status: 503, headers: {'retry-after': '0'}, contentType: 'application/json', body});
    });
    await scan('rice.jpg');
    expect([refused, await text('#scan-title')]).to.deep.equal([2, '24 grains']);
  });

  it('takes what is dropped or pasted on the tab that is open', async () => {
    const drop = (file: string) =>
      page.evaluate(
        `(() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(${JSON.stringify([...readFileSync(at(file))])})], '${file}', {type: 'image/jpeg'}));
          document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
        })()`,
      );
    await drop('rice.jpg');
    await page.waitForSelector('#scan-head:not([hidden])');
    await page.click('#tab-one');
    await drop('red.jpg');
    await page.waitForSelector('.card h3');
    expect(await text('.card h3')).to.equal('Red');
    expect(await text('#scan-title')).to.equal('24 grains');
  });

  it('works below a path', async () => {
    const proxy = await startReverseProxy((await start(['--base-path', '/a/rice'])).url, {
      path: '/a/rice',
      keepsPath: true,
    });
    try {
      await page.goto(`${proxy.url}/a/rice/#scan`);
      await scan('rice.jpg');
      expect(await text('#scan-title')).to.equal('24 grains');
    } finally {
      proxy.close();
    }
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const [device, width] of [
      ['phone', 390],
      ['desktop', 1440],
    ] as const)
      it(`is accessible, fits and keeps to its policy: ${device}, ${scheme}`, async () => {
        await page.setViewport({width, height: 844, hasTouch: device === 'phone', isMobile: device === 'phone'});
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await page.reload();
        expect(await axeFindings(page)).to.deep.equal([]);
        await screenshot(`empty-${device}-${scheme}`);
        await scan('rice.jpg');
        await tap(inner()[7]);
        await press('Not a grain');
        expect(await axeFindings(page)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        await page.click('#zoom-in');
        await page.click('#zoom-in');
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        expect(complaints).to.deep.equal([]);
        await screenshot(`${device}-${scheme}`);
      });
});
