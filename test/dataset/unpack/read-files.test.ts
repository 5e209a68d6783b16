import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {locateLabels} from '../../../src/dataset/unpack/locate-labels.ts';
import {openContainer} from '../../../src/dataset/unpack/open-container.ts';
import {readFiles} from '../../../src/dataset/unpack/read-files.ts';
import {archiveEntries} from '../../helpers/dataset-tree.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {useTemporaryFolder} from '../fixtures.ts';
import {failureOf} from './unpack.ts';

describe('readFiles', () => {
  const temporary = useTemporaryFolder();
  const at = (name: string) => join(temporary(), name);

  it('ends where the archive goes away, and says so', async () => {
    const tar = writeTar(archiveEntries().map((entry) => ({...entry, long: 'pax' as const})));
    for (const bytes of [writeZip(archiveEntries()), tar, gzipSync(tar)]) {
      writeFileSync(at('cached'), bytes);
      const container = await openContainer(at('cached'), {name: 'the archive'});
      rmSync(at('cached'));
      const {code, message} = await failureOf(readFiles(container, locateLabels(container).files, {threads: 1}));
      expect({code, message}).to.deep.equal({code: 'PATH_NOT_FOUND', message: 'the archive does not exist'});
    }
  });
});
