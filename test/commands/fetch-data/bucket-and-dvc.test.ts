import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {temporaryFolder} from '../../cli/rice.ts';
import {type BucketServer, startBucketServer} from '../../helpers/bucket-server.ts';
import {parseYaml} from '../../helpers/yaml.ts';
import {fetcher, namesIn} from './fetch.ts';
import {digestOf, type SmallDataset, writeSmallDataset} from './small-dataset.ts';

describe('rice fetch-data from a bucket', () => {
  const folder = temporaryFolder();
  const {json, failure} = fetcher(folder);
  let small: SmallDataset;
  let server: BucketServer;
  let env: Record<string, string>;
  before(async () => {
    small = await writeSmallDataset(folder());
    server = await startBucketServer();
    env = {STORAGE_EMULATOR_HOST: server.host};
    for (const path of small.paths)
      server.objects.set(`team/rice/${path}`, {content: readFileSync(join(small.folder, path))});
    server.objects.set('team/rice.tar.gz', {content: readFileSync(small.archive)});
  });
  after(() => server.close());
  const contents = () => server.requests.filter((request) => /alt=media/.test(request));

  it('fetches a folder of pictures', async () => {
    const source = ['--source', 'gs://rice-data/team/rice', '--digest', small.digest];
    const {code, address, files} = await json([...source, '--dest', 'from-folder'], env);
    expect([code, address, files]).to.deep.equal([0, 'gs://rice-data/team/rice', 20]);
    expect(digestOf(join(folder(), 'from-folder'), small.paths)).to.equal(small.digest);
  });

  it('downloads only a subset, and verifies the whole dataset by the digests that the bucket states', async () => {
    const before = contents().length;
    const source = ['--source', 'gs://rice-data/team/rice', '--digest', small.digest];
    const {code, files} = await json([...source, '--subset', '5', '--dest', 'some'], env);
    expect([code, files, contents().length - before]).to.deep.equal([0, 5, 5]);
  });

  it('fetches an archive', async () => {
    const source = ['--source', 'gs://rice-data/team/rice.tar.gz', '--digest', small.digest];
    const {code, state} = await json([...source, '--dest', 'from-archive'], env);
    expect([code, state]).to.deep.equal([0, 'fetched']);
  });

  it('lists what the bucket contains if the address does not exist', async () => {
    const {code, error} = await failure(['--source', 'gs://rice-data/team/rye', '--retries', '0'], env);
    expect([code, error.code]).to.deep.equal([2, 'DOWNLOAD_FAILED']);
    expect(error.suggestions.join()).to.include('rice');
  });
});

describe('rice fetch-data --dvc', () => {
  const folder = temporaryFolder();
  const {json, failure, run} = fetcher(folder);
  let small: SmallDataset;
  before(async () => {
    small = await writeSmallDataset(folder());
  });
  const fetch = (...args: string[]) => json(['--source', small.archive, '--digest', small.digest, '--dvc', ...args]);
  const md5 = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');

  it('tracks the dataset with DVC, with all files in the cache', async () => {
    const {code, dvc} = await fetch('--dest', 'dvc/rice');
    expect(code).to.equal(0);
    expect(dvc).to.deep.equal({
      file: join(folder(), 'dvc', 'rice.dvc'),
      cache: join(folder(), 'dvc', '.dvc', 'cache'),
      repository: join(folder(), 'dvc'),
    });
    expect(parseYaml(readFileSync(dvc!.file, 'utf8')).outs[0]).to.include({
      md5: small.digest,
      nfiles: 20,
      path: 'rice',
    });
    const objects = join(dvc!.cache, 'files', 'md5');
    const tree = join(objects, small.digest.slice(0, 2), small.digest.slice(2));
    expect(`${md5(tree)}.dir`).to.equal(small.digest);
    for (const path of small.paths) {
      const digest = md5(join(folder(), 'dvc', 'rice', path));
      const object = join(objects, digest.slice(0, 2), digest.slice(2));
      expect(md5(object)).to.equal(digest);
      if (process.platform !== 'win32') expect(statSync(object).mode & 0o777).to.equal(0o444);
    }
  });

  it('finds the dataset complete afterwards, although links changed the times of its files', async () => {
    const {state} = await json(['--source', small.archive, '--digest', small.digest, '--dest', 'dvc/rice']);
    expect(state).to.equal('complete');
  });

  it('tracks an existing dataset, and warns about files that are a problem for DVC', async () => {
    await json(['--source', small.archive, '--digest', small.digest, '--dest', 'later/rice']);
    writeFileSync(join(folder(), 'later', 'rice', 'notes.txt'), '');
    const {state, dvc, warnings} = await fetch('--dest', 'later/rice');
    expect([state, existsSync(dvc!.file)]).to.deep.equal(['complete', true]);
    expect(warnings[0]).to.match(/DVC will report .* as modified: it also contains notes\.txt/);
  });

  it('rejects an unusable repository before it fetches', async () => {
    mkdirSync(join(folder(), 'broken', '.dvc'), {recursive: true});
    writeFileSync(join(folder(), 'broken', '.dvc', 'config'), "['remote broken\n");
    const {code, error} = await failure([
      '--source',
      small.archive,
      '--digest',
      small.digest,
      '--dvc',
      '--dest',
      'broken/rice',
    ]);
    expect([code, error.code]).to.deep.equal([2, 'DVC_UNUSABLE']);
    expect(namesIn(folder(), 'broken')).to.deep.equal(['.dvc']);
  });

  it('prints the paths of the .dvc file and the cache', async () => {
    const {stdout} = await run(['--source', small.archive, '--digest', small.digest, '--dvc', '--dest', 'dvc/rice']);
    expect(stdout).to.match(/^dvc +.*rice\.dvc, cache .*\.dvc.cache$/m);
  });
});
