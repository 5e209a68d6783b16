import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {BIN, ROOT} from '../cli/rice.ts';
import {linesOf, predictProject} from '../commands/predict/project.ts';
import {parseYaml} from '../helpers/yaml.ts';

interface Container {
  command: string[];
  args: string[];
  env?: {name: string; value: string}[];
}

interface JobFile {
  kind: string;
  spec: {completionMode?: string; completions?: number; template: {spec: JobTask}};
}

interface JobTask {
  containers?: Container[];
  taskCount?: number;
  template?: {spec: {containers: Container[]}};
}

const file = (name: string) => join(ROOT, 'docs', 'jobs', name);
const readJob = (name: string): JobFile => parseYaml(readFileSync(file(name), 'utf8'));

describe('job files', () => {
  const {at, write, run, jpegs} = predictProject();
  before(function () {
    // The files are for machines with a shell.
    if (process.platform === 'win32') this.skip();
    for (let i = 0; i < 20; i++)
      write({
        [`photos/${i}.jpg`]: i % 2 ? 'Red' : 'Blue',
        [`photos/in/${i}.png`]: Buffer.from(i % 5 ? jpegs.Red : 'x'),
      });
    mkdirSync(at('bin'));
    writeFileSync(at('bin', 'rice'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {mode: 0o755});
  });

  /** Runs one task as the job would: with `rice` on the path, and nothing but the variables that the job sets. */
  function runTask(command: string[], env: Record<string, string>): void {
    const base = {PATH: `${at('bin')}:${process.env.PATH}`, RICE_MODEL: at('color.onnx'), HOME: at('home')};
    const [program, ...args] = command.map((word) => word.replaceAll('/data/', `${at()}/`));
    const {status, stderr} = spawnSync(program, args, {cwd: at(), env: {...base, ...env}, encoding: 'utf8'});
    expect([status, stderr.replaceAll(/^Warning: shard .*\n/gm, '')]).to.deep.equal([0, '']);
  }

  /** The parts of all tasks together are what one machine would have said. */
  async function expectWhole(count: number): Promise<void> {
    const parts = readdirSync(at('parts')).filter((name) => name.endsWith('.ndjson'));
    expect(parts).to.have.length(count);
    const merged = execFileSync('sh', ['-c', 'cat parts/*.ndjson'], {cwd: at(), encoding: 'utf8'});
    const photos = merged.includes(at('photos')) ? at('photos') : 'photos';
    const whole = await run([photos, '-r', '--format', 'ndjson']);
    expect(linesOf(merged).sort()).to.deep.equal(linesOf(whole.stdout).sort());
    expect(linesOf(merged)).to.have.length(40);
  }

  beforeEach(() => {
    execFileSync('rm', ['-rf', at('parts')]);
  });

  it('divide all pictures among the tasks of Cloud Run', async () => {
    const {kind, spec} = readJob('cloud-run.yaml');
    const {taskCount, template} = spec.template.spec;
    const {command, args} = template!.spec.containers[0];
    expect([kind, taskCount]).to.deep.equal(['Job', 10]);
    for (let index = 0; index < taskCount!; index++)
      runTask([...command, ...args], {CLOUD_RUN_TASK_INDEX: `${index}`, CLOUD_RUN_TASK_COUNT: `${taskCount}`});
    await expectWhole(taskCount!);
  }).timeout(120_000);

  it('divide all pictures among the pods of Kubernetes', async () => {
    const {spec} = readJob('kubernetes.yaml');
    const {command, args, env} = spec.template.spec.containers![0];
    expect(spec.completionMode).to.equal('Indexed');
    expect(env).to.deep.equal([{name: 'JOB_COMPLETIONS', value: `${spec.completions}`}]);
    for (let index = 0; index < spec.completions!; index++)
      runTask([...command, ...args], {[env![0].name]: env![0].value, JOB_COMPLETION_INDEX: `${index}`});
    await expectWhole(spec.completions!);
  }).timeout(120_000);

  it('divide all pictures among the tasks of SLURM', async () => {
    const text = readFileSync(file('slurm.sh'), 'utf8');
    const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(text)!.map(Number);
    mkdirSync(at('parts'));
    for (let id = first; id <= last; id++)
      runTask(['bash', file('slurm.sh')], {
        SLURM_ARRAY_TASK_ID: `${id}`,
        SLURM_ARRAY_TASK_MIN: `${first}`,
        SLURM_ARRAY_TASK_STEP: '1',
        SLURM_ARRAY_TASK_COUNT: `${last - first + 1}`,
        SLURM_CPUS_PER_TASK: '2',
      });
    await expectWhole(last - first + 1);
  }).timeout(120_000);

  it('fail where rice fails', () => {
    const {command, args} = readJob('kubernetes.yaml').spec.template.spec.containers![0];
    const broken = args.map((arg) => arg.replaceAll('/data/photos', '/data/gone'));
    expect(() => runTask([...command, ...broken], {JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '2'})).to.throw();
  });
});
