import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {expect} from 'chai';
import {isAlive} from '../../../src/common/files/is-alive.ts';

describe('isAlive', () => {
  it('tells this process from an ended one', async () => {
    expect(isAlive(process.pid)).to.equal(true);
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(isAlive(child.pid!)).to.equal(false);
  });

  it('treats a zombie as ended', async function () {
    if (process.platform !== 'linux') this.skip();
    // The shell is replaced by a program that never waits for the shell's child.
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 20']);
    try {
      const [output] = await once(shell.stdout, 'data');
      const pid = Number(String(output));
      const gone = async () => {
        for (let i = 0; i < 100 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 20));
        return !isAlive(pid);
      };
      expect(await gone()).to.equal(true);
      expect(() => process.kill(pid, 0), 'it is still listed').not.to.throw();
    } finally {
      shell.kill();
    }
  });
});
