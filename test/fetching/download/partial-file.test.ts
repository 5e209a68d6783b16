import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {hashBytes} from '../../../src/dataset/digest.ts';
import {PartialFile} from '../../../src/fetching/download/partial-file.ts';
import {findWholeFile} from '../../../src/fetching/download/whole-file.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

const BYTES = Buffer.from('All the rice of Arborio.');
const STATE = {identity: 'tag:"1"', total: BYTES.length, digests: {md5: hashBytes(BYTES).md5, sha256: undefined}};

describe('a partial file', () => {
  const temporary = useTemporaryFolder();
  const folder = () => join(temporary(), 'cache', 'folder');
  const part = () => join(folder(), 'archive.part');
  const archive = () => join(folder(), 'archive');

  /** The first bytes of a download, as an ended process leaves them. */
  async function begin(bytes: number): Promise<void> {
    const partial = await PartialFile.open(folder());
    partial.describe(STATE);
    partial.append(BYTES.subarray(0, bytes));
    partial.close();
  }

  async function complete(): Promise<void> {
    const partial = await PartialFile.open(folder());
    partial.describe(STATE);
    partial.append(BYTES);
    partial.complete();
  }

  function replaceByLink(target: string): void {
    expect(target).to.have.length(BYTES.length);
    rmSync(archive());
    symlinkSync(target, archive());
    expect(readFileSync(archive()).equals(BYTES)).to.equal(true);
  }

  it('is resumed, digests included, and renamed when complete', async () => {
    await begin(10);
    const partial = await PartialFile.open(folder());
    expect({size: partial.size, state: partial.state}).to.deep.equal({size: 10, state: STATE});
    expect(partial.digests()).to.deep.equal(hashBytes(BYTES.subarray(0, 10)));
    partial.append(BYTES.subarray(10));
    expect(existsSync(archive())).to.equal(false);
    const whole = {path: archive(), bytes: BYTES.length, digests: hashBytes(BYTES)};
    expect(partial.complete()).to.deep.equal(whole);
    expect(readdirSync(folder()).sort()).to.deep.equal(['archive', 'state.json']);
    expect(await findWholeFile(folder())).to.deep.equal(whole);
  });

  it('keeps bytes that were written just before a kill', async () => {
    await begin(10);
    appendFileSync(part(), BYTES.subarray(10, 15));
    const partial = await PartialFile.open(folder());
    expect(partial.size).to.equal(15);
    expect(partial.digests()).to.deep.equal(hashBytes(BYTES.subarray(0, 15)));
    partial.close();
  });

  it('starts again if its state file is missing or damaged', async () => {
    const damaged = [
      '',
      '{"identity": "tag',
      'null',
      '{}',
      '{"digests": {"md5": "../.."}}',
      '{"digests": {}, "total": -1}',
      '{"digests": {}, "total": 1e400}',
      '{"digests": {}, "identity": 5}',
    ];
    for (const text of damaged) {
      await begin(10);
      writeFileSync(join(folder(), 'state.json'), text);
      const partial = await PartialFile.open(folder());
      expect({size: partial.size, state: partial.state}, text).to.deep.equal({size: 0, state: undefined});
      expect(partial.digests()).to.deep.equal(hashBytes(new Uint8Array()));
      partial.close();
      expect(readFileSync(part())).to.have.length(0);
    }
  });

  it('can be cleared, digests included', async () => {
    await begin(10);
    const partial = await PartialFile.open(folder());
    partial.clear();
    partial.append(BYTES);
    expect(partial.complete().digests).to.deep.equal(hashBytes(BYTES));
    expect(readFileSync(archive()).equals(BYTES)).to.equal(true);
  });

  it('removes a link, a folder or a hard link at its path', async () => {
    const precious = join(temporary(), 'precious');
    writeFileSync(precious, 'mine');
    mkdirSync(folder(), {recursive: true});
    const plants = [
      () => symlinkSync(precious, part()),
      () => linkSync(precious, part()),
      () => mkdirSync(join(part(), 'folder'), {recursive: true}),
    ];
    for (const plant of plants) {
      plant();
      await begin(10);
      expect(readFileSync(part()).equals(BYTES.subarray(0, 10))).to.equal(true);
      expect(readFileSync(precious, 'utf8')).to.equal('mine');
      rmSync(part());
    }
  });

  it('reports a path that cannot be written', async () => {
    writeFileSync(join(temporary(), 'cache'), 'a file');
    const error = await PartialFile.open(folder()).catch((thrown) => thrown);
    expect(error.code).to.equal('PATH_NOT_FOUND');
    expect(error.message).to.include(folder());
  });

  it('is not read further after an abort', async () => {
    await begin(10);
    const reason = new Error('enough');
    expect(await PartialFile.open(folder(), AbortSignal.abort(reason)).catch((error) => error)).to.equal(reason);
  });

  describe('that is complete', () => {
    it('is removed if it was truncated, changed, or replaced by a link, or has no state file', async () => {
      const elsewhere = join(temporary(), 'elsewhere');
      writeFileSync(elsewhere, BYTES);
      const damages: [string, () => void][] = [
        ['cut', () => truncateSync(archive(), 5)],
        ['longer', () => appendFileSync(archive(), '!')],
        ['changed', () => writeFileSync(archive(), BYTES.toReversed())],
        // The size of a link is the length of its target.
        ['a link', () => replaceByLink('../..//././././elsewhere')],
        ['without state', () => writeFileSync(join(folder(), 'state.json'), '')],
      ];
      for (const [what, damage] of damages) {
        await complete();
        damage();
        expect(await findWholeFile(folder()), what).to.equal(undefined);
        expect(existsSync(archive()), what).to.equal(false);
      }
    });

    it('is not found if it does not exist', async () => {
      expect(await findWholeFile(folder())).to.equal(undefined);
      await begin(BYTES.length);
      expect(await findWholeFile(folder())).to.equal(undefined);
    });
  });
});
