import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'chai';
import {ROOT, temporaryFolder} from './cli/rice.ts';

const SCRIPT = join('script', 'install.js');

describe('installation', () => {
  it('of a clone runs no install script that downloads: npm runs those that package-lock.json names', () => {
    const {packages} = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, {hasInstallScript?: boolean}>;
    };
    const names = Object.keys(packages).filter((path) => path !== '' && packages[path].hasInstallScript);
    // Before you add one, make sure that it needs no other host. That of protobufjs compares version numbers.
    const known = ['@julusian/jpeg-turbo', 'esbuild', 'protobufjs'].map((name) => `node_modules/${name}`);
    expect(names).to.have.members(known);
  });

  it('has no settings that npm does not know', () => {
    const names = readFileSync(join(ROOT, '.npmrc'), 'utf8').match(/^[\w-]+(?==)/gm);
    expect(names).to.deep.equal(['omit-lockfile-registry-resolved', 'fund', 'audit']);
  });

  describe('of the package', () => {
    const folder = temporaryFolder();

    for (const [layout, place] of [
      ['beside', ''],
      ['below', 'rice-grain/node_modules'],
    ])
      it(`downloads nothing unless it is asked to, with onnxruntime-node ${layout} it`, function () {
        if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
        const modules = join(folder(), layout, 'node_modules');
        const runtime = installed(modules, place);
        expect(beforeInstall(modules)).to.deep.equal({status: 0, stdout: '', stderr: ''});
        expect(downloads(runtime)).to.equal(false);
        expect(downloads(runtime, {ONNXRUNTIME_NODE_INSTALL: 'cuda12'})).to.equal(true);
        expect(downloads(runtime, {npm_config_onnxruntime_node_install: 'cuda12'})).to.equal(true);
        expect(downloads(runtime, {npm_lifecycle_event: ''})).to.equal(true);
        // A second time it leaves the script as it is.
        const text = readFileSync(join(runtime, SCRIPT), 'utf8');
        beforeInstall(modules);
        expect(readFileSync(join(runtime, SCRIPT), 'utf8')).to.equal(text);
      });

    for (const [who, place] of [
      ['the project', '..'],
      ['another package', '@some/other'],
    ])
      it(`leaves the script to ${who} that wants onnxruntime-node too`, () => {
        const modules = join(folder(), who, 'node_modules');
        const runtime = installed(modules, '');
        writeManifest(join(modules, place), {dependencies: {'onnxruntime-node': '*'}});
        beforeInstall(modules);
        expect(readFileSync(join(runtime, SCRIPT), 'utf8')).to.equal(
          readFileSync(join(ROOT, 'node_modules', 'onnxruntime-node', SCRIPT), 'utf8'),
        );
      });

    it('goes on where there is no onnxruntime-node, or another one', () => {
      const modules = join(folder(), 'none', 'node_modules');
      const runtime = installed(modules, '');
      writeFileSync(join(runtime, SCRIPT), 'something else\n');
      expect(beforeInstall(modules)).to.deep.equal({status: 0, stdout: '', stderr: ''});
      expect(readFileSync(join(runtime, SCRIPT), 'utf8')).to.equal('something else\n');
    });
  });
});

/** Lays out rice-grain and onnxruntime-node as npm does; its modules are replaced by one that says that it was called. */
function installed(modules: string, place: string): string {
  const own = join(modules, 'rice-grain');
  writeManifest(own, {type: 'module', dependencies: {'onnxruntime-node': '*'}});
  cpSync(join(ROOT, 'bin'), join(own, 'bin'), {recursive: true});
  const runtime = join(modules, place, 'onnxruntime-node');
  writeManifest(runtime, {});
  cpSync(join(ROOT, 'node_modules', 'onnxruntime-node', 'script'), join(runtime, 'script'), {recursive: true});
  writeManifest(join(runtime, 'node_modules', 'global-agent'), {main: 'index.js'});
  writeFileSync(join(runtime, 'node_modules', 'global-agent', 'index.js'), 'exports.bootstrap = () => {};\n');
  const utils = join(runtime, 'script', 'install-utils.js');
  const parse = /function parseInstallFlag[\s\S]*/.exec(readFileSync(utils, 'utf8'))![0];
  writeFileSync(utils, `const installPackages = () => console.log('download');\n${parse}`);
  return runtime;
}

function writeManifest(folder: string, content: object): void {
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'package.json'), JSON.stringify(content));
}

function beforeInstall(modules: string) {
  const {status, stdout, stderr} = run(join(modules, 'rice-grain', 'bin', 'before-install.js'), {});
  return {status, stdout, stderr};
}

/** Whether onnxruntime-node's install script would download something when npm runs it. */
function downloads(runtime: string, env: Record<string, string> = {}): boolean {
  const {status, stdout} = run(join(runtime, SCRIPT), {npm_lifecycle_event: 'postinstall', ...env});
  expect(status).to.equal(0);
  return stdout.includes('download');
}

function run(script: string, env: Record<string, string>) {
  const options = {cwd: dirname(script), env: {PATH: process.env.PATH, ...env}, encoding: 'utf8'} as const;
  return spawnSync(process.execPath, [script], options);
}
