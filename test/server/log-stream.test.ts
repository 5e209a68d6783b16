import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, constants, openSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {BIN, temporaryFolder} from '../cli/rice.ts';
import {writeColorModel} from '../commands/pictures.ts';

describe('the log of the server', () => {
  const folder = temporaryFolder();

  it('blocks neither answers nor the shutdown if nobody reads it', async function () {
    // Only on Linux can a pipe be reopened.
    if (process.platform !== 'linux') return this.skip();
    const pipe = join(folder(), 'stderr');
    execFileSync('mkfifo', [pipe]);
    writeColorModel(join(folder(), 'color.onnx'));
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY);
    const args = [BIN, 'serve', '--port', '0', '--model', join(folder(), 'color.onnx')];
    const server = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', writer]});
    try {
      const [line] = (await once(server.stdout!.setEncoding('utf8'), 'data')) as [string];
      const url = /http:\S+/.exec(line)![0];
      // More than a pipe holds: 64 KiB.
      const headers = {'user-agent': 'x'.repeat(400)};
      for (let i = 0; i < 400; i++) expect((await fetch(`${url}/nothing`, {headers})).status).to.equal(404);
      server.kill('SIGTERM');
      const [code] = await once(server, 'exit');
      expect(code).to.equal(0);
    } finally {
      server.kill('SIGKILL');
      closeSync(reader);
      closeSync(writer);
    }
  });
});
