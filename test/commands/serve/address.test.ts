import {expect} from 'chai';
import {apiKeyFrom, listeningAddress} from '../../../src/commands/serve/address.ts';

describe('the address of rice serve', () => {
  const none = {host: undefined, port: undefined};
  const at = (flags: {host?: string; port?: number}, env: NodeJS.ProcessEnv) => {
    const {host, port} = listeningAddress({...none, ...flags}, env);
    return `${host} ${port}`;
  };

  it('is the loopback address by default', () => {
    expect(at({}, {})).to.equal('127.0.0.1 8080');
    expect(at({port: 9}, {})).to.equal('127.0.0.1 9');
    expect(at({host: '::'}, {})).to.equal(':: 8080');
    expect(at({}, {HOST: '10.0.0.1'})).to.equal('10.0.0.1 8080');
    expect(at({}, {PORT: '', HOST: ''})).to.equal('127.0.0.1 8080');
  });

  it('is 0.0.0.0 if the platform sets PORT', () => {
    expect(at({}, {PORT: '80'})).to.equal('0.0.0.0 80');
    expect(at({}, {PORT: '80', HOST: '::1'})).to.equal('::1 80');
    expect(at({host: '127.0.0.1'}, {PORT: '80'})).to.equal('127.0.0.1 80');
    expect(at({port: 0}, {PORT: '80'})).to.equal('127.0.0.1 0');
  });

  it('needs a valid port', () => {
    for (const PORT of ['http', '-1', '65536', '8.5', ' 80', '0x50'])
      expect(() => listeningAddress(none, {PORT}), PORT)
        .to.throw()
        .with.property('code', 'CONFIG_INVALID');
  });
});

describe('the API key of rice serve', () => {
  it('comes from the variable, and must not be empty', () => {
    expect(apiKeyFrom({})).to.deep.equal({});
    expect(apiKeyFrom({RICE_API_KEY: 'sesame\n'})).to.deep.equal({apiKey: 'sesame'});
    for (const RICE_API_KEY of ['', ' \n']) expect(() => apiKeyFrom({RICE_API_KEY})).to.throw('set, but empty');
  });
});
