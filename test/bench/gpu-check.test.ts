import {type ChildProcess, spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Report} from '../../bench/gpu-check/report.ts';
import {largestDifference} from '../../bench/gpu-check/report.ts';
import {ROOT, temporaryFolder} from '../cli/rice.ts';
import {softwareGpu} from '../helpers/software-gpu.ts';

/** Tells of a card, and of ever more memory in use. */
const NVIDIA_SMI = `#!/bin/sh
case "$*" in
  *memory.used*) echo x >> "$0.calls"; echo $((500 + $(wc -l < "$0.calls"))) ;;
  *) echo 'Stand-in GPU, 550.54.15, 24576' ;;
esac
`;

describe('scripts/gpu-check.sh', () => {
  const folder = temporaryFolder();
  const out = (name: string) => join(folder(), name);
  const report = (name: string) => JSON.parse(readFileSync(join(out(name), 'gpu-check.json'), 'utf8')) as Report;
  const page = (name: string) => readFileSync(join(out(name), 'gpu-check.md'), 'utf8');

  before(() => {
    mkdirSync(join(folder(), 'bin'));
    writeFileSync(join(folder(), 'bin', 'nvidia-smi'), NVIDIA_SMI);
    chmodSync(join(folder(), 'bin', 'nvidia-smi'), 0o755);
  });

  function start(name: string, env: NodeJS.ProcessEnv, ...options: string[]): ChildProcess {
    const args = [join(ROOT, 'scripts', 'gpu-check.sh'), '--out', out(name), ...options];
    // Without a Python there is no PyTorch, whose start takes seconds.
    const added = {RICE_GPU_CHECK_SMALL: '1', PYTHON: join(folder(), 'no-python')};
    return spawn('bash', args, {env: {...env, ...added}, stdio: ['ignore', 'pipe', 'ignore']});
  }
  const ended = (child: ChildProcess) =>
    new Promise<{code: number | null; stdout: string}>((resolve) => {
      let stdout = '';
      child.stdout!.setEncoding('utf8').on('data', (text) => {
        stdout += text;
      });
      child.once('close', (code) => resolve({code, stdout}));
    });
  /** Without a driver for Vulkan, whatever this machine has. */
  const withCard = () => ({
    ...process.env,
    VK_ICD_FILENAMES: join(folder(), 'none.json'),
    PATH: `${join(folder(), 'bin')}:${process.env.PATH}`,
  });

  it('describes the machine, measures what works, and says of the rest why not', async () => {
    const {code, stdout} = await ended(start('card', withCard()));
    expect(code).to.equal(0);
    const {complete, machine, steps, torch, commands, skipped} = report('card');
    expect(complete).to.equal(true);
    expect(machine!.gpus).to.deep.equal([{name: 'Stand-in GPU', driver: '550.54.15', mebibytes: 24576}]);
    expect(machine!.devices.find(({device}) => device === 'webgpu')).to.deep.include({works: false});
    const cpu = steps.find(({part}) => part.device === 'cpu')!;
    expect(cpu.failure).to.equal(undefined);
    expect(cpu.result!.losses).to.have.length(2);
    expect(cpu.result!.imagesPerSecond).to.be.above(0);
    expect(cpu.gpuMebibytes).to.be.above(0);
    expect(torch[0].failure).to.contain('ENOENT');
    expect(commands.map(({command, device}) => `${command} ${device}`)).to.include.members([
      'predict cpu',
      'train cpu',
    ]);
    expect(commands.map(({failure}) => failure)).to.deep.equal([undefined, undefined]);
    expect(commands.find(({command}) => command === 'predict')).to.deep.include({pictures: 40});
    expect(skipped.join()).to.contain('no device beside the CPU works');
    expect(stdout).to.contain(page('card'));
    expect(page('card')).to.contain('GPU: Stand-in GPU, 24576 MiB, driver 550.54.15.');
  });

  it('leaves what it has, and that it is not complete, when it is ended', async () => {
    writeFileSync(join(folder(), 'bin', 'nvidia-smi'), '#!/bin/sh\necho no driver >&2\nexit 9\n');
    const child = start('killed', withCard());
    const end = ended(child);
    while (!existsSync(join(out('killed'), 'gpu-check.md')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    await end;
    expect(report('killed').complete).to.equal(false);
    expect(page('killed')).to.contain('**Not complete').and.to.contain('**No GPU was seen: ');
  });

  it('begins nothing for which no time is left', async () => {
    await ended(start('late', withCard(), '--seconds', '3'));
    const {complete, steps, skipped} = report('late');
    expect(complete).to.equal(true);
    expect(steps).to.deep.equal([]);
    expect(skipped.join()).to.contain('steps of conv4 on cpu: no time was left');
  });

  it('takes losses as different from the first that strays, and a missing number as different', () => {
    expect(largestDifference([1, 2.02], [1, 2])).to.be.closeTo(0.01, 1e-12);
    expect(largestDifference([1, Number.NaN], [1, 2])).to.be.NaN;
    expect(largestDifference([], [1, 2])).to.equal(undefined);
  });

  it('compares with WebGPU (set RICE_TEST_WEBGPU=1; needs a GPU, or SwiftShader of Debian’s chromium)', async function () {
    const env = softwareGpu();
    if (process.env.RICE_TEST_WEBGPU !== '1' || env === undefined) this.skip();
    this.timeout(400_000);
    await ended(start('webgpu', env));
    const {machine, steps, commands} = report('webgpu');
    expect(machine!.softwareVulkan).to.equal(true);
    const [cpu, gpu] = ['cpu', 'webgpu'].map((device) => steps.find(({part}) => part.device === device)!.result!);
    expect(largestDifference(gpu.losses, cpu.losses)).to.be.below(1e-4);
    expect(gpu.norm! / cpu.norm!).to.be.closeTo(1, 1e-4);
    expect(gpu.copied).to.be.below(cpu.copied! / 100);
    expect(commands.filter(({device}) => device === 'webgpu').map(({failure}) => failure)).to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(page('webgpu')).to.match(/\| conv4 \| webgpu \| equal \|/);
  });
});
