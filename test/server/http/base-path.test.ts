import {join} from 'node:path';
import {expect} from 'chai';
import {rootOf} from '../../../src/server/http/base-path.ts';
import {ROOT} from '../../cli/rice.ts';
import {findChromium, openBrowser} from '../../helpers/browser.ts';
import {type ReverseProxy, type ReverseProxyOptions, startReverseProxy} from '../../helpers/reverse-proxy.ts';
import {postPicture, servers} from '../serving.ts';

describe('behind a proxy, under a path', () => {
  const {jpegs, start} = servers();
  const proxies: ReverseProxy[] = [];
  after(() => {
    for (const proxy of proxies) proxy.close();
  });

  const PROXIES: Record<string, {args?: string[]; proxy: ReverseProxyOptions; entries?: string[]}> = {
    'that removes it and says nothing': {proxy: {path: '/rice'}, entries: ['/rice/']},
    'that removes it and says so': {proxy: {path: '/rice', headers: {'x-forwarded-prefix': '/rice'}}},
    'that removes it, with --base-path': {args: ['--base-path', '/rice'], proxy: {path: '/rice'}},
    'that keeps it, with --base-path': {args: ['--base-path', '/a/rice/'], proxy: {path: '/a/rice', keepsPath: true}},
  };
  for (const [name, {args = [], proxy, entries = [`${proxy.path}/`, proxy.path]}] of Object.entries(PROXIES)) {
    it(`${name}: links, form, description and predictions stay below it`, async () => {
      const server = await start(args);
      const {url} = await openProxy(server.url, proxy);
      for (const entry of entries) await expectLinksWork(new URL(entry, url));
      for (const page of ['/docs', '/docs/']) await expectLinksWork(new URL(`${proxy.path}${page}`, url));
      const description = new URL(`${proxy.path}/openapi.json`, url);
      const {
        servers: [{url: root}],
        paths,
      } = (await (await fetch(description)).json()) as {
        servers: [{url: string}];
        paths: object;
      };
      expect(paths).to.have.property('/predict');
      const address = `${new URL(root, description).href.replace(/\/$/, '')}/predict`;
      expect((await postPicture(address, jpegs.Red)).status).to.equal(200);
    });

    it(`${name}: the page asks below it (needs Chromium)`, async function () {
      const chromium = findChromium();
      if (!chromium) return this.skip();
      const server = await start(args);
      const {url} = await openProxy(server.url, proxy);
      const browser = await openBrowser(chromium);
      try {
        const page = await browser.newPage();
        for (const entry of entries) {
          await page.goto(new URL(entry, url).href);
          await page.evaluate('sessionStorage.clear()');
          const input = (await page.$('#choose')) as unknown as {uploadFile(path: string): Promise<void>};
          await input.uploadFile(join(ROOT, 'test', 'samples', 'basmati-1.jpg'));
          await page.waitForSelector('.card h3:not(.failed)');
        }
      } finally {
        await browser.close();
      }
    });
  }

  async function openProxy(target: string, options: ReverseProxyOptions): Promise<ReverseProxy> {
    const proxy = await startReverseProxy(target, options);
    proxies.push(proxy);
    return proxy;
  }

  /** Every address in a page leads to something. */
  async function expectLinksWork(page: URL): Promise<void> {
    const response = await fetch(page);
    expect(response.status, page.href).to.equal(200);
    const found = [...(await response.text()).matchAll(/ (href|action)="([^"#]*)"/g)];
    const links = found.filter(([, , target]) => !/^(data|https?):/.test(target));
    expect(links, page.href).not.to.have.length(0);
    for (const [, kind, target] of links) {
      const address = new URL(target, page);
      const {status} = kind === 'action' ? await postPicture(address.href, jpegs.Red) : await fetch(address);
      expect(status, `${page.href}: ${target}`).to.equal(200);
    }
  }
});

describe('the root of a server, for links', () => {
  const cases: [url: string, prefix: string | undefined, basePath: string | undefined, root: string][] = [
    ['/', undefined, undefined, './'],
    ['/docs?x=/', undefined, undefined, './'],
    ['/docs/', undefined, undefined, '../'],
    ['/docs', '/rice', undefined, '/rice/'],
    ['/docs', '/rice/', '/other', '/rice/'],
    ['/docs', '/rice, /outer', undefined, '/rice/'],
    ['/docs', undefined, '/other', '/other/'],
    ['/docs', '//evil.example', undefined, './'],
    ['/docs', '/../..', undefined, './'],
    ['/docs', '/a"><script>', undefined, './'],
    ['/docs', 'https://evil.example/', undefined, './'],
  ];
  for (const [url, prefix, basePath, root] of cases)
    it(`of ${url} with ${prefix} and ${basePath} is ${root}`, () => {
      const headers = prefix === undefined ? {} : {'x-forwarded-prefix': prefix};
      expect(rootOf({headers, url}, basePath)).to.equal(root);
    });
});
