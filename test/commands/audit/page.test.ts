import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect} from 'chai';
import type {Browser, Page} from 'puppeteer-core';
import type {Audit} from '../../../src/auditing/findings/types.ts';
import type {ReviewData} from '../../../src/auditing/page/review-item.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {axeFindings, findChromium, openBrowser} from '../../helpers/browser.ts';
import {drawGrain, encodeJpeg} from '../../helpers/images.ts';
import {reasonPictures, writeColorModel} from '../pictures.ts';

type Document = Audit & {report?: string};

const PER_LABEL = 12;
/** Names that a page, a spreadsheet or a table could take for something else. */
const WRONG = ['Blue/=red, "x".jpg', 'Blue/<img src=x onerror=alert(1)>.jpg', 'Red/blue \u202e é.jpg'].filter(
  // Windows allows neither quotes nor angle brackets in names.
  (path) => process.platform !== 'win32' || !/["<>]/.test(path),
);

function grain(color: 'Red' | 'Blue', seed: number, length = 48 * 1.032 ** seed): Buffer {
  const rgb: [number, number, number] = color === 'Red' ? [230, 20, 20] : [20, 20, 230];
  const width = color === 'Red' ? 28 : 31;
  return encodeJpeg(drawGrain({size: 120, length, width, angle: (seed * 37) % 180, seed, noise: 3, color: rgb}));
}

describe('the page of rice audit', () => {
  const folder = temporaryFolder();
  let env: Record<string, string>;
  let html = '';
  let data: ReviewData;
  const audit = async (...args: string[]) => {
    const all = ['audit', 'set', '--model', 'color.onnx', '--device', 'cpu', '--folds', '3', ...args, '--json'];
    const {code, stdout} = await rice(all, {cwd: folder(), env});
    return {code, ...parseAs<Document>('audit', stdout)};
  };
  const load = (name: string) => {
    html = readFileSync(join(folder(), name), 'utf8');
    const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)!;
    data = JSON.parse(json) as ReviewData;
  };
  before(async () => {
    writeColorModel(join(folder(), 'color.onnx'));
    env = {RICE_CACHE_DIR: join(folder(), 'cache')};
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(folder(), 'set', color), {recursive: true});
      for (let seed = 1; seed <= PER_LABEL; seed++)
        writeFileSync(join(folder(), 'set', color, `${seed}.jpg`), grain(color, seed));
    }
    for (const [i, path] of WRONG.entries())
      writeFileSync(join(folder(), 'set', path), grain(path.startsWith('Red') ? 'Blue' : 'Red', 90 + i, 43 + i));
    writeFileSync(join(folder(), 'set', 'Red', 'none.jpg'), reasonPictures()['no grain']);
    const {report, suspects} = await audit('--report', 'audit.html');
    expect(report).to.equal('audit.html');
    expect(suspects.map(({path}) => path)).to.include.members(WRONG);
    load('audit.html');
  });

  it('has every picture to look at once, and typical ones of both labels', () => {
    const paths = data.items.map(({path}) => path);
    expect(paths).to.include.members([...WRONG, 'Red/none.jpg']);
    expect(new Set(paths).size).to.equal(paths.length);
    expect(data.items.find(({path}) => path === WRONG.at(-1))).to.include({label: 'Red', suggested: 'Blue'});
    expect(html.match(/<li data-item=/g)).to.have.length(paths.length);
    expect(html.match(/alt="Typical Red"/g)).to.have.length(6);
    expect(html.match(/<img src="data:image\/jpeg;base64,/g)).to.have.length(paths.length + 12);
  });

  it('loads nothing, lets only its own style and script work, and takes no name for markup', () => {
    expect(html).not.to.match(/(?:src|href)="(?!data:|#)/);
    expect(html)
      .to.match(/script-src 'sha256-[\w+/=]{44}'/)
      .and.to.contain("default-src 'none'");
    expect(html).not.to.match(/ style="|<img src=x/);
    expect(html.match(/<script>/g)).to.have.length(1);
    expect(html).not.to.contain('\u202e');
  });

  it('is a file of its own', async () => {
    for (const args of [
      ['--report', 'set/Red/1.jpg'],
      ['--report', 'lost/audit.html'],
      ['--report', 'a.html', '--output', 'a.html'],
    ]) {
      const {code} = await rice(['audit', 'set', ...args, '--json'], {cwd: folder(), env});
      expect(code, args.join(' ')).to.equal(2);
    }
    expect(existsSync(join(folder(), 'a.html'))).to.equal(false);
  });

  describe('in a browser', function () {
    this.timeout(120_000);
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    before(async function () {
      const chromium = findChromium();
      if (!chromium) this.skip();
      browser = await openBrowser(chromium);
      page = await browser.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      const session = await page.createCDPSession();
      await session.send('Page.setDownloadBehavior', {behavior: 'allow', downloadPath: folder()});
    });
    after(async () => {
      await browser?.close();
    });
    const open = async (width = 1200, hasTouch = false) => {
      await page.setViewport({width, height: 900, hasTouch});
      await page.goto(pathToFileURL(join(folder(), 'audit.html')).href);
    };
    const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');
    const look = (path: string) =>
      page.click(`button.look[data-item="${data.items.findIndex((each) => each.path === path)}"]`);
    const decisionOf = (path: string) =>
      text(`li[data-item="${data.items.findIndex((each) => each.path === path)}"] .decision`);
    const press = async (path: string, ...keys: string[]) => {
      await look(path);
      for (const key of keys) await page.keyboard.press(key as 'a');
    };
    const saved = async (name: string) => {
      const file = join(folder(), 'corrections.csv');
      await page.click('[data-do=save]');
      await page.waitForFunction("document.querySelector('.saved').textContent !== ''");
      for (let tries = 0; tries < 200 && !existsSync(file); tries++) await new Promise((done) => setTimeout(done, 50));
      renameSync(file, join(folder(), name));
      return readFileSync(join(folder(), name), 'utf8');
    };

    it('shows each beside typical pictures of its label and of the suggested one', async () => {
      await open();
      await look(WRONG.at(-1)!);
      expect(await text('.given bdi')).to.equal('Red');
      expect(await text('.suggested bdi')).to.equal('Blue');
      expect(await page.$$eval('.side img', (images) => images.length)).to.equal(12);
      await look('Red/none.jpg');
      expect(await page.$eval('.suggested', (side) => (side as unknown as {hidden: boolean}).hidden)).to.equal(true);
    });

    it('decides by keys, takes back, loses nothing by a reload, and saves what --corrections reads', async () => {
      await open();
      const [first, second] = data.items.map(({path}) => path);
      await press(first, 'k', 'ArrowLeft', 'ArrowLeft', 'ArrowRight');
      await press(first, 'x');
      expect(await decisionOf(first)).to.equal('Leave out');
      await press(second, 'a');
      for (const _ of [1, 2]) await page.keyboard.press('u');
      expect(await decisionOf(first)).to.match(/^Keep /);
      expect(await decisionOf(second)).to.equal('');
      await page.keyboard.press('u');
      for (const path of WRONG.slice(1)) await press(path, 'a');
      // By its number: the second label is Red.
      await press(WRONG[0], WRONG[0].startsWith('Blue') ? '2' : '1');
      await press('Red/none.jpg', 'x');
      await page.reload();
      expect(await decisionOf('Red/none.jpg')).to.equal('Leave out');
      expect(await text('.told')).to.contain(`${WRONG.length} relabeled, 0 kept, 1 left out`);
      const csv = await saved('fixed.csv');
      expect(csv.split('\n')[0]).to.equal('path,label,action,given');
      const left = await audit('--corrections', 'fixed.csv');
      expect(left.corrections).to.include({relabeled: WRONG.length, excluded: 1, kept: 0});
      expect(left.suspects.filter(({path}) => WRONG.includes(path))).to.deep.equal([]);
      expect(left.dataset.labels).to.deep.equal({Blue: PER_LABEL + 1, Red: PER_LABEL + 2});
    });

    it('keeps what was corrected before in the file that it saves', async () => {
      writeFileSync(join(folder(), 'before.csv'), 'path,label,action\nRed/1.jpg,,keep\nRed/2.jpg,,exclude\n');
      await audit('--corrections', 'before.csv', '--report', 'audit.html');
      load('audit.html');
      await open();
      expect(await text('.told')).to.contain('0 decided');
      await press(WRONG[0], 'a');
      await saved('both.csv');
      const {corrections} = await audit('--corrections', 'both.csv');
      expect(corrections).to.include({relabeled: 1, excluded: 1, kept: 1});
    });

    it('has buttons for fingers on a phone, where nothing is wider than the screen', async () => {
      await open(390, true);
      await look('Red/none.jpg');
      await (await page.$('[data-do=exclude]'))?.tap();
      expect(await decisionOf('Red/none.jpg')).to.equal('Leave out');
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(390);
    });

    it('has nothing that axe finds, in light and dark, and nothing to complain about', async () => {
      for (const value of ['light', 'dark']) {
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value}]);
        await open();
        expect(await axeFindings(page), value).to.deep.equal([]);
      }
      expect(complaints).to.deep.equal([]);
    });
  });
});
