import {join} from 'node:path';
import type {Browser, Page} from 'puppeteer-core';
import {writeWeb} from '../../../src/exporting/web/write-web.ts';
import {temporaryFolder} from '../../cli/rice.ts';
import {findChromium, openBrowser} from '../../helpers/browser.ts';
import {type StaticServer, serveFolder} from '../../helpers/static-server.ts';

/** The part of a file input that is used; its type is only in the DOM library. */
type FileInput = {uploadFile(...paths: string[]): Promise<void>};

/** A page that was exported and opened, and what it did. */
export interface WebPage {
  page: Page;
  /** Every address that it or its workers asked for. */
  asked: string[];
  /** Errors on its console. */
  complaints: string[];
  choose(...files: string[]): Promise<void>;
  text(selector: string): Promise<string[]>;
  /** Waits for so many answers, and gives their titles, the latest first. */
  titles(count: number): Promise<string[]>;
  /** The document that the button saves. */
  // biome-ignore lint/suspicious/noExplicitAny: as a reader of the file has it
  json(): Promise<any>;
}

/** Exports models as pages, serves them, and opens them in a browser; skips the tests where there is none. */
export function webPages(flags: readonly string[] = []) {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const servers: StaticServer[] = [];
  let browser: Browser | undefined;
  const serveAgain = async (name: string) => {
    const server = await serveFolder(at(name));
    servers.push(server);
    return server;
  };

  before(async function () {
    const chromium = findChromium();
    if (!chromium) return this.skip();
    browser = await openBrowser(chromium, flags);
  });
  after(async () => {
    await browser?.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  return {
    at,
    /** Serves what was exported under this name. */
    serveAgain,
    async serve(model: string, name: string): Promise<StaticServer> {
      await writeWeb({model, folder: at(name)});
      return serveAgain(name);
    },
    /** In a context of its own, as if never visited before. */
    async open(url: string): Promise<WebPage> {
      const page = await (await browser!.createBrowserContext()).newPage();
      const asked: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(`${error}`));
      await page.evaluateOnNewDocument(`(() => {
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
          if (blob.type === 'application/json') blob.text().then((text) => { globalThis.saved = text; });
          return create(blob);
        };
      })()`);
      await page.setViewport({width: 1200, height: 900});
      await page.goto(url);
      const text = (selector: string) =>
        page.$$eval(selector, (elements) => elements.map((element) => (element.textContent ?? '').trim()));
      return {
        page,
        asked,
        complaints,
        text,
        async choose(...files) {
          await ((await page.$('#choose')) as unknown as FileInput).uploadFile(...files);
        },
        async titles(count) {
          await page.waitForFunction(`document.querySelectorAll('.card h3').length === ${count}`);
          return text('.card h3');
        },
        async json() {
          await page.evaluate('globalThis.saved = undefined');
          await page.click('#download');
          await page.waitForFunction('globalThis.saved !== undefined');
          return JSON.parse((await page.evaluate('globalThis.saved')) as string);
        },
      };
    },
  };
}

/** Waits until the page says that it works without a network. */
export async function kept({page}: WebPage): Promise<void> {
  await page.waitForFunction(`!document.getElementById('offline').hidden`);
}
