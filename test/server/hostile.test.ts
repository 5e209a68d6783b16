import {expect} from 'chai';
import {HOSTILE_CLIENTS} from '../helpers/hostile-clients.ts';
import {metric, postPicture, type Serving, servers, until} from './serving.ts';

describe('a server among hostile clients', () => {
  const {jpegs, start} = servers();
  let server: Serving;
  before(async () => {
    server = await start(['--timeout', '2', '--log-level', 'warn']);
  });

  const answers = async () => {
    const response = await postPicture(`${server.url}/predict`, jpegs.Red);
    expect(response.status).to.equal(200);
  };

  for (const [name, client] of Object.entries(HOSTILE_CLIENTS))
    it(`rejects, and goes on: ${name}`, async () => {
      const [outcome] = await Promise.all([client(server.url, jpegs.Red), answers()]);
      // Even a client that still sends on a connection to be closed sees the error.
      expect(outcome, name).to.match(name.startsWith('100 MB') ? /^413$/ : /^(4\d\d|cut)$/);
      await answers();
    });

  it('answers other clients at the same time', async () => {
    const clients = Object.values(HOSTILE_CLIENTS);
    const busy = Promise.all([...clients, ...clients].map((client) => client(server.url, jpegs.Blue)));
    let done = false;
    void busy.then(() => {
      done = true;
    });
    while (!done) await answers();
    for (const outcome of await busy) expect(outcome).to.match(/^(4\d\d|cut|503)$/);
  });

  it('has nothing in progress or waiting afterwards, and no internal error', async () => {
    // The request for the metrics is in progress itself.
    await until(async () => (await metric(server.url, 'rice_requests_in_progress')) === 1);
    expect(await metric(server.url, 'rice_queue_depth')).to.equal(0);
    expect(await metric(server.url, 'rice_worker_restarts_total')).to.equal(0);
    expect(server.log().filter(({severity}) => severity === 'ERROR' || severity === 'CRITICAL')).to.deep.equal([]);
    const connections = new Set(server.log().map(({message}) => message));
    expect([...connections].join()).not.to.match(/ 500/);
  });
});
