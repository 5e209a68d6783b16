import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {writeTree} from '../../dataset/fixtures.ts';
import {grainDataset} from '../../training/grain-dataset.ts';

interface Result {
  epochs: number;
  ended: string;
  best: {epoch: number; accuracy: number};
  weights: string;
}

interface Epoch {
  epoch: number;
  learningRate: number;
  validationAccuracy: number;
  validationLoss: number;
}

const SETTINGS = ['--arch', 'conv4', '--batch-size', '8', '--device', 'cpu', '--average-decay', '0.9'];

describe('rice train: where it ends', () => {
  const folder = temporaryFolder();
  const options = () => ({cwd: folder(), env: {RICE_CACHE_DIR: join(folder(), 'cache')}});
  const train = (...args: string[]) => rice(['train', ...args], options());
  const start = async (out: string, ...args: string[]) => {
    const {code, stdout, stderr} = await train('data', ...SETTINGS, '--out', out, '--json', ...args);
    expect(code, stdout + stderr).to.equal(0);
    return parseAs<Result>('train', stdout);
  };
  const resume = async (run: string, ...args: string[]) => {
    const {code, stdout, stderr} = await train('--resume', run, '--json', ...args);
    expect(code, stdout + stderr).to.equal(0);
    return parseAs<Result>('train', stdout);
  };
  const history = (run: string): Epoch[] =>
    JSON.parse(readFileSync(join(folder(), run, 'metrics.json'), 'utf8')).epochs;
  const message = async (...args: string[]) => {
    const {code, stdout} = await train(...args, '--json');
    expect(code).to.equal(2);
    return parseAs<{error: {code: string; message: string}}>('error', stdout).error;
  };
  before(() => writeTree(join(folder(), 'data'), grainDataset()));

  it('--patience ends it after so many epochs without a better one, and more of them continue it', async () => {
    const result = await start('patient', '--epochs', '40', '--patience', '2', '--lr', '0.02');
    const epochs = history('patient');
    expect(result.ended).to.equal('patience');
    expect(epochs).to.have.length(result.best.epoch + 2);
    expect(epochs.length).to.be.below(40);
    const best = epochs.reduce((a, b) => {
      const better = b.validationAccuracy > a.validationAccuracy;
      return better || (b.validationAccuracy === a.validationAccuracy && b.validationLoss < a.validationLoss) ? b : a;
    });
    expect(result.best.epoch).to.equal(best.epoch);
    expect(await resume('patient'), 'it stays finished').to.include({weights: result.weights, epochs: epochs.length});
    const further = await resume('patient', '--patience', '5');
    expect(further.epochs).to.be.at.least(epochs.length + 3);
    expect(history('patient').slice(0, epochs.length)).to.deep.equal(epochs);
    const text = await train('data', ...SETTINGS, '--epochs', '40', '--patience', '1', '--lr', '0.02', '--out', 'text');
    expect(text.stdout).to.match(/in epoch \d+ of \d+, none was better since\n/);
  });

  it('--resume --epochs goes on with the rest of a longer schedule, the same with an interruption', async () => {
    await start('short', '--epochs', '2');
    await start('again', '--epochs', '2');
    const whole = history('short');
    expect(await message('--resume', 'short', '--epochs', '1')).to.deep.include({
      code: 'OUT_OF_RANGE',
      message: '--epochs 1: the run has 2 epochs already',
    });
    const result = await resume('short', '--epochs', '5');
    expect(result).to.include({epochs: 5, ended: 'epochs'});
    const longer = history('short');
    expect(longer.slice(0, 2)).to.deep.equal(whole);
    const full = await start('full', '--epochs', '5');
    const rates = (epochs: Epoch[]) => epochs.slice(2).map(({learningRate}) => learningRate);
    expect(rates(longer)).to.deep.equal(rates(history('full')));
    expect(full.weights, 'the first epochs were others').not.to.equal(result.weights);
    const record = JSON.parse(readFileSync(join(folder(), 'short', 'run.json'), 'utf8'));
    expect(record.configuration.schedule.epochs).to.equal(5);
    expect(record.extensions).to.have.length(1);
    expect(record.extensions[0]).to.include({epochs: 5, after: 2});

    const {child, ended} = startRice(['train', '--resume', 'again', '--epochs', '5'], options());
    const progress = () => JSON.parse(readFileSync(join(folder(), 'again', 'artifact', 'progress.json'), 'utf8'));
    while (progress().history.length < 3) await setTimeout(5);
    child.kill('SIGINT');
    expect((await ended).code).to.be.oneOf([130, 0]);
    expect(await resume('again')).to.include({weights: result.weights, epochs: 5});
  });

  it('--max-minutes makes what fits into the time, annealed, and says so', async () => {
    const result = await start('timed', '--epochs', '5000', '--max-minutes', '0.15');
    expect(result.ended).to.equal('time');
    const epochs = history('timed');
    expect(epochs.length).to.be.within(1, 4999);
    expect(epochs.at(-1)!.learningRate).to.be.below(0.1 * 3e-3);
    expect(await resume('timed'), 'it stays finished').to.include({weights: result.weights, ended: 'time'});
    const further = await resume('timed', '--max-minutes', '0.1');
    expect(further.epochs).to.be.above(result.epochs);
    const complete = await start('ample', '--epochs', '2', '--max-minutes', '60');
    expect(complete).to.include({ended: 'epochs', epochs: 2});
    expect(complete.weights, 'with time enough, the limit changes nothing').to.equal(
      (await start('unlimited', '--epochs', '2')).weights,
    );
  });

  it('says what cannot be changed, and what is out of range', async () => {
    expect((await message('--resume', 'short', '--lr', '0.1')).message).to.contain('the setting lr cannot be given');
    expect((await message('data', '--patience', '0')).message).to.contain('must be between 1 and');
    expect((await message('data', '--max-minutes', '0')).message).to.contain('between');
    expect((await message('--resume', 'nowhere', '--epochs', '9')).code).to.equal('RUN_NOT_FOUND');
  });
});
