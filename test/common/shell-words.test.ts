import {execFileSync} from 'node:child_process';
import {expect} from 'chai';
import {shellWords} from '../../src/common/shell-words.ts';

describe('shell words', () => {
  it('stay unquoted if possible', () => {
    expect(shellWords(['rice', 'evaluate', '../set_1', '--min-accuracy=0.99'])).to.equal(
      'rice evaluate ../set_1 --min-accuracy=0.99',
    );
  });

  it('are quoted so that a shell reads the same', function () {
    if (process.platform === 'win32') this.skip();
    const words = ['a b', "it's", '', '$(date)', '*', '\\', '"', 'é', '-'];
    const output = execFileSync('sh', ['-c', `printf '%s\\n' ${shellWords(words)}`], {encoding: 'utf8'});
    expect(output.split('\n').slice(0, -1)).to.deep.equal(words);
  });
});
