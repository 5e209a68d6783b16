import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect} from 'chai';
import {packageRoot} from '../src/common/package-root.ts';
import {writeTree} from './dataset/fixtures.ts';

/** Two modules that use one name, a class that is told by its identity, and what is loaded later. */
const PROJECT = {
  'package.json': '{"type": "module"}',
  'src/kind.js': 'export class Kind {}\nexport const name = "kind";\nconsole.log("kind is loaded");',
  'src/a.js': 'import {Kind} from "./kind.js";\nexport const name = "a";\nexport const made = () => new Kind();',
  'src/b.js': 'export const name = "b";\nexport default () => "default of b";',
  'src/late.js': 'import {Kind} from "./kind.js";\nexport const is = (value) => value instanceof Kind;',
  'src/start.js': `import {made, name as a} from "./a.js";\nimport b, {name} from "./b.js";\nimport {name as kind} from "./kind.js";
const {is} = await import("./late.js");
console.log(a, name, kind, b(), is(made()));`,
  'src/other.js':
    'import {made, name} from "./a.js";\nimport {Kind} from "./kind.js";\nconsole.log(name, made() instanceof Kind);',
  'src/third.js': 'import b from "./b.js";\nimport {name} from "./kind.js";\nconsole.log(name, b());',
};

const ENTRIES = ['start.js', 'other.js', 'third.js'];
const BUILD = `import {build} from '${import.meta.resolve('esbuild')}';
import {joinChunks} from '${pathToFileURL(join(packageRoot(), 'scripts', 'join-chunks.js'))}';
const {metafile} = await build({
  entryPoints: ${JSON.stringify(ENTRIES.map((entry) => `src/${entry}`))},
  outdir: 'dist', bundle: true, splitting: true, format: 'esm', platform: 'node', metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
});`;

describe('the build', () => {
  it('joins chunks without a change of what they do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
    try {
      writeTree(folder, Object.fromEntries(Object.entries(PROJECT).map(([path, text]) => [path, Buffer.from(text)])));
      const run = () => ENTRIES.map((entry) => output(folder, `dist/${entry}`));
      const start = join(folder, 'dist', 'start.js');
      // In a process of its own: esbuild works in the folder in which it was started.
      output(folder, '--input-type=module', '-e', BUILD);
      const [plain, filesBefore] = [run(), loadedWith(start).size];
      expect(plain[0]).to.equal('kind is loaded\na b kind default of b true\n');
      expect(filesBefore).to.be.above(3);
      output(
        folder,
        '--input-type=module',
        '-e',
        `${BUILD} await joinChunks(metafile, 'dist/chunks', ['src/start.js'], []);`,
      );
      expect(run()).to.deep.equal(plain);
      // The entry, and what it was split into.
      expect(loadedWith(start).size).to.equal(2);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  it('loads few files for a prediction, and neither the command line nor its help in a thread', () => {
    const dist = join(packageRoot(), 'dist');
    const line = readFileSync(join(dist, 'cli', 'main.js'), 'utf8').match(/run-command-line-\w+\.js/)![0];
    const files = ['cli/main.js', `chunks/${line}`, 'commands/predict/index.js'].flatMap((path) => [
      ...loadedWith(join(dist, path)),
    ]);
    expect(new Set(files).size).to.be.at.most(20);
    const inThread = [...loadedWith(join(dist, 'prediction', 'classify-worker.js'))];
    const text = inThread.map((path) => readFileSync(path, 'utf8')).join('');
    expect(text).not.to.include('@oclif/core');
  });
});

function output(cwd: string, ...args: string[]): string {
  return execFileSync(process.execPath, args, {cwd, encoding: 'utf8'});
}

/** A built file and all that it imports statically. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?["'](\.[^"']*)["'];/gm);
  for (const [, path] of imports)
    if (existsSync(join(dirname(file), path))) loadedWith(join(dirname(file), path), seen);
  return seen;
}
