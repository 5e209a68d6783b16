import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect} from 'chai';
import {relativeError} from '../../helpers/run-graph.ts';
import {softwareGpu} from '../../helpers/software-gpu.ts';

const run = promisify(execFile);
const CHILD_LIMIT = 120_000;

interface Losses {
  losses: number[];
  resumed: number[];
  copied: number;
  state: number;
  after: {digest: string; parameters: number[]};
  resumedAfter: {digest: string; parameters: number[]};
}
interface Memory {
  grown: number;
  leak: number;
  copied: number;
  first: number;
  last: number;
  length: number;
}

describe('training: the state between steps', () => {
  const env = softwareGpu();
  const child = async <Answer>(what: string, device: string): Promise<Answer> => {
    const file = join(import.meta.dirname, 'state-session-child.ts');
    const options = {env: env ?? process.env, timeout: CHILD_LIMIT};
    const {stdout} = await run(process.execPath, ['--import', 'tsx', file, what, device], options);
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  };

  it('is the same on the CPU after a checkpoint, to the last bit', async () => {
    const cpu = await child<Losses>('losses', 'cpu');
    expect(cpu.losses).to.have.length(6);
    expect(cpu.losses[5]).to.be.below(cpu.losses[0]);
    expect(cpu.resumed).to.deep.equal(cpu.losses);
    expect(cpu.resumedAfter).to.deep.equal(cpu.after);
  });

  describe('on WebGPU (skipped without a GPU for Vulkan, or SwiftShader of Debian’s chromium)', () => {
    before(function () {
      if (env === undefined) this.skip();
    });

    it('stays on the device, and gives the losses of the CPU, also after a checkpoint', async () => {
      const [cpu, gpu] = [await child<Losses>('losses', 'cpu'), await child<Losses>('losses', 'webgpu')];
      expect(relativeError(gpu.losses, cpu.losses)).to.be.below(1e-4);
      expect(relativeError(gpu.resumed, gpu.losses)).to.be.below(1e-5);
      expect(relativeError(gpu.resumedAfter.parameters, gpu.after.parameters)).to.be.below(1e-4);
      const [pictures, targets, logits, loss, scalars] = [4 * 24 * 24 * 3, 4 * 3 * 4, 4 * 3 * 4, 4, 6 * 4];
      const batch = pictures + targets + logits + loss + scalars;
      expect(gpu.copied).to.equal(batch);
      expect(cpu.copied).to.equal(batch + 2 * cpu.state);
    });

    it('leaves nothing behind on the device', async () => {
      const {grown, leak, copied, ...values} = await child<Memory>('memory', 'webgpu');
      expect(values).to.deep.equal({first: 400, last: 400, length: 1e6});
      expect(copied).to.equal(8);
      expect(grown).to.be.below(leak / 8);
    });
  });
});
