/**
 * Compares the answers of an exported page in headless Chromium with those of `rice predict`, and measures how long a picture takes
 * there: `npm run build && npx tsx bench/web.ts FOLDER [--model FILE] [--every 1]`.
 */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {extname, join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {writeWeb} from '../src/exporting/web/write-web.ts';
import {isImageExtension} from '../src/image/formats/formats.ts';
import {shippedModel} from '../src/model/model-file.ts';
import type {PredictionEntry} from '../src/prediction/entry.ts';
import {findChromium, openBrowser} from '../test/helpers/browser.ts';
import {serveFolder} from '../test/helpers/static-server.ts';

interface Document {
  model: {name: string; version: string; sha256: string};
  predictions: PredictionEntry[];
  errors: {path: string; code: string}[];
  summary: {seconds: number};
}

const {values, positionals} = parseArgs({
  options: {model: {type: 'string', default: shippedModel()}, every: {type: 'string', default: '1'}},
  allowPositionals: true,
});
const chromium = findChromium();
if (!chromium) throw new Error('Chromium was not found; set RICE_CHROMIUM to its path');
const source = resolve(positionals[0] ?? '.');
const temporary = mkdtempSync(join(tmpdir(), 'rice-web-'));
const at = (...names: string[]) => join(temporary, ...names);
try {
  const paths = links(source, Number(values.every));
  await writeWeb({model: values.model, folder: at('page')});
  writeFileSync(at('paths.txt'), paths.join('\n'));
  report(told(), await shown(paths));
} finally {
  rmSync(temporary, {recursive: true});
}

/** Links to the pictures under names of their own: a page knows a picture by the name of its file alone. */
function links(folder: string, every: number): string[] {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => isImageExtension(extname(name)))
    .toSorted()
    .filter((_, i) => i % every === 0);
  return names.map((name, i) => {
    const link = at(`${i}${extname(name)}`);
    symlinkSync(join(folder, name), link);
    return link;
  });
}

function told(): Document {
  const args = ['bin/run.js', 'predict', '--files-from', at('paths.txt'), '--json', '--model', values.model];
  const {stdout, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8', maxBuffer: 1 << 30});
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

/** What the page's own document says. */
async function shown(paths: readonly string[]): Promise<Document> {
  const server = await serveFolder(at('page'));
  const browser = await openBrowser(chromium!);
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(`URL.createObjectURL = ((create) => (blob) => {
      if (blob.type === 'application/json') blob.text().then((text) => { globalThis.saved = text; });
      return create(blob);
    })(URL.createObjectURL)`);
    await page.goto(server.url);
    const input = (await page.$('#choose')) as unknown as {uploadFile(...paths: string[]): Promise<void>};
    await input.uploadFile(...paths);
    const done = `document.querySelectorAll('.card h3').length === ${paths.length}`;
    await page.waitForFunction(done, {timeout: 0, polling: 500});
    await page.click('#download');
    await page.waitForFunction('globalThis.saved !== undefined');
    return JSON.parse((await page.evaluate('globalThis.saved')) as string);
  } finally {
    await browser.close();
    await server.stop();
  }
}

function report(told: Document, shown: Document): void {
  const {name, version, sha256} = told.model;
  const others = {label: 0, known: 0, reason: 0, grain: 0};
  const differences = told.predictions.map((each, i) => {
    const other = shown.predictions[i];
    if (other.label !== each.label) others.label++;
    if (other.known !== each.known) others.known++;
    if (other.reason !== each.reason) others.reason++;
    if (JSON.stringify(other.grain) !== JSON.stringify(each.grain)) others.grain++;
    const shares = Object.entries(each.probabilities);
    return Math.max(...shares.map(([label, share]) => Math.abs(share - other.probabilities[label])));
  });
  const sorted = differences.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.log(`${name} ${version}, sha256 ${sha256.slice(0, 12)}`);
  console.log(`${told.predictions.length} pictures; errors: ${told.errors.length} told, ${shown.errors.length} shown`);
  console.log(`others: ${JSON.stringify(others)}`);
  console.log(`shares differ by ${quantile(0.5)} (median), ${quantile(0.99)} (99 %), ${sorted.at(-1)} (most)`);
  console.log(`${((shown.summary.seconds * 1000) / differences.length).toFixed(1)} ms a picture on the page`);
}
