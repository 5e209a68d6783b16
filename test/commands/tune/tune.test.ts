import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {writeTree} from '../../dataset/fixtures.ts';
import {startSweepServer} from '../../helpers/wandb-sweep-server.ts';
import {grainDataset} from '../../training/grain-dataset.ts';

interface Result {
  folder: string;
  trials: {trial: number; state: string; parameters: Record<string, unknown>; epochs: number; error?: {code: string}}[];
  best: {trial: number; run: string; model: string; value: number};
  counts: Record<string, number>;
  warnings: string[];
}

const SWEEP = `program: train.py
method: random
metric: {name: val_accuracy, goal: maximize}
run_cap: 3
parameters:
  learning_rate: {distribution: log_uniform_values, min: 0.001, max: 0.01}
  batch_size: {values: [4, 8]}
  epochs: {value: 2}
  arch: {value: conv4}
`;

describe('rice tune', () => {
  const folder = temporaryFolder();
  const options = () => ({cwd: folder(), env: {RICE_CACHE_DIR: join(folder(), 'cache'), RICE_DEVICE: 'cpu'}});
  const tune = (...args: string[]) => rice(['tune', ...args], options());
  const failure = async (...args: string[]) => {
    const {code, stdout} = await tune(...args, '--json');
    expect(code).to.equal(2);
    return parseAs<{error: {code: string; message: string; suggestions: string[]}}>('error', stdout).error;
  };
  const events = (study: string) =>
    readFileSync(join(folder(), study, 'trials.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as {event: string; trial: number; epoch?: number});

  before(() => {
    writeTree(join(folder(), 'data'), grainDataset());
    writeFileSync(join(folder(), 'sweep.yaml'), SWEEP);
  });

  it('trains the trials of a sweep, names the best, and goes on', async () => {
    const {code, stdout, stderr} = await tune('sweep.yaml', '--dataset', 'data', '--json');
    expect(code, stdout + stderr).to.equal(0);
    const result = parseAs<Result>('tune', stdout);
    expect(result.counts).to.deep.equal({finished: 3, stopped: 0, failed: 0});
    expect(result.trials.map(({epochs}) => epochs)).to.deep.equal([2, 2, 2]);
    expect(result.warnings).to.deep.equal(['program: each trial is a run of rice train']);
    expect(existsSync(result.best.model)).to.equal(true);
    const best = JSON.parse(readFileSync(join(result.best.run, 'run.json'), 'utf8'));
    const parameters = result.trials[result.best.trial - 1].parameters;
    expect(best.configuration.schedule).to.include({learningRate: parameters.learning_rate, epochs: 2});
    expect(best.configuration).to.include({batchSize: parameters.batch_size, network: 'conv4'});
    const metrics = JSON.parse(readFileSync(join(result.best.run, 'metrics.json'), 'utf8'));
    const accuracies = metrics.epochs.map(({validationAccuracy}: {validationAccuracy: number}) => validationAccuracy);
    expect(result.best.value).to.equal(Math.max(...accuracies));

    const further = await tune('--resume', 'sweeps/sweep', '--trials', '3');
    expect(further.code, 'all is done').to.equal(0);
    expect(further.stdout).to.match(/^trial {2}val\/accuracy {2}epoch {2}state/);
    expect(further.stdout).to.contain('Use the best:      rice predict PICTURE --model sweeps/sweep/trials/00');
    expect(events('sweeps/sweep').filter(({event}) => event === 'started')).to.have.length(3);
  });

  it('survives SIGKILL and Ctrl-C: each trial goes on where it was, with the same suggestions', async () => {
    const args = ['tune', 'sweep.yaml', '--dataset', 'data', '--out', 'killed'];
    const {child, ended} = startRice(args, options());
    const reached = async (pattern: (event: {event: string; trial: number}) => boolean) => {
      while (!existsSync(join(folder(), 'killed', 'trials.ndjson')) || !events('killed').some(pattern))
        await setTimeout(20);
    };
    await reached(({event, trial}) => event === 'epoch' && trial === 2);
    child.kill('SIGKILL');
    await ended;
    const stopping = startRice(['tune', '--resume', 'killed'], options());
    await reached(({event, trial}) => event === 'started' && trial === 3);
    stopping.child.kill('SIGINT');
    const stopped = await stopping.ended;
    expect(stopped.code, stopped.stderr).to.equal(130);
    expect(stopped.stderr).to.contain('Continue with: rice tune --resume killed');
    const {code, stdout} = await tune('--resume', 'killed', '--json');
    expect(code, stdout).to.equal(0);
    const result = parseAs<Result>('tune', stdout);
    expect(result.counts).to.deep.equal({finished: 3, stopped: 0, failed: 0});
    const first = JSON.parse((await tune('--resume', 'sweeps/sweep', '--json')).stdout) as Result;
    expect(result.trials.map(({parameters}) => parameters)).to.deep.equal(
      first.trials.map(({parameters}) => parameters),
    );
  });

  it('records a trial that fails and searches on', async () => {
    const sweep = SWEEP.replace('random', 'grid').replace(/ {2}learning_rate.*\n/, '  lr: {value: 0.003}\n');
    // A warm-up of two epochs does not fit into two.
    writeFileSync(join(folder(), 'failing.yaml'), `${sweep}  warmup-epochs: {values: [0.5, 2]}\n`);
    const {code, stdout} = await tune('failing.yaml', '--dataset', 'data', '--trials', '2', '--json');
    expect(code, stdout).to.equal(0);
    const {trials, counts} = parseAs<Result>('tune', stdout);
    expect(counts).to.deep.equal({finished: 1, stopped: 0, failed: 1});
    expect(trials[1]).to.deep.include({state: 'failed'});
    expect(trials[1].error).to.include({code: 'OUT_OF_RANGE'});
  });

  it('says what is wrong before anything is trained', async () => {
    const write = (text: string) => writeFileSync(join(folder(), 'wrong.yaml'), text);
    write('method: random\nparameters:\n  lerning_rate: {min: 0.1, max: 0.2}\n');
    const misspelled = await failure('wrong.yaml');
    expect(misspelled.message).to.equal('wrong.yaml:3: parameters.lerning_rate is not a setting of rice train');
    expect(misspelled.suggestions).to.deep.equal(['Did you mean learning-rate?']);
    write('method: random\nparameters:\n  arch: {values: [conv4, convnext]}\n');
    expect((await failure('wrong.yaml')).message).to.match(
      /^wrong.yaml: parameters.arch: expected one of .*, got convnext$/,
    );
    write('method: random\nparameters:\n  dropout: {min: 0.5, max: 1.5}\n');
    expect((await failure('wrong.yaml')).message).to.contain('parameters.dropout: 1.5 is out of range');
    write('method: random\nparameters:\n  lr: {value: 0.01}\n');
    expect((await failure('wrong.yaml', '--set', 'lr=3')).message).to.contain('the sweep has lr as a parameter');
    expect((await failure('wrong.yaml', '--set', 'epoch=3')).suggestions).to.deep.equal(['Did you mean epochs?']);
    expect((await failure('data')).suggestions[0]).to.contain('rice tune --dataset data');
    expect((await failure('nowhere.yaml')).code).to.equal('PATH_NOT_FOUND');
    expect((await failure('--resume', 'data')).code).to.equal('SWEEP_NOT_FOUND');
    expect((await failure('--resume', 'sweeps/sweep', '--seed', '3')).message).to.contain(
      'the setting seed cannot be given',
    );
    expect((await failure('wrong.yaml', '--budget', 'soon')).message).to.contain('expected a time such as 90s');
    expect((await failure('wrong.yaml', '--out', 'sweeps/sweep')).code).to.equal('SWEEP_EXISTS');
    expect(existsSync(join(folder(), 'sweeps', 'wrong'))).to.equal(false);
  });

  it('is an agent of a W&B sweep: trains the runs that it asks for, with their settings', async () => {
    const runs = [
      {type: 'run', run_id: 'r1', args: {learning_rate: {value: 0.004}, epochs: {value: 1}, arch: {value: 'conv4'}}},
      {type: 'run', run_id: 'r2', args: {lerning_rate: {value: 1}}},
    ];
    const server = await startSweepServer((_, i) => (i === 0 ? runs : i > 2 ? [{type: 'exit'}] : []));
    const env = {...options().env, WANDB_BASE_URL: server.url, WANDB_API_KEY: 'secret'};
    const args = ['tune', 'me/rice/abc', '--dataset', 'data', '--set', 'batch-size=8', '--trials', '2', '--json'];
    const {code, stdout, stderr} = await rice(args, {cwd: folder(), env});
    await server.close();
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout + stderr).not.to.contain('secret');
    const {trials, counts} = parseAs<Result>('tune', stdout);
    expect(counts).to.deep.equal({finished: 1, stopped: 0, failed: 1});
    expect(trials[0]).to.deep.include({parameters: {learning_rate: 0.004, epochs: 1, arch: 'conv4'}, epochs: 1});
    const record = JSON.parse(readFileSync(join(folder(), 'sweeps', 'abc', 'trials', 'r1', 'run.json'), 'utf8'));
    expect(record.configuration.schedule).to.include({learningRate: 0.004, epochs: 1});
    expect((await rice(args, options())).stdout).to.contain('there is no key for https://api.wandb.ai');
  });
});
