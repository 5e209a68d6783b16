import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect} from 'chai';
import type {Browser, Page} from 'puppeteer-core';
import {embedPicture} from '../../../src/scanning/output/report/embed-picture.ts';
import {renderReport} from '../../../src/scanning/output/report/page.ts';
import type {ReportData} from '../../../src/scanning/output/report/report-data.ts';
import {STYLE} from '../../../src/scanning/output/report/style.ts';
import type {ScannedPicture} from '../../../src/scanning/types.ts';
import {ROOT} from '../../cli/rice.ts';
import {axeFindings, findChromium, openBrowser} from '../../helpers/browser.ts';
import {drawnScan, drawnSummary} from '../../helpers/scanned.ts';

const {frame, picture} = drawnScan(1, {columns: 10, rows: 7, pxPerMm: 10});
const WARNING = 'The picture is a little blurred: hold the camera still.';

async function report(pictures: ScannedPicture[] = [{...picture, warnings: [WARNING]}]): Promise<string> {
  const image = await embedPicture(frame);
  const data: ReportData = {
    model: {name: 'rice', version: '2.0.0', sha256: 'ab'.repeat(32), labels: ['Arborio', 'Basmati', 'Jasmine']},
    pictures: pictures.map((each) => ({picture: each, image})),
    summary: drawnSummary(pictures),
    colorBy: 'variety',
    broken: '3/4',
    date: '2026-11-29T21:00:00.000Z',
    command: 'rice scan grains.jpg --report grains.html',
    version: '2.0.0',
  };
  return renderReport(data);
}

