import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, posix} from 'node:path';
import {Config, type Interfaces, Parser} from '@oclif/core';
import {expect} from 'chai';
import {withUsualWeights} from '../../src/commands/train/pretrained.ts';
import {FORMATS} from '../../src/image/formats/formats.ts';
import {parseDescription} from '../../src/model/external/parse-description.ts';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../cli/rice.ts';
import {parseAs, readSchema} from '../cli/schema.ts';
import {
  allPages,
  anchorsOf,
  blocksOf,
  callsOf,
  commandLinesOf,
  examplesOf,
  linksOf,
  proseOf,
  readPage,
} from './pages.ts';
import {ExampleRunner, isLeftOut, isShown, LEFT_OUT} from './run-examples.ts';

const SAMPLES = join(ROOT, 'test', 'samples');
const GENERATED = ['docs/commands.md', 'docs/errors.md'];

const PAGES = allPages();
const TASK_PAGES = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page) && !GENERATED.includes(page));
const INTERNALS = PAGES.filter((page) => page.startsWith('docs/internals/'));
const DECISIONS = PAGES.filter((page) => /^docs\/decisions\/\d/.test(page));
/** Pages whose examples are tried. */
const WITH_EXAMPLES = ['README.md', 'CONTRIBUTING.md', ...TASK_PAGES];

