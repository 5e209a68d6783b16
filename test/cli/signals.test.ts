import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {expect} from 'chai';
import {ROOT} from './rice.ts';

const HEAD = `import {installSignals, onStop} from ${JSON.stringify(join(ROOT, 'src/cli/signals.ts'))};
  installSignals(); setInterval(() => {}, 1000);`;

/** Runs code and sends the signals in order, each after a line of output. @returns the exit code */
async function run(code: string, signals: NodeJS.Signals[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', `${HEAD}\n${code}`], {
    cwd: ROOT,
  });
  const closed = once(child, 'close');
  for (const signal of signals) {
    await once(child.stdout, 'data');
    child.kill(signal);
  }
  return (await closed)[0];
}

describe('signals', () => {
  it('end the process with 128 plus their number', async () => {
    expect(await run(`console.log('ready')`, ['SIGINT'])).to.equal(130);
    expect(await run(`console.log('ready')`, ['SIGTERM'])).to.equal(143);
  });

  it('let a command finish the first time, and quit at once the second time', async () => {
    const code = `onStop((signal) => { console.log(signal); END }); console.log('ready')`;
    expect(await run(code.replace('END', 'process.exit(7)'), ['SIGINT'])).to.equal(7);
    expect(await run(code.replace('END', ''), ['SIGINT', 'SIGINT'])).to.equal(130);
  });
});
