import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect} from 'chai';
import {build} from 'esbuild';
import {packageRoot, workerFile} from '../../src/common/package-root.ts';

describe('packageRoot', () => {
  it('is the parent folder of src, with workers from src', () => {
    const root = join(import.meta.dirname, '..', '..');
    expect(packageRoot()).to.equal(root);
    const {file, execArgv} = workerFile('dataset/cache/prepare-worker');
    expect(file).to.equal(join(root, 'src', 'dataset', 'cache', 'prepare-worker.ts'));
    expect(execArgv).to.have.length(2);
  });

  it('is found from the bundle, with workers from the bundle', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'rice-test-')));
    try {
      writeFileSync(join(root, 'package.json'), '{"name": "rice-grain", "type": "module"}');
      const chunk = join(root, 'dist', 'chunks', 'package-root.js');
      const source = join(import.meta.dirname, '..', '..', 'src', 'common', 'package-root.ts');
      await build({entryPoints: [source], outfile: chunk, bundle: true, format: 'esm', platform: 'node'});
      const bundled = (await import(pathToFileURL(chunk).href)) as typeof import('../../src/common/package-root.ts');
      expect(bundled.packageRoot()).to.equal(root);
      const {file, execArgv} = bundled.workerFile('dataset/cache/prepare-worker');
      expect(file).to.equal(join(root, 'dist', 'dataset', 'cache', 'prepare-worker.js'));
      expect(execArgv).to.deep.equal([]);
    } finally {
      rmSync(root, {recursive: true});
    }
  });
});
