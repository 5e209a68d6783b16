import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, utimesSync} from 'node:fs';
import {basename, join} from 'node:path';
import {expect} from 'chai';
import {
  makeTemporaryFolder,
  removeAbandonedFolders,
  temporaryName,
} from '../../../src/common/files/temporary-folder.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('removeAbandonedFolders', () => {
  const temporary = useTemporaryFolder();

  it("keeps folders of running processes, removes those of ended ones and other machines' old ones", () => {
    const target = join(temporary(), 'prepared-0123');
    const own = makeTemporaryFolder(target);
    const {pid} = spawnSync(process.execPath, ['--version']);
    const dead = temporaryName(target).replace(`-${process.pid}-`, `-${pid}-`);
    const fresh = `${target}.tmp-00000000-1-ab`;
    const old = `${target}.tmp-00000000-2-ab`;
    const other = join(temporary(), 'prepared-4567');
    for (const folder of [dead, fresh, old, other]) mkdirSync(folder);
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(old, twoDaysAgo, twoDaysAgo);
    removeAbandonedFolders(target);
    expect(readdirSync(temporary()).sort()).to.deep.equal([own, fresh, other].map((path) => basename(path)).sort());
  });

  it('creates a different folder for each call', () => {
    const target = join(temporary(), 'deep', 'prepared');
    const [first, second] = [makeTemporaryFolder(target), makeTemporaryFolder(target)];
    expect(first).to.not.equal(second);
    expect(existsSync(first) && existsSync(second)).to.equal(true);
  });
});
