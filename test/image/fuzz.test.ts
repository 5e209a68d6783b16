import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {type FuzzReport, type FuzzTask, runFuzz} from '../helpers/fuzz/run.ts';

/** How many damaged files, which (RICE_FUZZ_CASE: that one alone, to replay a failure), and where real ones lie. */
const CASES = Number(process.env.RICE_FUZZ_CASES ?? 8000);
const SEED = Number(process.env.RICE_FUZZ_SEED ?? 1);
const ONLY = process.env.RICE_FUZZ_CASE;
/** Which generated pictures: a regular expression. */
const NAMES = process.env.RICE_FUZZ_NAMES;
const DATA = process.env.RICE_FUZZ_DATA ?? join(import.meta.dirname, '../../../shared/data');

const MOST_GROWTH_MB = 400;
const PIXELS = 2_000_000;
const LIMIT_MS = 2000;

describe('image: damaged files give a window or an error of the catalogue', function () {
  this.timeout(0);

  it(`generated pictures, ${CASES} cases of seed ${SEED}`, async () => {
    const report = await fuzz({count: CASES, names: NAMES, maxPixels: PIXELS});
    expectHarmless(report);
    if (ONLY !== undefined || NAMES !== undefined || CASES < 1000) return;
    for (const outcome of ['window', 'IMAGE_CORRUPT', 'IMAGE_TRUNCATED', 'IMAGE_TOO_LARGE', 'IMAGE_UNSUPPORTED'])
      expect(report.outcomes[outcome], `some cases end with ${outcome}`).to.be.above(CASES / 1000);
  });

  // In plain TypeScript photographs take seconds.
  for (const [folder, share, decoders, maxPixels] of [
    ['sample', 0.1, ['auto', 'portable'], PIXELS],
    ['photos', 0.01, ['auto'], 25_000_000],
  ] as const)
    it(`real pictures of ${folder} (skipped where ../shared/data is missing)`, async function () {
      if (!existsSync(join(DATA, folder))) return this.skip();
      const count = Math.ceil(CASES * share);
      expectHarmless(await fuzz({count, folder: join(DATA, folder), decoders, maxPixels}));
    });
});

function fuzz(task: Pick<FuzzTask, 'count' | 'names' | 'folder' | 'decoders' | 'maxPixels'>): Promise<FuzzReport> {
  const which = ONLY === undefined ? {first: 0, count: task.count} : {first: Number(ONLY), count: 1};
  return runFuzz({...task, ...which, seed: SEED, limitMs: LIMIT_MS});
}

function expectHarmless({failures, rssGrowthMb, slowestMs, outcomes}: FuzzReport): void {
  const list = failures.map(({where, reason}) => `${where}: ${reason}`).join('\n');
  expect(failures, `RICE_FUZZ_SEED=${SEED} RICE_FUZZ_CASE=(number) replays one of\n${list}\n`).to.have.length(0);
  expect(rssGrowthMb, 'MiB of memory').to.be.below(MOST_GROWTH_MB);
  if (process.env.RICE_FUZZ_CASES) console.log({...outcomes, slowestMs, rssGrowthMb});
}
