import {expect} from 'chai';
import {type RawClient, rawClient} from '../raw-client.ts';
import {metric, type Serving, servers, until} from '../serving.ts';

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`;

describe('requests sent ahead on a connection', () => {
  const {start} = servers();
  let server: Serving;
  const clients: RawClient[] = [];
  before(async () => {
    server = await start();
  });
  after(() => {
    for (const {socket} of clients) socket.destroy();
  });
  const connect = () => {
    const client = rawClient(server.url);
    clients.push(client);
    return client;
  };

  it('are answered in their order', async () => {
    const {socket, ended} = connect();
    const paths = Array.from({length: 60}, (_, i) => (i % 2 ? '/livez' : '/v2/health/live'));
    socket.write(paths.map((path) => get(path)).join('') + get('/v2', 'connection: close\r\n'));
    const bodies = [...(await ended).matchAll(/^\{"(\w+)":/gm)].map(([, key]) => key);
    expect(bodies).to.deep.equal([...paths.map((path) => (path === '/livez' ? 'status' : 'live')), 'name']);
  });

  it('are not begun before the answers are taken: 20 clients ask 2,000 times each, and read nothing', async () => {
    for (let i = 0; i < 20; i++) {
      const {socket} = connect();
      socket.pause();
      socket.write(get('/metrics').repeat(2000));
    }
    for (let i = 0; i < 20; i++) {
      expect((await fetch(`${server.url}/livez`)).status).to.equal(200);
      expect(await metric(server.url, 'rice_requests_in_progress')).to.be.at.most(21);
    }
  });

  it('are answered up to a number, and the connection then ends', async () => {
    const {socket, received, ended} = connect();
    socket.write(get('/livez').repeat(500));
    const answers = (await ended).match(/HTTP\/1\.1 200 /g)!;
    expect(answers.length).to.be.within(100, 102);
    expect(received()).to.match(/connection: close\r\n/i);
  });

  it('do not keep a body that follows from being read', async () => {
    const {socket, received} = connect();
    socket.write(`${get('/livez')}POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc`);
    await until(() => received().includes('"ok"'));
    socket.write(`defghij${get('/v2', 'connection: close\r\n')}`);
    await until(() => received().includes('"extensions"'));
    expect(received()).to.match(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 415 [\s\S]*HTTP\/1\.1 200 /);
  });
});
