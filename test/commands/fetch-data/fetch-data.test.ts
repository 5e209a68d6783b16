import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {writeZip, type ZipEntry} from '../../helpers/zip-writer.ts';
import {fetcher, namesIn} from './fetch.ts';
import {digestOf, LABELS, type SmallDataset, writeSmallDataset} from './small-dataset.ts';

describe('rice fetch-data', () => {
  const folder = temporaryFolder();
  const {environment, run, json, failure} = fetcher(folder);
  let small: SmallDataset;
  before(async () => {
    small = await writeSmallDataset(folder());
  });
  const expected = () => ['--source', small.archive, '--digest', small.digest];

  it('unpacks an archive, verifies it, and describes it', async () => {
    const {code, warnings, ...document} = await json([...expected(), '--dest', 'one/rice']);
    expect([code, warnings]).to.deep.equal([0, []]);
    expect(document).to.include({
      state: 'fetched',
      source: small.archive,
      address: small.archive,
      path: join(folder(), 'one', 'rice'),
      files: 20,
      digest: small.digest,
      verified: true,
    });
    expect(document.labels).to.deep.equal(Object.fromEntries(LABELS.map((label) => [label, 4])));
    expect(document.duplicates).to.deep.equal([['Ipsala/Ipsala (1).jpg', 'Ipsala/Ipsala (4).jpg']]);
    expect(document.citations[0]).to.match(/Koklu.*2021.*187, 106285/);
    expect(namesIn(folder(), 'one')).to.deep.equal(['dataset.json', 'rice']);
    expect(namesIn(folder(), 'one', 'rice')).to.deep.equal(LABELS);
    for (const path of small.paths)
      expect(readFileSync(join(folder(), 'one', 'rice', path)).equals(readFileSync(join(small.folder, path)))).to.equal(
        true,
      );
  });

  it('writes the record of the dataset beside it', () => {
    const {format, datasets} = JSON.parse(readFileSync(join(folder(), 'one', 'dataset.json'), 'utf8'));
    expect([format, Object.keys(datasets)]).to.deep.equal([1, ['rice']]);
    expect(datasets.rice).to.include({source: small.archive, digest: small.digest, files: 20, verified: 'expected'});
    expect(datasets.rice.licence).to.equal('CC0-1.0');
    expect(Math.abs(Date.now() - Date.parse(datasets.rice.date))).to.be.lessThan(600_000);
  });

  it('finds the existing dataset the second time, without a source', async () => {
    const {code, state, source, digest, duplicates} = await json([
      '--source',
      'http://127.0.0.1:9/none.zip',
      '--retries',
      '0',
      '--digest',
      small.digest,
      '--dest',
      'one/rice',
    ]);
    expect([code, state, source, digest]).to.deep.equal([0, 'complete', small.archive, small.digest]);
    expect(duplicates).to.have.length(1);
  });

  it('prints what it did, what to cite and the next command', async () => {
    const {code, stdout, stderr} = await run([...expected(), '--dest', 'for people']);
    expect([code, stderr]).to.deep.equal([0, `fetching from ${small.archive} (on this machine)\n`]);
    expect(stdout).to.match(/^fetched {5}for people\npictures {4}20, .*: Arborio 4, Basmati 4, Ipsala 4/);
    expect(stdout).to.include('1 exact copy of other pictures, all in Ipsala');
    expect(stdout).to.match(/The authors ask you to cite:\nKoklu, M/);
    expect(stdout).to.match(/rice train 'for people'\n$/);
    const again = await run([...expected(), '--dest', 'for people', '--quiet']);
    expect([again.code, again.stderr]).to.deep.equal([0, '']);
    expect(again.stdout).to.match(/^complete .* already exists\n/);
  });

  it('fetches to data/Rice_Image_Dataset, where rice train looks', async () => {
    const {stdout} = await run(expected());
    expect(stdout).to.match(/Train on it: rice train\n$/);
    expect(namesIn(folder(), 'data')).to.deep.equal(['Rice_Image_Dataset', 'dataset.json']);
  });

  it('takes a folder, also inside a wrapper folder', async () => {
    const source = ['--source', join(folder(), 'original'), '--digest', small.digest];
    const {state, digest} = await json([...source, '--dest', 'copy']);
    expect([state, digest]).to.deep.equal(['fetched', small.digest]);
    expect(digestOf(join(folder(), 'copy'), small.paths)).to.equal(small.digest);
  });

  it('uses an earlier download of kagglehub', async () => {
    const versions = join(folder(), 'hub', 'datasets', 'muratkokludataset', 'rice-image-dataset', 'versions');
    mkdirSync(versions, {recursive: true});
    symlinkSync(join(folder(), 'original'), join(versions, '1'));
    const {source, state} = await json(['--digest', small.digest, '--dest', 'from-hub'], {
      KAGGLEHUB_CACHE: join(folder(), 'hub'),
    });
    expect([source, state]).to.deep.equal(['kagglehub', 'fetched']);
  });

  describe('if the verification fails', () => {
    it('writes no dataset, names what is missing, and exits with 1', async () => {
      const {code, ...document} = await json(['--source', small.archive, '--dest', 'unproved/rice']);
      expect(code).to.equal(1);
      expect(document).to.include({state: 'unproved', verified: false, path: null, digest: small.digest});
      expect(document.expected).to.equal('the published Rice Image Dataset');
      expect(document.differences.missing).to.have.length(75_000 - 20);
      expect(document.differences.missing).to.include('Basmati/basmati (15000).jpg');
      expect(document.differences.extra).to.deep.equal([]);
      expect(document.differentLabels).to.deep.equal(LABELS);
      expect(existsSync(join(folder(), 'unproved'))).to.equal(false);
    });

    it('says so in the text', async () => {
      const {code, stdout} = await run(['--source', small.archive, '--dest', 'unproved']);
      expect(code).to.equal(1);
      expect(stdout).to.match(/^not verified {2}.*rice\.tar\.gz is not the published Rice Image Dataset\n/);
      expect(stdout).to.include('74,980 missing\n  Arborio/Arborio (10).jpg');
      expect(stdout).to.include('and 74,970 more (--json lists all)');
    });

    it('tries the next source', async () => {
      const sources = ['--source', small.folder, '--source', small.archive];
      rmSync(join(small.folder, 'Jasmine', 'Jasmine (2).jpg'));
      try {
        const {code, source, warnings} = await json([...sources, '--digest', small.digest, '--dest', 'second']);
        expect([code, source]).to.deep.equal([0, small.archive]);
        expect(warnings).to.deep.equal([`${small.folder} does not have the dataset that was expected`]);
      } finally {
        writeFileSync(
          join(small.folder, 'Jasmine', 'Jasmine (2).jpg'),
          readFileSync(join(folder(), 'second', 'Jasmine', 'Jasmine (2).jpg')),
        );
      }
    });
  });

  describe('a selection', () => {
    it('takes a balanced subset, the same for the same seed', async () => {
      const choose = (seed: string, dest: string) =>
        json([...expected(), '--subset', '10', '--seed', seed, '--dest', dest]);
      const first = await choose('7', 'subset-1');
      expect(first).to.include({state: 'fetched', files: 10, verified: true});
      expect(first.subset).to.deep.equal({count: 10, seed: 7});
      expect(first.labels).to.deep.equal(Object.fromEntries(LABELS.map((label) => [label, 2])));
      expect((await choose('7', 'subset-2')).digest).to.equal(first.digest);
      expect((await choose('8', 'subset-3')).digest).to.not.equal(first.digest);
      const again = await choose('7', 'subset-1');
      expect([again.state, again.digest]).to.deep.equal(['complete', first.digest]);
      const other = await failure([...expected(), '--subset', '10', '--seed', '8', '--dest', 'subset-1']);
      expect(other.error.message).to.include('it is a subset of 10 pictures (seed 7)');
    });

    it('takes some labels only, in any letter case, and verifies the whole source', async () => {
      const choice = ['--digest', small.digest, '--labels', 'jasmine,Basmati', '--dest', 'labels'];
      const {files, labels, warnings, expected} = await json(['--source', small.archive, ...choice]);
      expect([files, labels, warnings]).to.deep.equal([8, {Basmati: 4, Jasmine: 4}, []]);
      expect(expected).to.equal('jasmine, Basmati of the dataset that was expected');
      expect(namesIn(folder(), 'labels')).to.deep.equal(['Basmati', 'Jasmine']);
      expect((await json(choice)).state).to.equal('complete');
      expect((await json(['--verify', 'labels'])).code).to.equal(0);
      expect((await json(['--verify', 'labels', '--digest', small.digest])).code).to.equal(0);
      const other = await json(['--source', small.archive, '--labels', 'jasmine', '--dest', 'other']);
      expect([other.code, other.expected]).to.deep.equal([1, 'Jasmine of the published Rice Image Dataset']);
    });

    it('rejects an unknown label, and suggests the nearest', async () => {
      const {code, error} = await failure(['--source', small.archive, '--labels', 'Basmatti']);
      expect([code, error.code]).to.deep.equal([2, 'USAGE']);
      expect(error.suggestions).to.deep.equal(['Did you mean Basmati?']);
    });
  });

  describe('if the folder exists', () => {
    const dest = () => join(folder(), 'there');

    it('replaces another dataset only with --force', async () => {
      mkdirSync(join(dest(), 'Arborio'), {recursive: true});
      writeFileSync(join(dest(), 'Arborio', 'mine.jpg'), 'mine');
      const {code, error} = await failure([...expected(), '--dest', dest()]);
      expect([code, error.code]).to.deep.equal([2, 'DATASET_EXISTS']);
      expect(error.suggestions[0]).to.include('--force');
      expect(readFileSync(join(dest(), 'Arborio', 'mine.jpg'), 'utf8')).to.equal('mine');
      const {state} = await json([...expected(), '--dest', dest(), '--force']);
      expect(state).to.equal('fetched');
      expect(digestOf(dest(), small.paths)).to.equal(small.digest);
      expect(existsSync(join(dest(), 'Arborio', 'mine.jpg'))).to.equal(false);
    });

    it('keeps the old dataset if the new one fails verification', async () => {
      const {code} = await json(['--source', small.archive, '--dest', dest(), '--force']);
      expect(code).to.equal(1);
      expect(digestOf(dest(), small.paths)).to.equal(small.digest);
    });

    it('never replaces a folder that is not a dataset', async () => {
      mkdirSync(join(folder(), 'home-like', 'documents'), {recursive: true});
      writeFileSync(join(folder(), 'home-like', 'documents', 'thesis.txt'), 'years of work');
      const {error} = await failure([...expected(), '--dest', 'home-like', '--force']);
      expect(error.code).to.equal('DATASET_EXISTS');
      expect(error.message).to.include('is not a dataset');
      expect(namesIn(folder(), 'home-like', 'documents')).to.deep.equal(['thesis.txt']);
      writeFileSync(join(folder(), 'a-file'), '');
      expect((await failure([...expected(), '--dest', 'a-file', '--force'])).error.code).to.equal('DATASET_EXISTS');
    });

    it('does not replace a dataset with other files in its folder', async () => {
      const project = join(folder(), 'project');
      for (const [path, what] of [
        ['thesis.txt', /thesis\.txt/],
        ['.git/config', /\.git/],
        ['photos/me.jpg', /photos/],
        ['Arborio/notes.txt', /Arborio.notes\.txt/],
      ] as const) {
        rmSync(project, {recursive: true, force: true});
        mkdirSync(join(project, 'Arborio'), {recursive: true});
        writeFileSync(join(project, 'Arborio', '1.jpg'), 'a picture');
        mkdirSync(dirname(join(project, path)), {recursive: true});
        writeFileSync(join(project, path), 'work');
        const {error} = await failure([...expected(), '--dest', project, '--force']);
        expect(error.code).to.equal('DATASET_EXISTS');
        expect(error.message).to.match(what);
        expect(readFileSync(join(project, path), 'utf8')).to.equal('work');
      }
    });

    it('does not replace the current folder, nor the folder of its source', async () => {
      const place = join(folder(), 'inside');
      mkdirSync(join(place, 'Arborio'), {recursive: true});
      writeFileSync(join(place, 'Arborio', '1.jpg'), 'a picture');
      const inside = await failure(['--source', join(place, 'Arborio'), '--dest', place, '--force']);
      expect(inside.error.message).to.include('is in it');
      const {code, stdout} = await rice(['fetch-data', ...expected(), '--dest', '..', '--force', '--json'], {
        cwd: join(place, 'Arborio'),
        env: environment(),
      });
      expect([code, JSON.parse(stdout).error.code]).to.deep.equal([2, 'DATASET_EXISTS']);
      expect(namesIn(place, 'Arborio')).to.deep.equal(['1.jpg']);
    });

    it('finishes a replacement that a kill interrupted', async () => {
      renameSync(dest(), join(folder(), 'there.replaced-0123abcd'));
      expect((await json([...expected(), '--dest', dest(), '--dvc'])).state).to.equal('complete');
      expect(existsSync(join(folder(), 'there.replaced-0123abcd'))).to.equal(false);
    });

    it('writes nothing if the dataset is complete', async function () {
      if (process.platform === 'win32' || process.getuid?.() === 0) return this.skip();
      const place = join(folder(), 'read-only');
      await json([...expected(), '--dest', join(place, 'rice')]);
      chmodSync(place, 0o555);
      try {
        expect((await json([...expected(), '--dest', join(place, 'rice')])).state).to.equal('complete');
      } finally {
        chmodSync(place, 0o755);
      }
    });

    it('follows a link to a folder', async () => {
      mkdirSync(join(folder(), 'elsewhere', 'empty'), {recursive: true});
      symlinkSync(join(folder(), 'elsewhere', 'empty'), join(folder(), 'link'));
      const {path} = await json([...expected(), '--dest', 'link']);
      expect(path).to.equal(join(folder(), 'elsewhere', 'empty'));
      symlinkSync('nowhere', join(folder(), 'broken'));
      expect((await failure([...expected(), '--dest', 'broken'])).error.code).to.equal('PATH_NOT_FOUND');
    });

    it('fills an empty folder', async () => {
      mkdirSync(join(folder(), 'empty'));
      expect((await json([...expected(), '--dest', 'empty'])).state).to.equal('fetched');
    });

    it('notices later changes, even with the same size and modification time', async () => {
      const args = [...expected(), '--dest', dest()];
      expect((await json(args)).state).to.equal('complete');
      expect((await json(args)).state).to.equal('complete');
      const path = join(dest(), 'Karacadag', 'Karacadag (3).jpg');
      const {atime, mtime} = statSync(path);
      const bytes = readFileSync(path);
      bytes[bytes.length - 30] ^= 1;
      writeFileSync(path, bytes);
      utimesSync(path, atime, mtime);
      expect((await failure(args)).error.code).to.equal('DATASET_EXISTS');
    });
  });

  describe('--verify', () => {
    const dest = () => join(folder(), 'verified');
    const verify = (...args: string[]) => json(['--verify', dest(), ...args]);
    before(() => json([...expected(), '--dest', dest()]));

    it('compares a folder with its record, and reads every file', async () => {
      const {code, state, source, verified, digest} = await verify();
      expect({code, state, source, verified, digest}).to.deep.equal({
        code: 0,
        state: 'verified',
        source: small.archive,
        verified: true,
        digest: small.digest,
      });
    });

    it('compares a folder without a record with the published dataset', async () => {
      renameSync(join(folder(), 'dataset.json'), join(folder(), 'hidden.json'));
      try {
        writeFileSync(join(dest(), 'notes.txt'), '');
        writeFileSync(join(dest(), 'Rice_Citation_Request.txt'), '');
        renameSync(join(dest(), 'Basmati', 'basmati (2).jpg'), join(dest(), 'Basmati', 'Basmati (2).jpg'));
        const {code, verified, differences} = await verify();
        expect([code, verified]).to.deep.equal([1, false]);
        expect(differences.missing).to.include('Basmati/basmati (2).jpg');
        expect(differences.extra).to.deep.equal(['Basmati/Basmati (2).jpg', 'notes.txt']);
        // Drawn grains match none of the known digests of published pictures.
        expect(differences.changed.length).to.be.greaterThan(5);
      } finally {
        renameSync(join(folder(), 'hidden.json'), join(folder(), 'dataset.json'));
        renameSync(join(dest(), 'Basmati', 'Basmati (2).jpg'), join(dest(), 'Basmati', 'basmati (2).jpg'));
        rmSync(join(dest(), 'notes.txt'));
      }
    });

    it('names what is missing, changed and extra in a fetched dataset', async () => {
      const [gone, other] = [join(dest(), 'Arborio', 'Arborio (3).jpg'), join(dest(), 'Jasmine', 'Jasmine (1).jpg')];
      const [kept, original] = [readFileSync(gone), readFileSync(other)];
      rmSync(gone);
      writeFileSync(other, kept);
      writeFileSync(join(dest(), 'Jasmine', 'extra.jpg'), kept);
      const {code, differences} = await verify();
      expect(code).to.equal(1);
      expect(differences).to.deep.equal({
        missing: ['Arborio/Arborio (3).jpg'],
        changed: ['Jasmine/Jasmine (1).jpg'],
        extra: ['Jasmine/extra.jpg'],
      });
      rmSync(join(dest(), 'Jasmine', 'extra.jpg'));
      writeFileSync(gone, kept);
      writeFileSync(other, original);
    });

    it('does not trust a record that claims the published dataset', async () => {
      const path = join(folder(), 'dataset.json');
      const kept = readFileSync(path, 'utf8');
      const forged = JSON.parse(kept);
      const subset = {count: 20, seed: 0};
      Object.assign(forged.datasets.verified, {verified: 'published', subset, of: small.digest});
      writeFileSync(path, JSON.stringify(forged));
      try {
        const {code, verified, differences} = await verify();
        expect([code, verified]).to.deep.equal([1, false]);
        expect(differences.missing).to.have.length.greaterThan(0);
        const again = await failure(['--subset', '20', '--dest', dest()]);
        expect(again.error.code).to.equal('DATASET_EXISTS');
      } finally {
        writeFileSync(path, kept);
      }
    });

    it('counts files outside label folders and broken links as extra', async () => {
      const loose = join(dest(), 'loose.jpg');
      writeFileSync(loose, readFileSync(join(dest(), 'Arborio', 'Arborio (1).jpg')));
      symlinkSync('nowhere', join(dest(), 'Arborio', 'link.jpg'));
      const {code, differences} = await verify();
      expect([code, differences.extra]).to.deep.equal([1, ['Arborio/link.jpg', 'loose.jpg']]);
      rmSync(loose);
      rmSync(join(dest(), 'Arborio', 'link.jpg'));
      expect((await verify()).code).to.equal(0);
    });

    it('notices a changed picture, and one that cannot be decoded', async () => {
      const path = join(dest(), 'Ipsala', 'Ipsala (2).jpg');
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, bytes.length / 2));
      const {code, verified, errors} = await verify('--deep');
      expect([code, verified]).to.deep.equal([1, false]);
      expect(errors.map(({path, code}) => [path, code])).to.deep.equal([['Ipsala/Ipsala (2).jpg', 'IMAGE_TRUNCATED']]);
      const text = (await run(['--verify', dest(), '--deep'])).stdout;
      expect(text).to.include('1 unreadable\n  Ipsala/Ipsala (2).jpg: IMAGE_TRUNCATED');
      writeFileSync(path, bytes);
      expect((await verify('--deep')).code).to.equal(0);
    });

    it('rejects what it cannot verify', async () => {
      expect((await failure(['--verify', 'nowhere'])).error.code).to.equal('PATH_NOT_FOUND');
      mkdirSync(join(folder(), 'nothing'));
      expect((await failure(['--verify', 'nothing'])).error.code).to.equal('DATASET_LAYOUT');
      expect((await failure(['--verify', 'nothing', '--force'])).error.code).to.equal('USAGE');
    });
  });

  describe('bad input', () => {
    it('is explained for a source', async () => {
      const {error} = await failure(['--source', 'kagle']);
      expect(error.suggestions[0]).to.equal('Did you mean kaggle?');
      for (const source of [
        'ftp://ada:secret@server/rice.zip',
        'https:/ada:secret@server/rice.zip',
        'https://ada:secret@server:99999/x',
        'https://[ada',
        'gs://',
        'gs://a',
      ]) {
        const {error} = await failure(['--source', source]);
        expect(error.code, source).to.equal('USAGE');
        expect(error.message).to.not.include('secret');
      }
      const none = await failure(['--source', 'kagglehub', '--dest', 'from-nowhere']);
      expect(none.error.code).to.equal('SOURCE_UNAVAILABLE');
      expect(none.error.message).to.include('does not exist');
      writeFileSync(join(folder(), 'page.zip'), '<!DOCTYPE html><title>Sign in</title>');
      const page = await failure(['--source', 'page.zip', '--dest', 'page']);
      expect(page.error.code).to.equal('ARCHIVE_UNSUPPORTED');
      expect(page.error.message).to.include('a web page');
      const cut = readFileSync(small.archive);
      writeFileSync(join(folder(), 'cut.tar.gz'), cut.subarray(0, cut.length / 2));
      expect((await failure(['--source', 'cut.tar.gz', '--dest', 'cut'])).error.code).to.equal('ARCHIVE_DAMAGED');
      expect(existsSync(join(folder(), 'cut'))).to.equal(false);
    });

    it('refuses an archive that would become more than the dataset is, and leaves nothing', async () => {
      const deep = {name: `A/${'a/'.repeat(2000)}1.jpg`};
      const sparse = {name: 'A/1.jpg', content: Buffer.alloc(26e6)};
      const again = {...sparse, name: 'A/2.jpg', offset: 0, present: false};
      for (const [entries, code, reason] of [
        [[{name: 'B/1.jpg'}, deep], 'ARCHIVE_UNSAFE', 'its path is too long for some systems'],
        [[sparse], 'ARCHIVE_TOO_LARGE', 'A/1.jpg has 26,000,000 bytes, more than 25 MB'],
        [[sparse, again], 'ARCHIVE_UNSAFE', 'in the same bytes'],
      ] as [ZipEntry[], string, string][]) {
        writeFileSync(join(folder(), 'hostile.zip'), writeZip(entries));
        const flags = reason === 'in the same bytes' ? ['--max-unpacked', '5'] : [];
        const {error} = await failure(['--source', 'hostile.zip', '--dest', 'hostile/set', ...flags]);
        expect(error.code).to.equal(code);
        expect(error.message).to.include(reason);
        expect(existsSync(join(folder(), 'hostile')) ? namesIn(folder(), 'hostile') : []).to.deep.equal([]);
      }
      writeFileSync(join(folder(), 'large.zip'), writeZip([sparse]));
      const {differences} = await json(['--source', 'large.zip', '--dest', 'large', '--max-unpacked', '1']);
      expect(differences.extra).to.deep.equal(['A/1.jpg']);
    });

    it('is explained for a digest, a seed and a folder', async () => {
      expect((await failure(['--digest', 'abc'])).error.code).to.equal('USAGE');
      for (const dest of ['/', 'place/dataset.json', `${'long'.repeat(60)}`]) {
        const {error} = await failure([...expected(), '--dest', dest]);
        expect(error.code, dest).to.match(/^(USAGE|PATH_NOT_WRITABLE)$/);
      }
      writeFileSync(join(folder(), 'taken.json'), '{}');
      mkdirSync(join(folder(), 'taken'));
      writeFileSync(join(folder(), 'taken', 'dataset.json'), '{"mine": true}');
      const taken = await failure([...expected(), '--dest', 'taken/rice']);
      expect([taken.error.code, namesIn(folder(), 'taken')]).to.deep.equal(['PATH_NOT_WRITABLE', ['dataset.json']]);
      expect((await failure(['--subset', '0'])).error.code).to.equal('OUT_OF_RANGE');
      expect((await failure([...expected(), '--dest', ''])).error.code).to.equal('USAGE');
      appendFileSync(join(folder(), 'a-file-2'), '');
      const {error} = await failure([...expected(), '--dest', 'a-file-2/rice']);
      expect(error.code).to.match(/^PATH_NOT_/);
    });
  });

  describe('--list-sources', () => {
    it('lists all sources and their accounts, without secrets', async () => {
      const env = {
        KAGGLE_USERNAME: 'ada',
        KAGGLE_KEY: 'secret-key',
        HF_TOKEN: 'secret-token',
        HF_ENDPOINT: 'https://ada:secret-password@mirror',
      };
      const {code, stdout} = await run(['--list-sources'], env);
      expect(code).to.equal(0);
      expect(stdout).to.match(/kaggle +with KAGGLE_USERNAME with KAGGLE_KEY/);
      expect(stdout).to.match(/huggingface +with HF_TOKEN/);
      expect(stdout).to.not.include('secret');
      const {sources} = parseAs<{sources: {name: string; available: boolean}[]}>(
        'fetch-data-sources',
        (await run(['--list-sources', '--json'])).stdout,
      );
      expect(sources.map(({name}) => name)).to.deep.equal([
        'kagglehub',
        'kaggle',
        'huggingface',
        'huggingface-2',
        'authors',
      ]);
      expect(sources[0].available).to.equal(false);
    });
  });
});
