import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect} from 'chai';

const WORKER = fileURLToPath(new URL('../helpers/poison-worker.ts', import.meta.url));
const CASES = Number(process.env.RICE_POISON_CASES ?? 600);
const SEED = Number(process.env.RICE_FUZZ_SEED ?? 1);
/** Neither is the complement that glibc writes to memory which is freed. */
const POISONS = [0x51, 0xb7];

describe('image: what lies in memory does not matter', function () {
  this.timeout(0);

  it(`${CASES} damaged pictures of seed ${SEED} give the same answer or the same error, whatever memory is full of`, async () => {
    const [first, second] = await Promise.all(POISONS.map(answers));
    expect(first.length, 'answers').to.be.above(CASES);
    expect(first.filter((line) => /: [0-9a-f]{64}$/.test(line)).length, 'that are windows').to.be.above(CASES / 10);
    first.forEach((line, i) => {
      expect(second[i]).to.equal(line);
    });
  });
});

async function answers(poison: number): Promise<string[]> {
  const {stdout} = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', WORKER, String(SEED), String(CASES), String(poison)],
    {env: {...process.env, MALLOC_PERTURB_: String(poison)}, maxBuffer: 2 ** 26},
  );
  return stdout.trimEnd().split('\n');
}
