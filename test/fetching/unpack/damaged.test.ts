import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {archiveEntries, PICTURES} from '../../helpers/dataset-tree.ts';
import {randomNumbers} from '../../helpers/images.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf} from './unpack.ts';

const entries = archiveEntries();
const long = entries.map((entry) => ({...entry, long: 'pax' as const}));

const ARCHIVES: Record<string, Buffer> = {
  zip: writeZip(entries),
  'zip of stored files': writeZip(entries.map((entry) => ({...entry, method: 0}))),
  'zip in 64 bits': writeZip(
    entries.map((entry) => ({...entry, zip64: true, descriptor: true})),
    {zip64: true},
  ),
  tar: writeTar(long),
  'tar.gz': gzipSync(writeTar(long)),
  'tar.xz': readFileSync(join(import.meta.dirname, '../../fixtures/dataset.tar.xz')),
};

/** Parts that no checksum of an archive covers, but the digest of a dataset does. */
const UNPROTECTED: Record<string, string[]> = {
  zip: ['names'],
  'zip of stored files': ['names'],
  'zip in 64 bits': ['names'],
  tar: ['names', 'contents'],
};

const FLIPS = 200;

/** The error codes that a random change of an archive may cause. */
const CODES = ['ARCHIVE_DAMAGED', 'ARCHIVE_UNSAFE', 'ARCHIVE_UNSUPPORTED', 'ARCHIVE_TOO_LARGE', 'DATASET_LAYOUT'];

describe('damaged archives', () => {
  const temporary = useTemporaryFolder();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  before(() => process.on('unhandledRejection', note));
  after(() => process.off('unhandledRejection', note));
  afterEach(() => expect(unhandled.splice(0)).to.deep.equal([]));

  /** @returns the content of an archive, or the error code */
  async function outcomeOf(bytes: Uint8Array): Promise<Record<string, string> | string> {
    const path = join(temporary(), 'set');
    writeFileSync(path, bytes);
    const outcome = await extractAll(path, {name: 'the archive'}).catch((error: unknown) =>
      failureOf(Promise.reject(error)),
    );
    if (!(outcome instanceof Error)) return outcome;
    expect(outcome.message).to.match(/^the archive/);
    return outcome.code;
  }

  for (const [kind, whole] of Object.entries(ARCHIVES)) {
    it(`a ${kind} that is truncated anywhere is rejected`, async () => {
      for (let part = 0; part < 20; part++) {
        const end = Math.floor((whole.length * part) / 20);
        const outcome = await outcomeOf(whole.subarray(0, end));
        // A tar may only lack some of the zeros at its end.
        if (kind === 'tar' && end > whole.length - 1024) expect(outcome).to.deep.equal(PICTURES);
        else expect(outcome, `${end} bytes`).to.be.oneOf(['ARCHIVE_DAMAGED', 'ARCHIVE_UNSUPPORTED']);
      }
    });

    it(`a ${kind} with one wrong bit is rejected, or gives the right content`, async () => {
      const random = randomNumbers(1);
      const outcomes: Record<string, number> = {};
      for (let flip = 0; flip < FLIPS; flip++) {
        const bit = Math.floor(random() * whole.length * 8);
        const bytes = Buffer.from(whole);
        bytes[bit >> 3] ^= 1 << (bit & 7);
        const outcome = await outcomeOf(bytes);
        const what = typeof outcome === 'string' ? outcome : differences(outcome);
        outcomes[what] = (outcomes[what] ?? 0) + 1;
        const allowed = [...CODES, 'right', ...(UNPROTECTED[kind] ?? [])];
        expect(what, `bit ${bit}`).to.be.oneOf(allowed);
      }
      expect(outcomes.ARCHIVE_DAMAGED).to.be.above(FLIPS / 10);
    });
  }
});

function differences(texts: Record<string, string>): 'right' | 'names' | 'contents' {
  if (isDeepStrictEqual(texts, PICTURES)) return 'right';
  const expected = entries.map(({content}) => content);
  return Object.values(texts).every((text) => expected.includes(text)) ? 'names' : 'contents';
}
