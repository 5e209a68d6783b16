import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {expect} from 'chai';
import {parseDescription} from '../src/model/external/parse-description.ts';
import {HAS_MODEL, ROOT, rice} from './cli/rice.ts';
import {parseAs, readSchema} from './cli/schema.ts';

const SAMPLES = join(ROOT, 'test', 'samples');
const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'bench/README.md', 'docs/errors.md'],
  ...['docs/external-models.md', 'docs/jobs.md', 'docs/serving.md', 'docs/domain-shift.md'],
];

describe('documents', () => {
  it('have the command reference that --help prints', () => {
    const script = join(ROOT, 'scripts', 'readme.js');
    const {status, stderr} = spawnSync(process.execPath, [script, '--check'], {encoding: 'utf8'});
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('name files and sections that exist', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [file, anchor] = target.split('#');
        const path = file === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), file);
        expect(existsSync(path), `${page}: ${target}`).to.equal(true);
        if (anchor) expect(anchorsOf(path), `${page}: ${target}`).to.include(anchor);
      }
      for (const [, path] of text.matchAll(/`((?:src|test|scripts|bench|schemas|docs|bin)\/[\w./-]+)`/g))
        expect(existsSync(join(ROOT, path)), `${page}: ${path}`).to.equal(true);
    }
  });
});

describe('descriptions of models in the documents', () => {
  for (const page of ['README.md', 'docs/external-models.md'])
    it(`are what the schema and the reader accept: ${page}`, () => {
      const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(/^```json\n([\s\S]*?)^```/gm);
      const texts = [...blocks].map(([, text]) => text);
      expect(texts).not.to.have.length(0);
      for (const text of texts) {
        parseAs('model', text);
        expect(parseDescription(text, 'm.json', 'm.onnx').labels, text).to.have.length(5);
      }
    });

  it('name every key of the schema', () => {
    const text = readFileSync(join(ROOT, 'docs/external-models.md'), 'utf8');
    const {properties} = readSchema('model') as {properties: Record<string, {properties?: object}>};
    const keys = Object.entries(properties).flatMap(([key, {properties: inner}]) =>
      inner ? Object.keys(inner).map((each) => `${key}.${each}`) : [key],
    );
    for (const key of keys.filter((each) => each !== '$schema')) expect(text, key).to.include(`\`${key}\``);
  });
});

describe('sample pictures', () => {
  it('are what scripts/draw-samples.ts draws, to the byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rice-samples-'));
    try {
      const script = join(ROOT, 'scripts', 'draw-samples.ts');
      execFileSync(process.execPath, ['--import', 'tsx', script, folder], {cwd: ROOT});
      expect(readdirSync(folder)).to.deep.equal(readdirSync(SAMPLES));
      for (const name of readdirSync(SAMPLES))
        expect(readFileSync(join(folder, name)).equals(readFileSync(join(SAMPLES, name))), name).to.equal(true);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  describe('with the shipped model (needs models/rice.onnx)', () => {
    before(function () {
      if (!HAS_MODEL) this.skip();
    });

    it('are all named right and surely', async () => {
      const {code, stdout} = await rice(['predict', SAMPLES, '--json']);
      const {predictions, errors} = JSON.parse(stdout) as {
        predictions: {path: string; label: string; known: boolean; confidence: number}[];
        errors: unknown[];
      };
      expect([code, errors]).to.deep.equal([0, []]);
      expect(predictions).to.have.length(10);
      for (const {path, label, known, confidence} of predictions) {
        expect(path.toLowerCase(), path).to.contain(`/${label.toLowerCase()}-`);
        expect(known, path).to.equal(true);
        expect(confidence, path).to.be.above(0.9);
      }
    });
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
