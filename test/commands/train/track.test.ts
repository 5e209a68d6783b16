import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {load} from 'js-yaml';
import {readJournal} from '../../../src/tracking/journal.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {startMlflowServer} from '../../helpers/trackers/mlflow-server.ts';
import {grainJpeg} from '../pictures.ts';

interface Result {
  run: string;
  tracking: {tracker: string; state: string; place: string}[];
}

describe('rice train --track', () => {
  const folder = temporaryFolder();
  const train = (args: string[], env: Record<string, string> = {}) =>
    rice(['train', 'data', '--epochs', '2', '--batch-size', '8', '--device', 'cpu', ...args], {
      cwd: folder(),
      env: {RICE_CACHE_DIR: join(folder(), 'cache'), ...env},
    });
  before(() => {
    for (const label of ['Red', 'Blue'] as const) {
      mkdirSync(join(folder(), 'data', label), {recursive: true});
      for (let i = 0; i < 30; i++) writeFileSync(join(folder(), 'data', label, `${i}.jpg`), grainJpeg(label, i + 1));
    }
  });

  it('writes what TensorBoard and DVC read, each named once in the result', async () => {
    const args = ['--track', 'dvclive,tensorboard', '--track', 'dvclive', '--metric-names', 'timm', '--json'];
    const {code, stdout} = await train(args);
    expect(code).to.equal(0);
    const {run, tracking} = parseAs<Result>('train', stdout);
    expect(tracking).to.deep.equal([
      {tracker: 'tensorboard', state: 'written', place: run},
      {tracker: 'dvclive', state: 'written', place: join(folder(), 'dvclive')},
    ]);
    const params = load(readFileSync(join(folder(), 'dvclive', 'params.yaml'), 'utf8'));
    expect(params).to.have.property('network', 'grain4');
    const {history} = JSON.parse(readFileSync(join(run, 'artifact', 'progress.json'), 'utf8'));
    const metrics = JSON.parse(readFileSync(join(folder(), 'dvclive', 'metrics.json'), 'utf8'));
    expect(metrics.val.accuracy).to.equal(history[1].validationAccuracy);
    expect(metrics.eval_top1).to.equal(history[1].validationAccuracy * 100);
    const events = readJournal(run);
    expect(events[0]).to.have.nested.property('run.config.schedule.epochs', 2);
    expect(events.at(-1)).to.include({type: 'finish', state: 'finished'});
    const lines = events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
    expect(lines.filter((line) => line.startsWith('epoch '))).to.have.length(2);
    expect(lines[0], 'before there was a run').to.contain('few');
  });

  it('takes its trackers from a variable, and refuses a name that there is not', async () => {
    const {stdout} = await train(['--json'], {RICE_TRAIN_TRACK: 'dvclive'});
    expect(parseAs<Result>('train', stdout).tracking).to.have.length(1);
    const flag = await train(['--track', 'tensorbord']);
    expect(flag.code).to.equal(2);
    expect(flag.stderr).to.contain('there is no tracker "tensorbord"').and.contain('did you mean tensorboard?');
    const variable = await train([], {RICE_TRAIN_TRACK: 'dvclive,x'});
    expect(variable.stderr).to.contain('RICE_TRAIN_TRACK');
  });

  it('keeps what a server that is down does not get, and rice runs sync sends it', async () => {
    const server = await startMlflowServer();
    await server.close();
    const env = {
      MLFLOW_TRACKING_URI: server.address,
      MLFLOW_TRACKING_PASSWORD: 'very-secret',
      MLFLOW_TRACKING_USERNAME: 'me',
    };
    const trained = await train(['--track', 'mlflow', '--out', 'tracked'], env);
    expect(trained.code).to.equal(0);
    expect(trained.stderr).to.contain('mlflow: ').and.contain('nothing listens there');
    expect(trained.stdout).to.contain('send it: rice runs sync tracked');
    for (const file of readdirSync(join(folder(), 'tracked'), {recursive: true, encoding: 'utf8'}))
      if (/\.(json|ndjson|log)$/.test(file))
        expect(readFileSync(join(folder(), 'tracked', file), 'utf8'), file).not.to.contain('very-secret');

    const again = await startMlflowServer();
    const sync = (...args: string[]) =>
      rice(['runs', 'sync', ...args], {cwd: folder(), env: {MLFLOW_TRACKING_URI: again.address}});
    const synced = await sync('tracked', '--json');
    expect(synced.code).to.equal(0);
    const place = `${again.address}/#/experiments/0/runs/run0`;
    expect(parseAs('runs-sync', synced.stdout)).to.deep.include({
      runs: [{run: 'tracked', tracking: [{tracker: 'mlflow', state: 'sent', place}]}],
    });
    expect(again.runs.get('run0')).to.include({status: 'FINISHED', name: 'tracked'});
    expect(again.artifacts.get('1/run0/artifacts/model/MLmodel')).to.contain('loader_module: "mlflow.onnx"');
    expect((await sync('data')).stderr).to.contain('RUN_NOT_TRACKED');
    expect((await sync('nowhere')).stderr).to.contain('RUN_NOT_FOUND');
    expect((await sync()).stdout).to.contain('no run has anything to send');
    await again.close();
  });

  it('goes on training where a tracker cannot be written, and says so', async () => {
    writeFileSync(join(folder(), 'blocker'), '');
    const cwd = join(folder(), 'elsewhere');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'dvclive'), 'a file where the folder should be');
    const {code, stdout, stderr} = await rice(
      ['train', join(folder(), 'data'), '--epochs', '1', '--batch-size', '8', '--device', 'cpu', '--track', 'dvclive'],
      {cwd, env: {RICE_CACHE_DIR: join(folder(), 'cache')}},
    );
    expect(stderr).to.contain('dvclive is not written any more');
    expect(code).to.equal(0);
    expect(stdout).not.to.contain('tracked');
    expect(existsSync(join(cwd, 'runs', 'grain4-1', 'model.onnx'))).to.equal(true);
  });
});
