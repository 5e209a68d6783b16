import {mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice} from '../cli/rice.ts';
import {formOf, servers, until} from '../server/serving.ts';

describe('onnxruntime', () => {
  const {at, jpegs, start} = servers();
  /** A home in which whatever is written shows. */
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

  it('leaves no database, device id or log behind in the main thread', async () => {
    const env = {RICE_MODEL: at('color.onnx'), ...emptyHome('home')};
    const {code} = await rice(['predict', '-'], {env, input: jpegs.Red});
    expect([code, filesIn('home')]).to.deep.equal([0, ['temporary']]);
  });

  it('nor in worker threads', async () => {
    const {url, stop} = await start([], {env: emptyHome('servant')});
    await until(async () => (await fetch(`${url}/predict`, {method: 'POST', body: formOf({a: jpegs.Red})})).ok);
    await stop();
    expect(filesIn('servant')).to.deep.equal(['temporary']);
  });

  it('may be told otherwise', async function () {
    if (process.platform !== 'linux') this.skip();
    const env = {RICE_MODEL: at('color.onnx'), ORT_DISABLE_TELEMETRY: '0', ...emptyHome('open')};
    await rice(['predict', '-'], {env, input: jpegs.Red});
    // What this whole file is about is still there to be forbidden.
    expect(filesIn('open')).to.include(join('.cache', 'Microsoft'));
  });
});
