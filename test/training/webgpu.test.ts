import {execFile} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {expect} from 'chai';
import {readProgress} from '../../src/training/artifact/checkpoint.ts';
import {NETWORKS} from '../../src/training/networks/index.ts';
import {rice, temporaryFolder} from '../cli/rice.ts';
import {softwareGpu} from '../helpers/software-gpu.ts';
import {grainDataset} from './grain-dataset.ts';

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

  describe('a whole run', () => {
    const folder = temporaryFolder();
    const env = () => ({...(softwareGpu() ?? process.env), RICE_CACHE_DIR: join(folder(), 'cache')});
    const train = async (...args: string[]) => {
      const {code, stdout, stderr} = await rice(['train', ...args, '--quiet'], {
        cwd: folder(),
        env: env() as Record<string, string>,
      });
      expect(code, stdout + stderr).to.equal(0);
    };

    it('has the losses and accuracies of the CPU, before and after it is continued from its checkpoint', async function () {
      this.timeout(0);
      for (const [file, bytes] of Object.entries(grainDataset())) {
        mkdirSync(dirname(join(folder(), 'data', file)), {recursive: true});
        writeFileSync(join(folder(), 'data', file), bytes);
      }
      const histories = [];
      for (const device of ['cpu', 'webgpu']) {
        const settings = [
          '--arch',
          'conv4',
          '--batch-size',
          '32',
          '--epochs',
          '1',
          '--device',
          device,
          '--out',
          device,
        ];
        await train('data', ...settings);
        await train('--resume', device, '--epochs', '2');
        const {history} = readProgress(join(folder(), device, 'artifact'))!;
        histories.push(
          history.flatMap(({loss, validationLoss, validationAccuracy}) => [loss, validationLoss, validationAccuracy]),
        );
      }
      const [cpu, gpu] = histories;
      expect(gpu).to.have.length(6);
      gpu.forEach((value, i) => void expect(value).to.be.closeTo(cpu[i], 1e-3 * cpu[i], `${i}`));
    });
  });
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
