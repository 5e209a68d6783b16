import {mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice} from '../cli/rice.ts';
import {formOf, servers, until} from '../server/serving.ts';

describe('onnxruntime', () => {
  const {at, jpegs, start} = servers();
  /** An empty home folder, in which written files are noticed. */
  function emptyHome(name: string): Record<string, string> {
    mkdirSync(at(name, 'temporary'), {recursive: true});
    return {
      HOME: at(name),
      USERPROFILE: at(name),
      LOCALAPPDATA: at(name),
      XDG_CACHE_HOME: '',
      TMPDIR: at(name, 'temporary'),
    };
  }
  const filesIn = (name: string) => readdirSync(at(name), {recursive: true, encoding: 'utf8'}).sort();

  it('writes no database, device id or log in the main thread', async () => {
    const env = {RICE_MODEL: at('color.onnx'), ...emptyHome('home')};
    const {code} = await rice(['predict', '-'], {env, input: jpegs.Red});
    expect([code, filesIn('home')]).to.deep.equal([0, ['temporary']]);
  });

  it('writes none in worker threads', async () => {
    const {url, stop} = await start([], {env: emptyHome('servant')});
    await until(async () => (await fetch(`${url}/predict`, {method: 'POST', body: formOf({a: jpegs.Red})})).ok);
    await stop();
    expect(filesIn('servant')).to.deep.equal(['temporary']);
  });

  it('respects the variable of the user', async function () {
    if (process.platform !== 'linux') this.skip();
    const env = {RICE_MODEL: at('color.onnx'), ORT_DISABLE_TELEMETRY: '0', ...emptyHome('open')};
    await rice(['predict', '-'], {env, input: jpegs.Red});
    // Proves that this version of onnxruntime has telemetry, so that the other tests mean something.
    expect(filesIn('open')).to.include(join('.cache', 'Microsoft'));
  });
});
