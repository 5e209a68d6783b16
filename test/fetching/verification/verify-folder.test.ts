import {renameSync, rmSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {hashBytes} from '../../../src/dataset/digest.ts';
import {expectPublished} from '../../../src/fetching/verification/expectation.ts';
import {type FolderVerification, verifyFolder} from '../../../src/fetching/verification/verify-folder.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {failureOf} from '../unpack/unpack.ts';
import {SMALL, SMALL_DATASET} from './small-dataset.ts';

const WHOLE = expectPublished(SMALL_DATASET, undefined);

describe('verifyFolder', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);
  beforeEach(() => writeTree(temporary(), {...SMALL, 'Cite.txt': 'Please cite.', 'Arborio/.DS_Store': 'Mac'}));

  const verify = (folder = temporary(), options = {}): Promise<FolderVerification> =>
    verifyFolder(folder, WHOLE, {threads: 1, ...options});

  it('verifies the whole published dataset, inside any wrapper folders', async () => {
    const folder = at('around', 'Rice_Image_Dataset');
    writeTree(folder, {...SMALL, 'Cite.txt': 'Please cite.'});
    const {read, ...verification} = await verify(at('around'));
    expect(verification).to.deep.equal({
      verified: true,
      digest: SMALL_DATASET.digest,
      files: 5,
      bytes: SMALL_DATASET.bytes,
      labels: {Arborio: 3, Basmati: 2},
      differences: {missing: [], changed: [], extra: []},
      differentLabels: [],
      root: folder,
      errors: [],
      duplicates: [],
    });
    expect(read.map(({path}) => path)).to.deep.equal(Object.keys(SMALL));
  });

  it('reports missing and extra files, duplicates, and pictures that cannot be decoded', async () => {
    rmSync(at('Arborio', 'Arborio (2).jpg'));
    writeTree(temporary(), {'Wheat/1.png': SMALL['Arborio/Arborio (1).jpg'], 'notes.txt': 'x'});
    const {verified, differences, duplicates, errors} = await verify(temporary(), {deep: true});
    expect(verified).to.equal(false);
    expect(differences).to.deep.equal({
      missing: ['Arborio/Arborio (2).jpg'],
      changed: [],
      extra: ['Wheat/1.png', 'notes.txt'],
    });
    const {sha256} = hashBytes(Buffer.from(SMALL['Arborio/Arborio (1).jpg']));
    expect(duplicates).to.deep.equal([
      {sha256, paths: ['Arborio/Arborio (1).jpg', 'Wheat/1.png'], labels: ['Arborio', 'Wheat']},
    ]);
    expect(errors.map(({code}) => code)).to.deep.equal(Array(5).fill('IMAGE_UNSUPPORTED'));
  });

  it('treats a link to a picture as the picture, and a broken link as missing', async function () {
    if (process.platform === 'win32') this.skip();
    for (const number of [1, 2]) renameSync(at('Arborio', `Arborio (${number}).jpg`), at(`${number}`));
    for (const number of [1, 2]) symlinkSync(at(`${number}`), at('Arborio', `Arborio (${number}).jpg`));
    rmSync(at('2'));
    expect((await verify()).differences).to.deep.equal({
      missing: ['Arborio/Arborio (2).jpg'],
      changed: [],
      extra: ['1'],
    });
  });

  it('reports a file that cannot be read', async () => {
    // It was listed, but not read yet.
    const verification = verify();
    rmSync(at('Basmati', 'basmati (2).jpg'));
    const {verified, differences, errors} = await verification;
    expect(verified).to.equal(false);
    expect(differences).to.deep.equal({missing: [], changed: ['Basmati/basmati (2).jpg'], extra: []});
    expect(errors.map(({path, code}) => [path, code])).to.deep.equal([['Basmati/basmati (2).jpg', 'PATH_NOT_FOUND']]);
  });

  it('rejects a folder that is not a dataset', async () => {
    expect((await failureOf(verify(at('none')))).code).to.equal('PATH_NOT_FOUND');
    expect((await failureOf(verify(at('Arborio')))).code).to.equal('DATASET_LAYOUT');
  });

  it('stops on request', async () => {
    const reason = new Error('enough');
    const verifying = verify(temporary(), {signal: AbortSignal.abort(reason)});
    expect(await verifying.catch((error: unknown) => error)).to.equal(reason);
  });
});
