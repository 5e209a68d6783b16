import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect} from 'chai';
import {NETWORKS} from '../../src/training/networks/index.ts';
import {softwareGpu} from '../helpers/software-gpu.ts';

const run = promisify(execFile);

const TOLERANCE = 1e-4;
/**
 * If the input of a rectifier is close to 0, rounding decides whether a gradient passes, and all earlier gradients differ
 * by about 1 %. A wrong gradient is wrong for every seed; rounding is not.
 */
const SEEDS = [1, 2, 3];
/** Milliseconds: in software the largest network takes minutes. */
const CHILD_LIMIT = 600_000;
/**
 * The first step of AdamW divides each gradient by its own size, so the rounding of a tiny gradient decides how its weight
 * changes. Therefore the moments are compared, not the weights.
 */
const DECIDED_BY_ROUNDING = ['next.parameters', 'next.averagedParameters'];

describe('training: WebGPU (set RICE_TEST_WEBGPU=1; needs a GPU, or SwiftShader of Debian’s chromium)', () => {
  before(function () {
    if (process.env.RICE_TEST_WEBGPU !== '1') this.skip();
  });

  for (const network of Object.keys(NETWORKS)) {
    it(`makes a step of ${network} with the same results as the CPU`, async function () {
      this.timeout(0);
      const tried: Record<string, number>[] = [];
      for (const seed of SEEDS) {
        const errors = await errorsOf(network, seed);
        expect(errors).to.include.all.keys('loss', 'logits', 'next.firstMoment', 'next.statistics');
        expect(errors.loss).to.be.below(TOLERANCE);
        expect(errors['next.statistics']).to.be.below(TOLERANCE);
        tried.push(errors);
        if (isEqual(errors)) return;
      }
      expect.fail(`no seed of ${tried.length} gave the same step: ${JSON.stringify(tried)}`);
    });
  }
});

async function errorsOf(network: string, seed: number): Promise<Record<string, number>> {
  const child = join(import.meta.dirname, 'webgpu-child.ts');
  const {stdout} = await run(process.execPath, ['--import', 'tsx', child, network, String(seed)], {
    env: softwareGpu() ?? process.env,
    timeout: CHILD_LIMIT,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

function isEqual(errors: Record<string, number>): boolean {
  return Object.entries(errors).every(([name, error]) => DECIDED_BY_ROUNDING.includes(name) || error < TOLERANCE);
}
