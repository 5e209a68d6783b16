/**
 * Opens the page of `rice serve` in headless Chromium with pictures of a dataset, and takes screenshots: desktop and phone,
 * light and dark. Reports answers that differ from the folder's label. Needs a build.
 * Run: `npx tsx scripts/look-at-page.ts Rice_Image_Dataset OUT [PICTURES PER LABEL]`.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {scanDataset} from '../src/dataset/scan.ts';
import {findChromium, openBrowser} from '../test/helpers/browser.ts';

const [folder, out, count = '2'] = process.argv.slice(2);
const {root, files, labels} = scanDataset(folder);
const chosen = labels.flatMap((_, label) => files.filter((file) => file.label === label).slice(0, Number(count)));
const chromium = findChromium();
if (!chromium) throw new Error('Chromium was not found; set RICE_CHROMIUM to its path');
mkdirSync(out, {recursive: true});

const server = spawn(process.execPath, ['bin/run.js', 'serve', '--port', '0', '--quiet'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const url = /http:\S+/.exec(line)![0];
const browser = await openBrowser(chromium);
try {
  for (const [device, width] of Object.entries({desktop: 1200, phone: 390}))
    for (const scheme of ['light', 'dark']) {
      const page = await (await browser.createBrowserContext()).newPage();
      await page.setViewport({width, height: 844, deviceScaleFactor: 2, isMobile: width < 500, hasTouch: width < 500});
      await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
      await page.goto(url);
      const input = (await page.$('#choose'))!;
      await (input as unknown as {uploadFile(...paths: string[]): Promise<void>}).uploadFile(
        ...chosen.map(({path}) => join(root, path)),
      );
      await page.waitForFunction(`document.querySelectorAll('.card h3').length === ${chosen.length}`, {
        timeout: 60_000,
      });
      const answers = await page.$$eval('.card h3', (titles) => titles.map(({textContent}) => textContent));
      // The latest comes first.
      const wrong = chosen.filter(({label}, i) => answers[chosen.length - 1 - i] !== labels[label]);
      console.log(`${device}, ${scheme}: ${chosen.length} pictures, other answers: ${wrong.map(({path}) => path)}`);
      await page.screenshot({path: join(out, `${device}-${scheme}.png`) as `${string}.png`, fullPage: true});
      await page.browserContext().close();
    }
} finally {
  await browser.close();
  server.kill();
}
