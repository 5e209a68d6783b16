import {PassThrough, Readable} from 'node:stream';
import {expect} from 'chai';
import {readStandardInput} from '../../../src/prediction/sources/standard-input.ts';

describe('standard input', () => {
  const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

  it('is read to its end', async () => {
    const input = Readable.from([Buffer.from('ab'), Buffer.from('c')]);
    expect(Buffer.from(await readStandardInput({input})).toString()).to.equal('abc');
    expect(await readStandardInput({input: Readable.from([])})).to.have.length(0);
  });

  it('is rejected above the limit, without reading the rest', async () => {
    const input = new PassThrough();
    input.write('abcdef');
    expect(await failure(readStandardInput({input, limit: 5}))).to.have.property('code', 'IMAGE_TOO_LARGE');
    expect(input.destroyed).to.equal(true);
  });

  it('fails with an error code if it cannot be read', async () => {
    const input = new PassThrough();
    input.destroy(Object.assign(new Error('EISDIR: illegal operation'), {code: 'EISDIR'}));
    expect(await failure(readStandardInput({input}))).to.include({
      code: 'PATH_NOT_READABLE',
      message: 'cannot read standard input: it is a folder',
    });
  });

  it('is not waited for after an abort', async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const reading = failure(readStandardInput({input, signal: stop.signal}));
    stop.abort();
    expect(await reading).to.have.property('code');
    expect(input.destroyed).to.equal(true);
  });
});
