import {chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {PredictionLog} from '../../../src/server/watch/prediction-log.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('the log of predictions', () => {
  const folder = useTemporaryFolder();
  const at = (name: string) => join(folder(), name);
  const errors: string[] = [];
  const open = (maxBytes: number, files: number) => {
    errors.length = 0;
    return new PredictionLog(at('log'), {maxBytes, files, onError: ({code}) => errors.push(code)});
  };
  const read = (name: string) => readFileSync(at(name), 'utf8');

  it('appends to an existing file', async () => {
    writeFileSync(at('log'), '{"n":0}\n');
    const log = open(1000, 1);
    log.write({n: 1});
    log.write({n: 2});
    await log.close();
    expect(read('log')).to.equal('{"n":0}\n{"n":1}\n{"n":2}\n');
  });

  it('rotates a file before it grows too large, and keeps the given number', async () => {
    const log = open(20, 2);
    for (let n = 0; n < 9; n++) log.write({n});
    await log.close();
    for (let n = 9; n < 12; n++) log.write({n});
    await log.close();
    expect([read('log.2'), read('log.1'), read('log')]).to.deep.equal([
      '{"n":6}\n{"n":7}\n',
      '{"n":8}\n{"n":9}\n',
      '{"n":10}\n{"n":11}\n',
    ]);
    expect(() => read('log.3')).to.throw();
  });

  it('writes a line even if it is longer than a file may be', async () => {
    const log = open(10, 1);
    log.write({text: 'long enough'});
    log.write({n: 1});
    await log.close();
    expect([read('log.1'), read('log')]).to.deep.equal(['{"text":"long enough"}\n', '{"n":1}\n']);
  });

  it('can keep no rotated files', async () => {
    const log = open(10, 0);
    for (let n = 0; n < 3; n++) log.write({n});
    await log.close();
    expect(read('log')).to.equal('{"n":2}\n');
  });

  it('reports lost lines once, and continues when it can', async () => {
    const log = open(1000, 1);
    rmSync(at('log'));
    mkdirSync(at('log'));
    log.write({n: 1});
    await log.close();
    log.write({n: 2});
    await log.close();
    expect(errors).to.deep.equal(['PATH_NOT_WRITABLE']);
    rmSync(at('log'), {recursive: true});
    log.write({n: 3});
    await log.close();
    expect(read('log')).to.equal('{"n":3}\n');
  });

  it('fails at once if the file cannot be written', function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    chmodSync(folder(), 0o500);
    expect(() => open(1000, 1))
      .to.throw()
      .with.property('code', 'PATH_NOT_WRITABLE');
    chmodSync(folder(), 0o700);
  });
});
