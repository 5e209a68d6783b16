import {hash} from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {type LoadWeightsOptions, loadWeights} from '../../src/pretrained/load-weights.ts';
import {withoutProxies} from '../helpers/environment.ts';
import {CARD, COMMIT, CONFIG, OLD_COMMIT, useHub, WEIGHTS} from './hub/hub.ts';

const SHA256 = hash('sha256', WEIGHTS);
const TAG = 'resnet18.tv_in1k';
const NAME = `timm/${TAG}`;
const UNKNOWN = 'timm/resnet18.new_in1k';

describe('the weights of a tag', () => {
  withoutProxies();
  const hub = useHub();
  let notes: string[];
  beforeEach(() => {
    notes = [];
    serve(NAME);
  });

  /** Lets the hub have a repository. `localhost` is another origin than 127.0.0.1. */
  function serve(name: string, card = CARD, more: Record<string, unknown> = {}): void {
    const {server, storage} = hub();
    const files = {
      'model.safetensors': {bytes: WEIGHTS, storage: storage.at({}, 'localhost')},
      'README.md': {bytes: Buffer.from(card)},
      'config.json': {bytes: Buffer.from(CONFIG)},
    };
    server.repositories[name] = {commits: {[COMMIT]: files}, ...more};
  }

  const load = (source: string | undefined = TAG, options: LoadWeightsOptions = {}) =>
    loadWeights('resnet18', source, {onNote: (note) => notes.push(note), ...options});

  async function failure(source?: string, options?: LoadWeightsOptions): Promise<RiceError> {
    const error = await load(source, options).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(RiceError);
    return error;
  }

  const cacheOf = (name: string) => join(hub().folder, 'hf', 'hub', `models--${name.replace('/', '--')}`);
  const asked = () => hub().server.requests.map(({url}) => url);

  it('are fetched from the hub, with what is known of them', async () => {
    const progress: [number, number][] = [];
    const {tensors, record, normalization} = await load(TAG, {onProgress: (...step) => progress.push(step)});
    expect([...tensors.keys()]).to.deep.equal(['fc.weight']);
    expect(tensors.get('fc.weight')!.data[99_999]).to.equal(99_999);
    expect(record).to.deep.equal({
      source: NAME,
      revision: COMMIT,
      license: 'bsd-3-clause',
      bytes: WEIGHTS.length,
      sha256: SHA256,
    });
    expect(normalization!.mean).to.deep.equal([0.485, 0.456, 0.406]);
    expect(progress.at(-1)).to.deep.equal([WEIGHTS.length, WEIGHTS.length]);
    expect(asked()).to.deep.equal([
      `/${NAME}/resolve/main/model.safetensors`,
      `/${NAME}/resolve/${COMMIT}/model.safetensors`,
    ]);
    expect(notes).to.deep.equal([]);
  });

  it('are stored as huggingface_hub stores them, and nowhere else', async () => {
    await load();
    expect(hub().cached(NAME)).to.deep.equal([`blobs/${SHA256}`, 'refs/main', `snapshots/${COMMIT}/model.safetensors`]);
    const link = join(cacheOf(NAME), 'snapshots', COMMIT, 'model.safetensors');
    expect(readlinkSync(link)).to.equal(join('..', '..', 'blobs', SHA256));
    expect(readFileSync(link).equals(WEIGHTS)).to.equal(true);
    expect(readFileSync(join(cacheOf(NAME), 'refs', 'main'), 'utf8')).to.equal(COMMIT);
    expect(readdirSync(join(hub().folder, 'rice', 'downloads'))).to.deep.equal([]);
  });

  it('are a file of its own where links are not possible', async () => {
    process.env.HF_HUB_DISABLE_SYMLINKS = '1';
    await load();
    const file = join(cacheOf(NAME), 'snapshots', COMMIT, 'model.safetensors');
    expect(lstatSync(file).isSymbolicLink()).to.equal(false);
    expect(readFileSync(file).equals(WEIGHTS)).to.equal(true);
    await hub().server.close();
    expect((await load()).record.sha256).to.equal(SHA256);
  });

  it('need no network the second time', async () => {
    const first = await load();
    await hub().server.close();
    expect(await load()).to.deep.equal(first);
    process.env.HF_HUB_OFFLINE = '1';
    expect(await load()).to.deep.equal(first);
    expect(hub().storage.requests).to.have.length(2);
  });

  it('that Python has fetched are found, in the folder of HF_HUB_CACHE', async () => {
    const folder = join(hub().folder, 'elsewhere', `models--${NAME.replace('/', '--')}`);
    for (const name of ['blobs', 'refs', `snapshots/${COMMIT}`]) mkdirSync(join(folder, name), {recursive: true});
    writeFileSync(join(folder, 'blobs', SHA256), WEIGHTS);
    writeFileSync(join(folder, 'refs', 'main'), COMMIT);
    symlinkSync(`../../blobs/${SHA256}`, join(folder, 'snapshots', COMMIT, 'model.safetensors'));
    process.env.HF_HUB_CACHE = join(hub().folder, 'elsewhere');
    process.env.HF_HUB_OFFLINE = 'yes';
    expect((await load()).record).to.include({sha256: SHA256, revision: COMMIT});
    expect(asked()).to.deep.equal([]);
  });

  it('without a digest in the cache are checked with that of the hub, and not fetched again', async () => {
    // Where links are not possible, Python keeps the file in the snapshot alone.
    const snapshot = join(cacheOf(NAME), 'snapshots', COMMIT);
    mkdirSync(snapshot, {recursive: true});
    mkdirSync(join(cacheOf(NAME), 'refs'));
    writeFileSync(join(snapshot, 'model.safetensors'), WEIGHTS);
    writeFileSync(join(cacheOf(NAME), 'refs', 'main'), COMMIT);
    expect((await load()).record.sha256).to.equal(SHA256);
    // Only the byte that the question was asked with.
    expect(hub().storage.requests.map(({headers}) => headers.range)).to.deep.equal(['bytes=0-0']);
  });

  it('that were damaged in the cache are fetched again', async () => {
    await load();
    const blob = join(cacheOf(NAME), 'blobs', SHA256);
    const damaged = Buffer.from(WEIGHTS);
    damaged[200_000] ^= 1;
    writeFileSync(blob, damaged);
    expect((await load()).record.sha256).to.equal(SHA256);
    expect(notes).to.have.length(1);
    expect(notes[0]).to.match(/model\.safetensors is not what the hub has; downloading it again$/);
    expect(readFileSync(blob).equals(WEIGHTS)).to.equal(true);
    writeFileSync(blob, damaged);
    process.env.HF_HUB_OFFLINE = '1';
    expect(await failure()).to.include({code: 'WEIGHTS_INVALID'});
  });

  it('cannot be had offline if they are not in the cache: the error says what to do', async () => {
    process.env.HF_HUB_OFFLINE = '1';
    const {code, message, suggestions} = await failure();
    expect(code).to.equal('WEIGHTS_NOT_FOUND');
    expect(message).to.contain(`${NAME} is not in the cache ${join(hub().folder, 'hf', 'hub')}`);
    expect(suggestions.join(' ')).to.match(/Run once without HF_HUB_OFFLINE.*resolve\/main\/model\.safetensors/);
    expect(asked()).to.deep.equal([]);
  });

  it('are fetched once if two want them', async () => {
    const [one, other] = await Promise.all([load(), load()]);
    expect(one).to.deep.equal(other);
    expect(hub().storage.requests.filter(({headers}) => headers.range === undefined)).to.have.length(1);
  });

  describe('with a token', () => {
    beforeEach(() => hub().server.tokens.push('secret'));

    it('send it to the hub, never to the storage', async () => {
      process.env.HF_TOKEN = 'secret';
      await load();
      const sent = (requests: {headers: {authorization?: string | undefined}}[]) =>
        requests.map((each) => each.headers.authorization);
      expect(sent(hub().server.requests)).to.deep.equal(['Bearer secret', 'Bearer secret']);
      expect(sent(hub().storage.requests)).to.deep.equal([undefined, undefined]);
    });

    it('may be private: the token of HF_HOME is found', async () => {
      serve(NAME, CARD, {token: 'secret'});
      expect((await failure()).code).to.equal('WEIGHTS_NOT_FOUND');
      mkdirSync(join(hub().folder, 'hf'), {recursive: true});
      writeFileSync(join(hub().folder, 'hf', 'token'), 'secret\n');
      expect((await load()).record.sha256).to.equal(SHA256);
    });

    it('that has expired are fetched without it', async () => {
      process.env.HF_TOKEN = 'expired';
      await load();
      expect(notes).to.deep.equal(['HF_TOKEN was rejected; trying without it']);
      expect(hub().server.requests.map(({headers}) => headers.authorization)).to.deep.equal([
        'Bearer expired',
        undefined,
        undefined,
      ]);
    });

    it('and terms that were not accepted are refused', async () => {
      serve(NAME, CARD, {gated: true});
      const {code, suggestions} = await failure();
      expect(code).to.equal('ACCESS_DENIED');
      expect(suggestions[0]).to.contain(`${hub().server.address}/${NAME}`).and.to.contain('HF_TOKEN');
    });
  });

  describe('that are not those the hub states', () => {
    it('are refused', async () => {
      const wrong = Buffer.from(WEIGHTS);
      wrong[300_000] ^= 1;
      hub().storage.archive = wrong;
      const {code, message} = await failure();
      expect(code).to.equal('WEIGHTS_INVALID');
      expect(message).to.contain(`the server stated ${SHA256}`);
      expect(hub().cached(NAME)).to.deep.equal([]);
    });

    it('or the catalogue knows are refused', async () => {
      serve('timm/resnet18.a1_in1k');
      const {code, message} = await failure('resnet18.a1_in1k');
      expect(code).to.equal('WEIGHTS_INVALID');
      expect(message).to.match(
        /has other weights than those known by that name: SHA-256 [0-9a-f]{64} instead of 80c49dee/,
      );
      expect(hub().storage.requests.map(({headers}) => headers.range)).to.deep.equal(['bytes=0-0']);
    });

    it('cannot be checked where it states none', async () => {
      hub().server.repositories[NAME].commits[COMMIT]['model.safetensors'].sha256 = undefined;
      expect((await failure()).message).to.contain('states no SHA-256');
    });
  });

  describe('that are not in the catalogue', () => {
    it('are fetched, with license and normalization by the model card and the configuration', async () => {
      serve(UNKNOWN);
      const first = await load('resnet18.new_in1k');
      expect(first.record).to.include({source: UNKNOWN, license: 'apache-2.0', sha256: SHA256});
      expect(first.normalization).to.deep.equal({mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]});
      await hub().server.close();
      expect(await load(UNKNOWN)).to.deep.equal(first);
      expect(
        hub()
          .cached(UNKNOWN)
          .filter((name) => name.startsWith('snapshots')),
      ).to.deep.equal(['README.md', 'config.json', 'model.safetensors'].map((file) => `snapshots/${COMMIT}/${file}`));
    });

    it('keep a text out of the cache whose digest is not that of Git', async () => {
      serve(UNKNOWN);
      hub().server.repositories[UNKNOWN].commits[COMMIT]['README.md'].etag = 'c'.repeat(40);
      expect((await load(UNKNOWN)).record.license).to.equal('apache-2.0');
      expect(
        hub()
          .cached(UNKNOWN)
          .filter((name) => name.endsWith('README.md')),
      ).to.deep.equal([]);
    });

    it('are named if nobody tells their license', async () => {
      serve(UNKNOWN, '# No front matter');
      const {record, normalization} = await load(UNKNOWN);
      expect(record).to.not.have.property('license');
      expect(normalization).to.not.equal(undefined);
      expect(notes).to.deep.equal([`the license of ${UNKNOWN} is not known: see ${hub().server.address}/${UNKNOWN}`]);
    });

    it('are used from the cache if the hub cannot be reached to tell more of them', async () => {
      serve(UNKNOWN);
      await load(UNKNOWN);
      rmSync(join(cacheOf(UNKNOWN), 'snapshots', COMMIT, 'README.md'));
      rmSync(join(cacheOf(UNKNOWN), 'snapshots', COMMIT, 'config.json'));
      const {commits} = hub().server.repositories[UNKNOWN];
      delete commits[COMMIT]['config.json'];
      commits[COMMIT]['README.md'].bytes = Buffer.alloc(1_000_001);
      const {record, normalization} = await load(UNKNOWN);
      expect([record.license, normalization]).to.deep.equal([undefined, undefined]);
    });

    it('and not on the hub are an error that names near tags', async () => {
      const {code, message, suggestions} = await failure('resnet18.tv_in1');
      expect(code).to.equal('WEIGHTS_NOT_FOUND');
      expect(message).to.contain(`${hub().server.address}/timm/resnet18.tv_in1 does not exist, is private, or has no`);
      expect(suggestions).to.deep.equal([
        'Did you mean resnet18.tv_in1k?',
        'Known tags: resnet18.a1_in1k, resnet18.a2_in1k, resnet18.a3_in1k, resnet18.gluon_in1k, resnet18.tv_in1k, ' +
          'resnet18.fb_ssl_yfcc100m_ft_in1k, resnet18.fb_swsl_ig1b_ft_in1k.',
      ]);
    });
  });

  describe('whose license forbids commercial use', () => {
    const SSL = 'resnet18.fb_ssl_yfcc100m_ft_in1k';

    it('are refused before anything is asked', async () => {
      serve(`timm/${SSL}`);
      const {code, message, suggestions} = await failure(SSL);
      expect(code).to.equal('WEIGHTS_LICENSE');
      expect(message).to.equal(`the license of timm/${SSL}, cc-by-nc-4.0, forbids commercial use`);
      expect(suggestions[0]).to.equal('Use resnet18.a1_in1k, which is under apache-2.0.');
      expect(asked()).to.deep.equal([]);
    });

    it('are fetched if that is allowed', async () => {
      serve(`timm/${SSL}`);
      const {record} = await load(SSL, {allowNonCommercial: true});
      expect(record.license).to.equal('cc-by-nc-4.0');
    });

    it('are refused by their model card before they are fetched, and again from the cache', async () => {
      serve(UNKNOWN, CARD.replace('apache-2.0', '"CC-BY-NC-SA-4.0"'));
      expect((await failure(UNKNOWN)).message).to.contain('cc-by-nc-sa-4.0, forbids');
      expect(hub().storage.requests).to.have.length(1);
      await load(UNKNOWN, {allowNonCommercial: true});
      process.env.HF_HUB_OFFLINE = '1';
      expect((await failure(UNKNOWN)).code).to.equal('WEIGHTS_LICENSE');
    });
  });

  it('follow a repository that main has left behind, in the cache as it is', async () => {
    await load();
    const {server} = hub();
    const files = server.repositories[NAME].commits[COMMIT];
    server.repositories[NAME].commits = {[COMMIT]: files, [OLD_COMMIT]: files};
    expect((await load()).record.revision).to.equal(COMMIT);
    rmSync(cacheOf(NAME), {recursive: true});
    expect((await load()).record.revision).to.equal(OLD_COMMIT);
  });

  it('cannot be kept where the cache is a file: the error names it', async () => {
    writeFileSync(join(hub().folder, 'file'), '');
    process.env.HF_HOME = join(hub().folder, 'file');
    const {code, message} = await failure();
    expect(code).to.match(/^PATH_NOT_/);
    expect(message).to.contain(join(hub().folder, 'file'));
    expect(statSync(join(hub().folder, 'file')).size).to.equal(0);
  });

  it('want a hub that answers as one', async () => {
    process.env.HF_ENDPOINT = 'ftp://hub';
    expect((await failure()).code).to.equal('CONFIG_INVALID');
    process.env.HF_ENDPOINT = hub().storage.at().replace('/archive.zip', '');
    const {message, suggestions} = await failure();
    expect(message).to.contain('does not answer as the hub does');
    expect(suggestions.at(-1)).to.equal(
      `Or download ${process.env.HF_ENDPOINT}/${NAME}/resolve/main/model.safetensors elsewhere, and name the file.`,
    );
  });
});
