import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {delimiter, join} from 'node:path';
import type {Browser, Page} from 'puppeteer-core';

/** Where browsers of Chromium's kind lie; `RICE_CHROMIUM` names another. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium of this machine, if there is one. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [process.env.RICE_CHROMIUM, ...candidates, ...PLACES].find((path) => path && existsSync(path));
}

/**
 * A headless browser that resolves no name: what a page would load from elsewhere, it cannot.
 *
 * @param flags more of Chromium's command line
 */
export async function openBrowser(executablePath: string, flags: readonly string[] = []): Promise<Browser> {
  const {default: puppeteer} = await import('puppeteer-core');
  return puppeteer.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', ...flags],
  });
}

/** What axe, the usual infer of accessibility, finds wrong with a page: rule and place each. */
export async function axeFindings(page: Page): Promise<string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger, since the page's own policy lets no script in.
  await page.evaluate(source);
  const found = await page.evaluate(`axe.run(document, {resultTypes: ['violations']}).then(({violations}) =>
    violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => id + ' ' + target.join(' ') + ': ' + failureSummary)))`);
  return found as string[];
}