describe('documents', () => {
  for (const script of ['errors.js', 'commands.js'])
    it(`have what scripts/${script} writes`, () => expectUpToDate([join(ROOT, 'scripts', script)]));

  it('have the picture that scripts/draw-terminal.ts draws', function () {
    // A terminal of Windows is not drawn with the same characters.
    if (!HAS_MODEL || process.platform === 'win32') this.skip();
    expectUpToDate(['--import', 'tsx', join(ROOT, 'scripts', 'draw-terminal.ts')]);
    expect(statSync(join(ROOT, 'docs', 'images', 'predict.svg')).size).to.be.below(60_000);
  });

  it('link to files and sections that exist', () => {
    for (const page of PAGES)
      for (const target of linksOf(page)) {
        const [file, anchor] = target.split('#');
        const path = file === '' ? page : posix.join(dirname(page), file);
        expect(existsSync(join(ROOT, path)), `${page}: ${target}`).to.equal(true);
        if (anchor) expect(anchorsOf(path), `${page}: ${target}`).to.include(anchor);
      }
  });

  it('name files that exist', () => {
    const path = /`((?:src|test|scripts|bench|schemas|docs|bin|models|\.github)\/[\w./-]*)`/g;
    for (const page of PAGES)
      for (const [, name] of currentProseOf(page).matchAll(path))
        expect(existsSync(join(ROOT, name)), `${page}: ${name}`).to.equal(true);
  });

  it('are named by help and errors as they are called', () => {
    const names = GENERATED.flatMap((page) => readPage(page).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(names).to.include('docs/jobs.md');
    for (const name of names) expect(existsSync(join(ROOT, name)), name).to.equal(true);
  });

  it('can all be reached: from README.md, ARCHITECTURE.md or the index of decisions', () => {
    const linked = (from: string) => linksOf(from).map((target) => posix.join(dirname(from), target.split('#')[0]));
    expect(linked('README.md')).to.include.members([...TASK_PAGES, ...GENERATED, 'docs/decisions/README.md']);
    expect(linked('ARCHITECTURE.md')).to.include.members(INTERNALS);
    expect(linked('docs/decisions/README.md')).to.include.members(DECISIONS);
  });

  it('number decisions without a gap', () => {
    const numbers = DECISIONS.map((page) => Number(/\d+/.exec(page)![0]));
    expect(numbers).to.deep.equal(numbers.map((_, i) => i + 1));
    for (const [i, page] of DECISIONS.entries()) expect(readPage(page), page).to.match(new RegExp(`^# ${i + 1}\\. `));
  });

  it('are short', () => {
    const limits: [page: string, least: number, most: number][] = [
      ['README.md', 0, 12_288],
      ['ARCHITECTURE.md', 0, 10_240],
      ['CONTRIBUTING.md', 0, 4096],
      ...[...TASK_PAGES, ...INTERNALS].map((page): [string, number, number] => [page, 0, 8192]),
      ...DECISIONS.map((page): [string, number, number] => [page, 400, 1600]),
    ];
    for (const [page, least, most] of limits)
      expect(Buffer.byteLength(readPage(page)), `bytes of ${page}`).to.be.within(least, most);
  });

  it('name the formats of pictures that rice reads', () => {
    for (const page of ['README.md', 'docs/predict.md']) {
      const named = /reads ((?:[A-Z]\w+(?:, | and )?)+) pictures/.exec(readPage(page).replaceAll('\n', ' '))![1];
      expect(named.split(/, | and /), page).to.have.members(FORMATS.map(({title}) => title));
    }
  });
});

describe('command lines in the documents', () => {
  it('are understood', async () => {
    const config = await Config.load(ROOT);
    for (const page of [...WITH_EXAMPLES, 'docs/commands.md'])
      for (const line of commandLinesOf(page))
        for (const [first, second, ...rest] of callsOf(line)) {
          const inner = config.findCommand(`${first}:${second}`);
          const command = inner ?? config.findCommand(first);
          const argv = inner ? rest : [second, ...rest].filter((word) => word !== undefined);
          expect(command, `${page}: ${line}`).not.to.equal(undefined);
          const {args, baseFlags, flags, strict} = await command!.load();
          const input = {args, flags: {...baseFlags, ...flags} as Interfaces.FlagInput, strict};
          const words = command!.id === 'train' ? withUsualWeights(argv) : argv;
          await Parser.parse(words, input).catch((error: Error) => expect.fail(`${page}: ${line}: ${error.message}`));
        }
  });

  it('are left out of what follows for reasons that there are', () => {
    const lines = WITH_EXAMPLES.flatMap(examplesOf).map(({command}) => command);
    for (const [reason, pattern] of Object.entries(LEFT_OUT))
      expect(
        lines.some((line) => pattern.test(line)),
        reason,
      ).to.equal(true);
  });

  describe('print what is shown (needs models/rice.onnx and a shell)', () => {
    const folder = temporaryFolder();
    before(function () {
      if (!HAS_MODEL || process.platform === 'win32') this.skip();
    });
    const inFolder = async (name: string, use: (runner: ExampleRunner) => Promise<void>) => {
      mkdirSync(join(folder(), name), {recursive: true});
      const runner = new ExampleRunner(join(folder(), name));
      try {
        await use(runner);
      } finally {
        await runner.stop();
      }
    };

    for (const page of WITH_EXAMPLES) {
      const examples = examplesOf(page).filter(({command}) => !isLeftOut(command));
      if (examples.length === 0) continue;
      it(`${page}: ${examples.length}`, () =>
        inFolder(page, async (runner) => {
          for (const example of examples) {
            const printed = await runner.run(example);
            const {command, output = ''} = example;
            if (printed === undefined || isShown(printed, output)) continue;
            expect(printed, `${page}: ${command}`).to.equal(output);
          }
        }));
    }

    it('README.md: the library', () =>
      inFolder('library', async (runner) => {
        const blocks = blocksOf('README.md');
        const place = blocks.findIndex(({language}) => language === 'js');
        expect(runner.runModule(blocks[place].text)).to.equal(blocks[place + 1].text);
      }));
  });
});

describe('the comparison of what is printed with what is shown', () => {
  const cases: [printed: string, shown: string, same: boolean][] = [
    ['a\nb\n', 'a\nb\n', true],
    ['a\nc\n', 'a\nb\n', false],
    ['a\nx\ny\nb\n', 'a\n...\nb\n', true],
    ['a\nx\ny\nc\n', 'a\n...\nb\n', false],
    ['formats: A and B\nend\n', 'formats: ...\nend\n', true],
    ['2 pictures in 1.02 s (1.9 a second): A 2\n', '2 pictures in 0.01 s (146 a second): A 2\n', true],
    ['2 pictures in 1.02 s (1.9 a second): A 1\n', '2 pictures in 0.01 s (146 a second): A 2\n', false],
    ['"confidence": 0.999685\n', '"confidence": 0.999684\n', true],
    ['"confidence": 0.989684\n', '"confidence": 0.999684\n', false],
    ['99.5% Arborio\n', '99.6% Arborio\n', false],
  ];
  for (const [printed, shown, same] of cases)
    it(`${JSON.stringify(printed)} is ${same ? '' : 'not '}${JSON.stringify(shown)}`, () => {
      expect(isShown(printed, shown)).to.equal(same);
    });
});

describe('descriptions of models in the documents', () => {
  for (const page of ['docs/external-models.md', 'docs/export-a-model.md'])
    it(`are what the schema and the reader accept: ${page}`, () => {
      const texts = blocksOf(page).flatMap(({language, text}) => (language === 'json' ? [text] : []));
      expect(texts).not.to.have.length(0);
      for (const text of texts) {
        parseAs('model', text);
        expect(parseDescription(text, 'm.json', 'm.onnx').labels, text).to.have.length(5);
      }
    });

  it('name every key of the schema', () => {
    const text = readPage('docs/external-models.md');
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
      const drawn = readdirSync(SAMPLES).filter((name) => name.endsWith('.jpg'));
      expect(readdirSync(folder)).to.deep.equal(drawn);
      for (const name of drawn)
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

/** What a page says of today: of the changelog, the latest version. */
function currentProseOf(page: string): string {
  return page === 'CHANGELOG.md' ? proseOf(page).split(/^## /m).slice(0, 2).join('') : proseOf(page);
}

/** Runs a script that writes a document, to say only whether it is up to date. */
function expectUpToDate(args: string[]): void {
  const {status, stderr} = spawnSync(process.execPath, [...args, '--check'], {cwd: ROOT, encoding: 'utf8'});
  expect(stderr).to.equal('');
  expect(status).to.equal(0);
}
