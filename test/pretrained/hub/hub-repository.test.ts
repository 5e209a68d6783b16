import {spawn} from 'node:child_process';
import {hash} from 'node:crypto';
import {once} from 'node:events';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect} from 'chai';
import {HubRepository, type HubWeightsOptions} from '../../../src/pretrained/hub/hub-repository.ts';
import {hubSettings} from '../../../src/pretrained/hub/settings.ts';
import type {Faults} from '../../helpers/archive-server.ts';
import {withoutProxies} from '../../helpers/environment.ts';
import {COMMIT, OLD_COMMIT, useHub, WEIGHTS} from './hub.ts';

const SHA256 = hash('sha256', WEIGHTS);
const NAME = 'timm/resnet18.tv_in1k';
const OTHER = Buffer.from('other weights');

describe('a repository of the hub', () => {
  withoutProxies();
  const hub = useHub();
  let notes: string[];
  beforeEach(() => {
    notes = [];
  });

  function serve(faults: Faults, commits = [COMMIT]): void {
    const storage = hub().storage.at(faults, 'localhost');
    const entries = commits.map((commit) => [commit, {'model.safetensors': {bytes: WEIGHTS, storage}}]);
    hub().server.repositories[NAME] = {commits: Object.fromEntries(entries)};
  }

  const weights = (options: Partial<HubWeightsOptions> = {}) =>
    new HubRepository(NAME, hubSettings(), {
      largest: 1e6,
      signal: new AbortController().signal,
      onNote: (note) => notes.push(note),
      pause: async () => {},
      ...options,
    }).weights(async () => {});

  it('continues a download after a broken connection, whose token is not sent on', async () => {
    serve({cut: 150_000});
    expect((await weights()).bytes.equals(WEIGHTS)).to.equal(true);
    const ranges = hub().storage.requests.map(({headers}) => headers.range);
    expect(ranges).to.deep.equal(['bytes=0-0', undefined, 'bytes=150000-', 'bytes=300000-']);
    expect(notes).to.have.length(2);
    expect(notes[0]).to.contain('broke; retrying in');
  });

  it('is asked again after a temporary error of the storage', async () => {
    serve({status: 503, times: 2});
    expect((await weights()).sha256).to.equal(SHA256);
    expect(notes[0]).to.match(/answered 503; retrying/);
  });

  it('gives the known revision if main has other weights, and does not call it main', async () => {
    serve({}, [OLD_COMMIT]);
    const {commits} = hub().server.repositories[NAME];
    commits[COMMIT] = {'model.safetensors': {bytes: OTHER, storage: hub().storage.at({}, 'localhost')}};
    const found = await weights({expected: {revision: OLD_COMMIT, sha256: SHA256}});
    expect([found.revision, found.sha256]).to.deep.equal([OLD_COMMIT, SHA256]);
    expect(hub().cached(NAME)).to.deep.equal([`blobs/${SHA256}`, `snapshots/${OLD_COMMIT}/model.safetensors`]);
    // From the cache, although main is another commit.
    await hub().server.close();
    expect((await weights({expected: {revision: OLD_COMMIT, sha256: SHA256}})).revision).to.equal(OLD_COMMIT);
  });

  it('is not taken for one that does not exist if the storage fails', async () => {
    serve({status: 404});
    const error = await weights().catch((thrown) => thrown);
    expect(error).to.include({code: 'DOWNLOAD_FAILED'});
    expect(error.message).to.contain('404: the file does not exist');
  });

  it('refuses more bytes than weights have', async () => {
    serve({});
    const error = await weights({largest: 100_000}).catch((thrown) => thrown);
    expect(error).to.include({code: 'WEIGHTS_INVALID'});
    expect(error.suggestions.join()).to.not.contain('max-unpacked');
  });

  it('names a page in place of the weights', async () => {
    serve({page: 'Maintenance'});
    const error = await weights().catch((thrown) => thrown);
    expect(error).to.include({code: 'DOWNLOAD_FAILED'});
    expect(error.message).to.contain('Maintenance');
  });

  it('keeps what it has when it is stopped, and ends with the reason', async () => {
    serve({slow: 5});
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = (done: number) => done > 100_000 && stop.abort(reason);
    expect(await weights({signal: stop.signal, onProgress}).catch((thrown) => thrown)).to.equal(reason);
    expect((await weights()).sha256).to.equal(SHA256);
    expect(Number(/^bytes=(\d+)-$/.exec(hub().storage.requests.at(-1)!.headers.range!)![1])).to.be.above(100_000);
  });

  it('keeps what it has when its process is killed, and two that follow fetch the rest once', async () => {
    serve({slow: 10});
    const first = load();
    await first.until((line) => /^progress [1-9]\d{5}/.test(line));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const [second, third] = [load(), load()];
    const [one, other] = await Promise.all([second.lines(), third.lines()]);
    expect([one.at(-1), other.at(-1)]).to.deep.equal([`ready ${SHA256}`, `ready ${SHA256}`]);
    // Whoever comes second waits, or finds it in the cache.
    const resumed = hub().storage.requests.filter(({headers}) => /^bytes=[1-9]/.test(headers.range ?? ''));
    expect(resumed).to.have.length(1);
    const snapshot = join(hub().folder, 'hf/hub/models--timm--resnet18.tv_in1k/snapshots', COMMIT, 'model.safetensors');
    expect(readFileSync(snapshot).equals(WEIGHTS)).to.equal(true);
    expect(statSync(snapshot).size).to.equal(WEIGHTS.length);
  });

  function load() {
    const script = join(import.meta.dirname, 'load-child.ts');
    const child = spawn(process.execPath, ['--import=tsx', script, 'resnet18', 'resnet18.tv_in1k'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({input: child.stdout});
    return {
      child,
      async until(wanted: (line: string) => boolean) {
        for await (const line of lines) if (wanted(line)) return;
        throw new Error('the process ended');
      },
      async lines() {
        const all: string[] = [];
        for await (const line of lines) all.push(line);
        return all;
      },
    };
  }
});
