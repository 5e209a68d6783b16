import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {write, writeKeyPair} from '../../exporting/signing/key-files.ts';
import {modelFile} from '../../model/models.ts';

interface Exported {
  output: string;
  card: string;
  signature: string;
}

describe('rice export --card --sign', () => {
  const root = temporaryFolder();
  const run = (...args: string[]) => rice(args, {cwd: root()});
  const exporting = (...args: string[]) => run('export', 'model.onnx', '--output', 'out.onnx', ...args);

  beforeEach(() => {
    writeFileSync(join(root(), 'model.onnx'), modelFile());
    writeKeyPair(root(), 'key');
  });

  it('writes a card and a signature that rice verify accepts', async () => {
    const {code, stdout, stderr} = await exporting('--card', '--license', 'mit', '--sign', 'key.pem', '--json');
    expect(code, stderr).to.equal(0);
    const exported = parseAs<Exported>('export', stdout);
    expect([exported.card, exported.signature]).to.deep.equal(['README.md', 'out.onnx.sig']);
    expect(readFileSync(join(root(), 'README.md'), 'utf8')).to.match(/^---\nlicense: "mit"\n/);
    expect((await run('verify', 'out.onnx', '--key', 'key-public.pem')).code).to.equal(0);
    writeFileSync(join(root(), 'out.onnx'), 'another');
    expect((await run('verify', 'out.onnx', '--key', 'key-public.pem')).stderr).to.include('SIGNATURE_INVALID');
  });

  it('replaces no README.md that is there, unless it is told to', async () => {
    write(root(), 'README.md', 'mine');
    const refused = await exporting('--card');
    expect(refused.stderr).to.include('OUTPUT_EXISTS');
    expect(readFileSync(join(root(), 'README.md'), 'utf8')).to.equal('mine');
    expect((await exporting('--card', '--force')).code).to.equal(0);
    expect(readFileSync(join(root(), 'README.md'), 'utf8')).to.include('library_name');
  });

  it('looks at the key before anything is written', async () => {
    const {code, stderr} = await run('export', 'model.onnx', '--output', 'new.onnx', '--sign', 'key-public.pem');
    expect(code).to.equal(2);
    expect(stderr).to.include('KEY_INVALID');
    expect(readdirSync(root())).to.not.include('new.onnx');
  });

  it('takes a license for a card alone', async () => {
    expect((await exporting('--license', 'mit')).stderr).to.include('--card');
  });
});
