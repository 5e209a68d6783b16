import type {IncomingMessage} from 'node:http';
import {PassThrough} from 'node:stream';
import {expect} from 'chai';
import {ByteBudget} from '../../../src/server/uploads/byte-budget.ts';
import {readBody} from '../../../src/server/uploads/read-body.ts';

describe('reading a body', () => {
  const open = (seconds: number) => {
    const stream = Object.assign(new PassThrough(), {headers: {}}) as unknown as PassThrough & IncomingMessage;
    const {signal} = new AbortController();
    const options = {maxBody: 1000, lease: new ByteBudget(1000).lease('a'), signal, pace: {bytes: 10, seconds}};
    return {stream, body: readBody(stream, options)};
  };

  it('ends one that has nearly arrived and then stands still', async () => {
    const {stream, body} = open(0.02);
    stream.write(Buffer.alloc(990));
    const error = await body.then(
      () => undefined,
      (reason: Error & {code: string}) => reason,
    );
    expect(error?.code).to.equal('REQUEST_TIMEOUT');
    expect(error?.message).to.equal('the body arrives too slowly: less than 10 bytes in 0.02 seconds');
  });

  it('waits for one that goes on', async () => {
    const {stream, body} = open(60);
    stream.write('abc');
    stream.end('def');
    expect(`${await body}`).to.equal('abcdef');
  });
});
