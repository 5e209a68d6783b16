import {expect} from 'chai';
import {lookupWithin, mayRedirect, zoneOf, zonesOfHost} from '../../src/common/network-zone.ts';

describe('the zone of an IP address', () => {
  for (const [zone, addresses] of Object.entries({
    loopback: ['127.0.0.1', '127.255.0.9', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    'link-local': ['169.254.169.254', 'fe80::1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'],
    private: ['10.0.0.7', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd00::1', '::ffff:10.0.0.7'],
    public: ['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '126.0.0.1', '128.0.0.1'],
  }))
    it(`is ${zone}`, () => {
      for (const address of addresses) expect(zoneOf(address), address).to.equal(zone);
    });

  it('decides where redirects may lead', () => {
    const zones = ['loopback', 'link-local', 'private', 'public'] as const;
    const allowed = zones.map((from) => [from, zones.filter((to) => mayRedirect(from, to))]);
    expect(Object.fromEntries(allowed)).to.deep.equal({
      loopback: zones,
      'link-local': ['link-local', 'public'],
      private: ['private', 'public'],
      public: ['public'],
    });
  });

  it('is found for hosts as well', async () => {
    expect(await zonesOfHost('127.0.0.1')).to.deep.equal(['loopback']);
    expect(await zonesOfHost('[::1]')).to.deep.equal(['loopback']);
    expect(new Set(await zonesOfHost('localhost'))).to.deep.equal(new Set(['loopback']));
    expect(await zonesOfHost('no such host')).to.deep.equal([]);
  });

  it('is looked at when a name is looked up for a connection', async () => {
    const look = (allowed: boolean, all: boolean) =>
      new Promise((resolve) =>
        lookupWithin(() => allowed)('localhost', {all}, (error, address) => resolve(error?.message ?? address)),
      );
    expect(await look(false, true)).to.equal('it redirects to localhost, which is in this machine');
    expect(await look(true, false)).to.be.oneOf(['127.0.0.1', '::1']);
    expect(await look(true, true)).to.be.an('array');
  });
});
