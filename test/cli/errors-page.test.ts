import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {expect} from 'chai';
import {ROOT} from './rice.ts';

describe('docs/errors.md', () => {
  it('matches the error catalogue', () => {
    const {status, stderr} = spawnSync(process.execPath, [join(ROOT, 'scripts', 'errors.js'), '--check'], {
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });
});
