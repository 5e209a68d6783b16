import {copyFileSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from './rice.ts';

describe('what the parser of the command line says', () => {
  const folder = temporaryFolder();
  const failure = async (...args: string[]) => (await rice(args, {cwd: folder()})).stderr;

  it('is said in our words, with a way out', async () => {
    const both = await failure('clean', '--yes', '--dry-run');
    expect(both).to.contain('--yes and --dry-run exclude each other');
    expect(both).to.contain('Leave out one of the two.');
    const shell = await failure('completion', 'csh');
    expect(shell).to.contain('expected one of bash, zsh, fish, powershell, got "csh"');
    const twice = await failure('predict', 'a.jpg', '--topk', '1', '--topk', '2');
    expect(twice).to.contain('unknown flag --topk\n');
    expect(twice.match(/Did you mean/g)).to.have.length(1);
  });

  it('is how to name a file that looks like a flag', async () => {
    copyFileSync(join(ROOT, 'test', 'samples', 'basmati-1.jpg'), join(folder(), '-dash.jpg'));
    const said = await failure('predict', '-dash.jpg');
    expect(said).to.contain('unknown flag -dash.jpg').and.to.contain('./-dash.jpg');
    if (HAS_MODEL) expect((await rice(['predict', './-dash.jpg'], {cwd: folder()})).code).to.equal(0);
  });

  it('is, of --model last, that a folder of that name is not meant', async function () {
    if (!HAS_MODEL) this.skip();
    for (const name of ['runs/a', 'last']) {
      mkdirSync(join(folder(), name), {recursive: true});
      copyFileSync(join(ROOT, 'models', 'rice.onnx'), join(folder(), name, 'model.onnx'));
    }
    const answered = await rice(['predict', './-dash.jpg', '--model', 'last'], {cwd: folder()});
    expect(answered.code).to.equal(0);
    expect(answered.stderr).to.contain(`--model last is the newest run, ${join('runs', 'a', 'model.onnx')}`);
    expect((await rice(['predict', './-dash.jpg', '--model', './last'], {cwd: folder()})).stderr).not.to.contain(
      'newest',
    );
  });
});
