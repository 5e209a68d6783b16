import {expect} from 'chai';
import type {RiceError} from '../../src/common/errors.ts';
import {type FlagOf, readSweep} from '../../src/tuning/sweep/read-sweep.ts';

const FLAGS = ['lr', 'batch-size', 'epochs', 'dropout', 'arch', 'optimizer'];
const flagOf: FlagOf = (name) => {
  const flag = name.replaceAll('_', '-');
  return FLAGS.includes(flag) ? {flag} : {suggestion: 'Did you mean lr?'};
};
const read = (text: string) => readSweep(text, 'sweep.yaml', flagOf);
const failure = (text: string): RiceError => {
  try {
    read(text);
  } catch (error) {
    return error as RiceError;
  }
  throw new Error('it was read');
};
const distribution = (parameter: string) =>
  read(`method: random\nparameters:\n  lr: ${parameter}`).parameters[0].distribution;

describe('reading a sweep file', () => {
  it('takes a file of W&B as it is', () => {
    const sweep = read(`# comment
program: train.py
command:
  - \${env}
  - python
  - \${program}
project: demo
name: first
method: bayes
metric: {name: val_accuracy, goal: maximize, target: 0.99, impute: best}
run_cap: 30
early_terminate:
  type: hyperband
  min_iter: 3
  eta: 2
parameters:
  batch_size: {values: [16, 32]}
  optimizer:
    parameters:
      lr: {distribution: log_uniform, min: -9.2, max: -2.3}
      dropout: {max: 0.5, min: 0.0}
  epochs: {value: 27}
`);
    expect(sweep).to.deep.include({name: 'first', method: 'bayes', runCap: 30});
    expect(sweep.metric).to.deep.equal({name: 'val/accuracy', goal: 'maximize', target: 0.99, impute: 'best'});
    expect(sweep.hyperband!.rungs.slice(0, 4)).to.deep.equal([3, 6, 12, 24]);
    expect(sweep.hyperband).to.include({eta: 2, strict: true});
    expect(sweep.parameters.map(({name, flag}) => [name, flag])).to.deep.equal([
      ['batch_size', 'batch-size'],
      ['optimizer.lr', 'lr'],
      ['optimizer.dropout', 'dropout'],
      ['epochs', 'epochs'],
    ]);
    expect(sweep.notes).to.deep.equal(['program, command: each trial is a run of rice train']);
  });

  it('reads JSON, aliases, and the brackets of max_iter as W&B documents them', () => {
    expect(read('{"method": "grid", "parameters": {"lr": {"values": [1, 2]}}}').method).to.equal('grid');
    const text =
      'method: random\nparameters:\n  lr: &range {min: 0.1, max: 1}\n  dropout: *range\nearly_terminate: {type: hyperband, max_iter: 27, s: 2}';
    const sweep = read(text);
    expect(sweep.parameters[1].distribution).to.deep.equal(sweep.parameters[0].distribution);
    expect(sweep.hyperband!.rungs).to.deep.equal([3, 9]);
  });

  it('knows every distribution with its own numbers, their defaults, and what is implied', () => {
    expect(distribution('{min: 1, max: 5}')).to.deep.include({name: 'int_uniform', numbers: {min: 1, max: 5}});
    expect(distribution('{min: 1.0, max: 5.0}')).to.deep.include({name: 'uniform'});
    expect(distribution('{min: 1e-4, max: 1}')).to.deep.include({name: 'uniform'});
    for (const name of ['uniform', 'log_uniform', 'log_uniform_values', 'inv_log_uniform', 'inv_log_uniform_values'])
      expect(distribution(`{distribution: ${name}, min: 1, max: 2}`)).to.deep.include({
        name,
        numbers: {min: 1, max: 2},
      });
    for (const name of ['q_uniform', 'q_log_uniform', 'q_log_uniform_values'])
      expect(distribution(`{distribution: ${name}, min: 1, max: 2}`)).to.deep.include({
        numbers: {min: 1, max: 2, q: 1},
      });
    for (const name of ['normal', 'log_normal'])
      expect(distribution(`{distribution: ${name}}`)).to.deep.include({numbers: {mu: 0, sigma: 1}});
    for (const name of ['q_normal', 'q_log_normal'])
      expect(distribution(`{distribution: ${name}, q: 2}`)).to.deep.include({numbers: {mu: 0, sigma: 1, q: 2}});
    expect(distribution('{distribution: beta, a: 3}')).to.deep.include({numbers: {a: 3, b: 1}});
    expect(distribution('{distribution: q_beta}')).to.deep.include({numbers: {a: 1, b: 1, q: 1}});
    expect(distribution('{value: adamw}')).to.deep.equal({kind: 'constant', value: 'adamw'});
    const weighted = '{values: [1, 2], probabilities: [0.2, 0.8], distribution: categorical_w_probabilities}';
    expect(distribution(weighted)).to.deep.include({kind: 'categorical', probabilities: [0.2, 0.8]});
  });

  it('names file, line and key of what is wrong, and what was probably meant', () => {
    const cases: [text: string, message: RegExp, suggestion?: RegExp][] = [
      [
        'method: random\nparameters:\n  lr:\n    mim: 1\n    max: 2',
        /^sweep.yaml:4: parameters.lr.mim is not/,
        /min\?/,
      ],
      ['method: rando\nparameters: {lr: {value: 1}}', /^sweep.yaml:1: method must be one of/, /random\?/],
      ['metod: grid', /^sweep.yaml:1: metod is not a key/, /method\?/],
      ['method: grid', /^sweep.yaml:1: a sweep needs parameters/],
      ['method: grid\nparameters:\n  lrr: {value: 1}', /:3: parameters.lrr is not a setting/, /lr\?/],
      ['method: grid\nparameters:\n  lr: {min: 0.1, max: 1.0}', /parameters.lr has no list of values/, /values/],
      ['method: random\nparameters:\n  lr: {min: 3, max: 1}', /:3: parameters.lr.min 3 is not below max/],
      ['method: random\nparameters:\n  lr: {min: 3}', /:3: parameters.lr max is missing/],
      ['method: random\nparameters:\n  lr: 3', /:3: parameters.lr must be names with values/],
      ['method: random\nparameters:\n  lr: {distribution: log_uniform_values, min: 0, max: 1}', /must be above 0/],
      ['method: random\nparameters:\n  lr: {distribution: normall}', /must be one of/, /normal\?/],
      ['method: random\nparameters:\n  lr: {value: 1, min: 3}', /lr.min does not go with/],
      ['method: random\nparameters:\n  lr: {values: []}', /values is empty/],
      ['method: random\nparameters:\n  lr: {values: [1, 2], probabilities: [1]}', /has 1 numbers for 2 values/],
      ['method: random\nparameters:\n  lr: {values: [1, 2], probabilities: [1, 1]}', /must sum to 1, not to 2/],
      ['method: random\nparameters:\n  batch_size: {value: 1}\n  batch-size: {value: 2}', /:4: .* same setting/],
      ['method: random\nmetric: {name: test/accuracy}\nparameters: {lr: {value: 1}}', /:2: .*test part/],
      ['method: random\nmetric: {name: val_los}\nparameters: {lr: {value: 1}}', /no metric val_los/, /val\/loss\?/],
      ['method: random\nearly_terminate: {type: hyperband}\nparameters: {lr: {value: 1}}', /needs min_iter/],
      ['method: random\nrun_cap: 0\nparameters: {lr: {value: 1}}', /run_cap must be a whole number from 1/],
      ['method: custom\nparameters: {lr: {value: 1}}', /custom is a program of your own/],
      ['method: random\nmethod: grid', /:2: method stands there twice/],
      ['method: random\n  parameters: 3', /^sweep.yaml:2: /],
      ['', /^sweep.yaml:1: it is empty/],
      ['- 1', /a sweep must be names with values/],
    ];
    for (const [text, message, suggestion] of cases) {
      const {code, message: found, suggestions} = failure(text);
      expect([code, found], text).to.satisfy(
        () => code === 'SWEEP_INVALID' && message.test(found),
        `${code}: ${found}`,
      );
      if (suggestion) expect(suggestions.join(' '), text).to.match(suggestion);
    }
  });

  it('takes a bare accuracy without a goal as one to maximize', () => {
    const {metric} = read('method: random\nmetric: {name: accuracy}\nparameters: {lr: {value: 1}}');
    expect(metric).to.deep.include({name: 'val/accuracy', goal: 'maximize'});
    expect(read('method: random\nmetric: {name: loss}\nparameters: {lr: {value: 1}}').metric.goal).to.equal('minimize');
  });
});
