import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {Retries, RetryableError, type RetryOptions} from '../../../src/fetching/download/retry.ts';

const NAME = 'http://127.0.0.1/archive.zip';

describe('retries', () => {
  /** Fails the given number of times in a row; returns the waits in seconds, and the final error. */
  async function fail(times: number, options: Partial<RetryOptions> = {}, error = new RetryableError('it broke')) {
    const waits: number[] = [];
    const notices: string[] = [];
    const retries = new Retries({
      name: NAME,
      random: () => 1,
      pause: async (seconds) => void waits.push(seconds),
      onNotice: (message) => notices.push(message),
      ...options,
    });
    let thrown: unknown;
    for (let i = 0; i < times && thrown === undefined; i++) thrown = await retries.wait(error).catch((e) => e);
    return {waits, notices, thrown: thrown as RiceError | undefined};
  }

  it('double the wait each time, up to 30 s', async () => {
    expect((await fail(8, {retries: 8})).waits).to.deep.equal([1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it('wait a random part of that', async () => {
    expect((await fail(3, {random: () => 0.25})).waits).to.deep.equal([0.25, 0.5, 1]);
  });

  it('happen five times, and then the last reason is thrown', async () => {
    const {waits, thrown} = await fail(6);
    expect(waits).to.have.length(5);
    expect(thrown).to.be.instanceOf(RiceError).and.include({code: 'DOWNLOAD_FAILED'});
    expect(thrown!.message).to.equal(`cannot fetch ${NAME}: it broke (tried 6 times)`);
    expect((thrown!.cause as Error).message).to.equal('it broke');
  });

  it('can be turned off', async () => {
    const {waits, thrown} = await fail(1, {retries: 0});
    expect(waits).to.deep.equal([]);
    expect(thrown!.message).to.equal(`cannot fetch ${NAME}: it broke`);
  });

  it('start from the beginning after a success', async () => {
    const waits: number[] = [];
    const pause = async (seconds: number) => void waits.push(seconds);
    const retries = new Retries({name: NAME, retries: 2, random: () => 1, pause});
    for (let i = 0; i < 3; i++) {
      await retries.wait(new RetryableError('it broke'));
      retries.reset();
    }
    expect(waits).to.deep.equal([1, 1, 1]);
  });

  it('wait as long as the server requests, up to two minutes', async () => {
    const {waits, notices} = await fail(1, {}, new RetryableError('too busy', {retryAfter: 119.5}));
    expect(waits).to.deep.equal([119.5]);
    expect(notices).to.deep.equal(['too busy; retrying in 120 s (1 of 5)']);
    const later = await fail(1, {}, new RetryableError('too busy', {retryAfter: 3600}));
    expect(later.waits).to.deep.equal([]);
    expect(later.thrown!.message).to.equal(`cannot fetch ${NAME}: too busy and asks to retry after 3600 s`);
  });

  it('do not wait after an abort', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const retries = new Retries({name: NAME, signal: stop.signal, random: () => 1});
    const waiting = retries.wait(new RetryableError('it broke', {retryAfter: 100})).catch((error) => error);
    stop.abort(reason);
    expect(await waiting).to.equal(reason);
  });
});
