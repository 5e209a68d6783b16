import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {ResultOutput} from '../../src/cli/result-output.ts';
import {rice, temporaryFolder} from './rice.ts';

describe('the output of results', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder(), name);

  it('is created by the first write, or by commit', () => {
    const output = new ResultOutput(at('a'));
    expect(existsSync(at('a'))).to.equal(false);
    output.commit();
    output.write('');
    expect(readFileSync(at('a'), 'utf8')).to.equal('');
  });

  it('does not change once it is closed', () => {
    const output = new ResultOutput(at('b'));
    output.write('x');
    output.commit();
    output.discard();
    expect(output.keepPartial()).to.equal(undefined);
    expect(readFileSync(at('b'), 'utf8')).to.equal('x');
    const dropped = new ResultOutput(at('c'));
    dropped.write('x');
    dropped.discard();
    dropped.commit();
    expect(existsSync(at('c'))).to.equal(false);
  });

  it('removes its exit listener', () => {
    const before = process.listenerCount('exit');
    for (const end of ['commit', 'discard', 'keepPartial'] as const) {
      const output = new ResultOutput(at('d'));
      output.write('x');
      expect(process.listenerCount('exit')).to.equal(before + 1);
      output[end]();
      expect(process.listenerCount('exit')).to.equal(before);
    }
  });

  it('is standard output where the file is called -', async () => {
    const {stdout, code} = await rice(['config', '--output', '-', '--json'], {cwd: folder()});
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.have.property('settings');
    expect(existsSync(at('-'))).to.equal(false);
  });
});
