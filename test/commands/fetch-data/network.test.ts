import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect} from 'chai';
import {startRice, temporaryFolder} from '../../cli/rice.ts';
import {type ArchiveServer, type Faults, startArchiveServer} from '../../helpers/archive-server.ts';
import {startProxyServer} from '../../helpers/proxy-server.ts';
import {fetcher, namesIn} from './fetch.ts';
import {digestOf, type SmallDataset, writeSmallDataset} from './small-dataset.ts';

describe('rice fetch-data over the network', () => {
  const folder = temporaryFolder();
  const {environment, run, json, failure} = fetcher(folder);
  let small: SmallDataset;
  let server: ArchiveServer;
  before(async () => {
    small = await writeSmallDataset(folder(), 600_000);
  });
  beforeEach(async () => {
    server = await startArchiveServer(readFileSync(small.archive));
  });
  afterEach(() => server.close());

  const from = (faults: Faults = {}, host?: string) => ['--source', server.at(faults, host), '--digest', small.digest];
  const downloads = () => {
    const place = join(folder(), 'cache', 'downloads');
    return existsSync(place) ? namesIn(place) : [];
  };
  const isWhole = (dest: string) => digestOf(join(folder(), dest), small.paths) === small.digest;

  it('downloads an archive, and leaves nothing of it in the cache', async () => {
    const {code, state, address, warnings} = await json([...from(), '--dest', 'plain']);
    expect([code, state, warnings]).to.deep.equal([0, 'fetched', []]);
    expect(address).to.equal(server.at());
    expect(isWhole('plain')).to.equal(true);
    expect(downloads()).to.deep.equal([]);
  });

  it('records no signature and no password', async () => {
    const address = server.at({tag: 'weak'}).replace('http://', 'http://ada:secret@');
    const {code, stdout, stderr} = await run(['--source', address, '--digest', small.digest, '--dest', 'signed/rice']);
    expect(code).to.equal(0);
    const written = readFileSync(join(folder(), 'signed', 'dataset.json'), 'utf8');
    for (const text of [stdout, stderr, written]) expect(text).to.not.match(/secret|tag=weak/);
    expect(server.requests[0].headers.authorization).to.equal(`Basic ${btoa('ada:secret')}`);
  });

  it('recovers from server faults', async () => {
    for (const [index, faults] of [
      {status: 429, times: 1, after: '1'},
      {status: 503, times: 1},
      {cut: 300_000},
      {stall: 300_000, times: 1},
    ].entries()) {
      const {code, warnings} = await json([...from(faults), '--dest', `bad-${index}`, '--timeout', '1']);
      expect(code, JSON.stringify(faults)).to.equal(0);
      expect(warnings.join(), JSON.stringify(faults)).to.match(/retrying/);
      expect(isWhole(`bad-${index}`)).to.equal(true);
    }
  });

  it('does not send credentials to the target of a redirect', async () => {
    const storage = await startArchiveServer(readFileSync(small.archive));
    try {
      const to = storage.at({}, 'localhost');
      const env = {
        KAGGLE_API_ENDPOINT: `http://127.0.0.1:${server.port}`,
        KAGGLE_USERNAME: 'ada',
        KAGGLE_KEY: 'secret',
        NO_PROXY: '*',
      };
      server.archive = Buffer.from('');
      const address = server.at({to}).replace('http://', 'http://ada:secret@');
      const {code} = await json(['--source', address, '--digest', small.digest, '--dest', 'moved'], env);
      expect(code).to.equal(0);
      expect(server.requests[0].headers.authorization).to.be.a('string');
      expect(storage.requests.map(({headers}) => headers.authorization)).to.deep.equal([undefined]);
    } finally {
      await storage.close();
    }
  });

  it('tries the sources in order: Kaggle with its usual credentials, then Hugging Face', async () => {
    const hub = await startArchiveServer(readFileSync(small.archive));
    server.archive = Buffer.from('<!DOCTYPE html><title>Sign in to Kaggle</title>');
    try {
      const {code, source, warnings} = await json(['--digest', small.digest, '--dest', 'second-source'], {
        KAGGLE_API_ENDPOINT: `http://127.0.0.1:${server.port}`,
        KAGGLE_USERNAME: 'ada',
        KAGGLE_KEY: 'key',
        HF_ENDPOINT: `http://127.0.0.1:${hub.port}`,
        HF_TOKEN: 'token',
      });
      expect([code, source]).to.deep.equal([0, 'huggingface']);
      expect(server.requests[0].url).to.equal(
        '/api/v1/datasets/download/muratkokludataset/rice-image-dataset?dataset_version_number=1',
      );
      expect(server.requests[0].headers.authorization).to.equal(`Basic ${btoa('ada:key')}`);
      expect(hub.requests[0].url).to.equal('/datasets/nateraw/rice-image-dataset/resolve/main/rice-image-dataset.zip');
      expect(hub.requests[0].headers.authorization).to.equal('Bearer token');
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/^Kaggle: .*web page.*Sign in to Kaggle/);
    } finally {
      await hub.close();
    }
  });

  it('retries without credentials if they are rejected', async () => {
    const refusing = await startArchiveServer(readFileSync(small.archive));
    try {
      // A server that rejects every request with credentials.
      const {code, source, warnings} = await json(
        ['--source', 'huggingface', '--digest', small.digest, '--dest', 'anonymous', '--retries', '0'],
        {HF_ENDPOINT: `http://127.0.0.1:${refusing.port}/refuses-authorization`, HF_TOKEN: 'expired'},
      );
      expect([code, source]).to.deep.equal([0, 'huggingface']);
      expect(warnings).to.deep.equal(['HF_TOKEN was rejected; trying without credentials']);
    } finally {
      await refusing.close();
    }
  });

  it('names every failed source and the reason', async () => {
    const {code, error} = await failure(
      [...from({status: 404}), '--source', server.at({page: 'Log in'}), '--source', server.at({hash: 'wrong'})],
      {},
    );
    expect([code, error.code]).to.deep.equal([2, 'SOURCE_UNAVAILABLE']);
    expect(error.message).to.match(/404.*; .*Log in.*; .*MD5/s);
    expect(downloads()).to.deep.equal([]);
  });

  it('gives the reason if a single source fails', async () => {
    expect((await failure(from({status: 403}))).error.code).to.equal('ACCESS_DENIED');
    expect((await failure(from({status: 404}))).error.code).to.equal('DOWNLOAD_FAILED');
    expect((await failure(from({page: 'Log in'}))).error.code).to.equal('ARCHIVE_UNSUPPORTED');
    server.archive = readFileSync(small.archive).subarray(0, 300_000);
    expect((await failure(from())).error.code).to.equal('ARCHIVE_DAMAGED');
    expect(downloads()).to.deep.equal([]);
  });

  it('goes through a proxy', async () => {
    const proxy = await startProxyServer();
    try {
      const {code} = await json([...from(), '--dest', 'proxied'], {http_proxy: proxy.address});
      expect(code).to.equal(0);
      expect(proxy.requests.map(({line}) => line)).to.deep.equal([`GET ${server.at()}`]);
    } finally {
      await proxy.close();
    }
  });

  const partSize = () => {
    const keys = downloads().filter((name) => !name.endsWith('.lock'));
    const parts = keys.map((key) => join(folder(), 'cache', 'downloads', key, 'archive.part'));
    return Math.max(0, ...parts.map((part) => statSync(part, {throwIfNoEntry: false})?.size ?? 0));
  };

  /** Starts a slow download, and waits until a part of it has arrived. */
  async function startSlow(dest: string) {
    const args = [...from({slow: 100}), '--dest', dest];
    const running = startRice(['fetch-data', ...args], {cwd: folder(), env: environment()});
    while (partSize() < 100_000 && running.child.exitCode === null) await sleep(20);
    return {args, ...running};
  }

  it('resumes the download after a kill', async () => {
    const {args, child, ended} = await startSlow('killed/rice');
    child.kill('SIGKILL');
    await ended;
    expect(namesIn(folder(), 'killed').filter((name) => !name.endsWith('.lock'))).to.deep.equal([]);
    const {code, state} = await json(args);
    expect([code, state]).to.deep.equal([0, 'fetched']);
    expect(server.requests).to.have.length(2);
    expect(Number(/^bytes=(\d+)-$/.exec(server.requests[1].headers.range ?? '')?.[1])).to.be.at.least(100_000);
    expect(namesIn(folder(), 'killed')).to.deep.equal(['dataset.json', 'rice']);
    expect(downloads()).to.deep.equal([]);
  });

  it('stops on Ctrl-C, keeps the partial download, and says how to continue', async () => {
    const {args, child, ended} = await startSlow('stopped/rice');
    child.kill('SIGINT');
    const {code, stdout, stderr} = await ended;
    expect([code, stdout]).to.deep.equal([130, '']);
    expect(stderr).to.match(/stopping.*Error FETCH_INTERRUPTED/s);
    expect(existsSync(join(folder(), 'stopped'))).to.equal(false);
    expect((await json(args)).code).to.equal(0);
    expect(server.requests[1].headers.range).to.match(/^bytes=\d{6}-$/);
  });

  it('waits for another process that fetches to the same folder, and uses its result', async () => {
    const first = await startSlow('shared/rice');
    const second = await json(first.args);
    expect((await first.ended).code).to.equal(0);
    expect([second.code, second.state]).to.deep.equal([0, 'complete']);
    expect(second.warnings[0]).to.match(/^waiting for .*, which is also fetching to .*shared.rice/);
    expect(server.requests).to.have.length(1);
  });
});

describe('rice fetch-data killed while it unpacks', () => {
  const folder = temporaryFolder();
  const {environment, json} = fetcher(folder);

  it('leaves no dataset folder, and the next run removes the remains', async () => {
    const small = await writeSmallDataset(folder());
    const place = join(folder(), 'place');
    mkdirSync(place);
    const args = ['--source', small.folder, '--digest', small.digest, '--dest', join(place, 'rice')];
    for (let tries = 0; tries < 5; tries++) {
      const {child, ended} = startRice(['fetch-data', ...args], {cwd: folder(), env: environment()});
      for (let found = false; !found && child.exitCode === null; await sleep(1))
        found = readdirSync(place).some((name) => name.includes('.tmp-'));
      child.kill('SIGKILL');
      await ended;
      const rice = namesIn(place).filter((name) => name === 'rice');
      if (rice.length > 0) expect(digestOf(join(place, 'rice'), small.paths)).to.equal(small.digest);
    }
    writeFileSync(join(place, 'mine.txt'), 'mine');
    const {code} = await json(args);
    expect(code).to.equal(0);
    expect(namesIn(place)).to.deep.equal(['dataset.json', 'mine.txt', 'rice']);
  });
});