describe('the report of a scan', () => {
  before(function () {
    // The script of the page is built.
    if (!existsSync(join(ROOT, 'dist', 'scanning', 'report.js'))) this.skip();
  });

  it('loads nothing, and its policy lets only its own style and script work', async () => {
    const page = await report();
    expect(page).not.to.match(/(?:src|href)="(?!data:|#)/);
    expect(page)
      .to.match(/script-src 'sha256-[\w+/=]{44}'/)
      .and.to.contain("default-src 'none'");
    expect(page).not.to.match(/ style="| on\w+="/);
    expect(page).to.contain(`<style>${STYLE}</style>`);
  });

  it('takes no name for markup', async () => {
    const hostile = '"><script>alert(1)</script><b x=\'`';
    const grains = picture.grains.map((grain) => ({...grain, label: hostile}));
    const page = await report([{...picture, path: hostile, grains, warnings: [hostile]}]);
    expect(page.match(/<script>/g)).to.have.length(1);
    expect(page).not.to.contain('<b x=');
  });

  it('has several pictures, each with its own grains, and a row for each', async () => {
    const page = await report([picture, {...picture, path: 'second.jpg'}]);
    expect(page.match(/class="scene"/g)).to.have.length(2);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(page).to.contain('id="row-2-70"').and.to.contain('<h2 id="sample">');
  });

  describe('in a browser', function () {
    this.timeout(120_000);
    let browser: Browser;
    let page: Page;
    let folder = '';
    const complaints: string[] = [];
    before(async function () {
      const chromium = findChromium();
      if (!chromium) this.skip();
      folder = mkdtempSync(join(tmpdir(), 'rice-report-'));
      writeFileSync(join(folder, 'report.html'), await report());
      browser = await openBrowser(chromium);
      page = await browser.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
    });
    after(async () => {
      await browser?.close();
      if (folder) rmSync(folder, {recursive: true, force: true});
    });
    const open = async (width: number, hasTouch = false) => {
      await page.setViewport({width, height: 900, hasTouch});
      await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    };
    const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');
    const visible = () => page.$$eval('path.grain:not(.off)', (paths) => paths.length);

    it('tells of each grain that is pointed at, chosen or next', async () => {
      await open(1200);
      await page.hover('path.grain[data-key="1-3"]');
      expect(await text('.tip')).to.match(/^3: \w+, \d\.\d\d mm/);
      await page.click('path.grain[data-key="1-3"]');
      expect(await text('.chosen')).to.match(/^Grain 3Variety/);
      await page.click('.next-grain');
      expect(await text('.chosen h3')).to.equal('Grain 4');
      await page.click('.previous');
      expect(await text('.chosen h3')).to.equal('Grain 3');
      expect(await page.$$eval('path.selected', (paths) => paths.length)).to.equal(1);
    });

    it('shows a grain by its row in the table', async () => {
      await open(1200);
      await page.click('summary');
      await page.click('#row-1-20 button');
      expect(await text('.chosen h3')).to.equal('Grain 20');
    });

    it('filters by variety and grade, and colors by either', async () => {
      await open(1200);
      const broken = picture.grains.filter(({grade}) => grade === 'large broken').length;
      const [box, color] = ['input[name=grade][value=whole]', 'input[name=color][value=grade]'];
      await page.click(box);
      const border = picture.grains.filter((grain) => grain.border).length;
      expect(await visible()).to.equal(broken + border);
      expect(await text('.shown')).to.equal(`${broken + border} of 70 shown`);
      expect(await page.$$eval('tr[id^=row]:not([hidden])', (rows) => rows.length)).to.equal(broken + border);
      await page.click('#all');
      expect(await visible()).to.equal(70);
      const before = await page.$eval('path[data-grade="large broken"]', (path) => path.getAttribute('stroke'));
      await page.click(color);
      expect(await page.$eval('path[data-grade="large broken"]', (path) => path.getAttribute('stroke'))).not.to.equal(
        before,
      );
    });

    it('is enlarged within its frame', async () => {
      await open(1200);
      const width = () => page.$eval('.sheet', (sheet) => sheet.getBoundingClientRect().width);
      const whole = await width();
      await page.click('.zoom-in');
      expect(await width()).to.be.above(1.8 * whole);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).to.equal(true);
      await page.click('.zoom-out');
      expect(await width()).to.be.closeTo(whole, 1);
    });

    it('takes a tap near a grain on a phone, where nothing is wider than the screen', async () => {
      await open(390, true);
      const grain = await page.$('path.grain[data-key="1-12"]');
      await grain?.tap();
      expect(await text('.chosen h3')).to.equal('Grain 12');
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(390);
    });

    it('has nothing that axe finds, in light and dark', async () => {
      for (const value of ['light', 'dark'])
        for (const width of [390, 1440]) {
          await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value}]);
          await open(width);
          await page.click('path.grain[data-key="1-3"]');
          await page.click('summary');
          expect(await axeFindings(page), `${value} ${width}`).to.deep.equal([]);
        }
    });

    it('shows a whole picture at first, however high it is', async () => {
      await open(1200);
      const [inner, outer] = (await page.evaluate(
        "[document.querySelector('.sheet'), document.querySelector('.viewport')].map((each) => each.getBoundingClientRect().height)",
      )) as [number, number];
      expect(inner).to.be.at.most(outer);
    });

    it('is two pages on paper', async () => {
      await open(1200);
      const pdf = Buffer.from(await page.pdf({format: 'A4', printBackground: true})).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).to.have.length(2);
    });

    it('shows everything without its script, but what needs it', async () => {
      await page.setJavaScriptEnabled(false);
      await open(1200);
      expect(await page.$$eval('path.grain', (paths) => paths.length)).to.equal(70);
      const hidden = await page.$$eval('.panel, .filters input, .tools', (elements) => {
        return elements.map((element) => element.getBoundingClientRect().height);
      });
      expect(hidden.every((height) => height === 0)).to.equal(true);
      await page.setJavaScriptEnabled(true);
    });

    it('makes the browser complain of nothing', () => {
      expect(complaints).to.deep.equal([]);
      expect(readFileSync(join(folder, 'report.html'), 'utf8')).to.contain(WARNING);
    });
  });
});
