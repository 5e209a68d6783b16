import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {load} from 'js-yaml';
import type {Delivery} from '../../src/tracking/delivery.ts';
import type {TrackedEvent} from '../../src/tracking/event.ts';
import {Journal, TRACKING_FOLDER} from '../../src/tracking/journal.ts';
import {type SendOptions, sendRun} from '../../src/tracking/sending/send-run.ts';
import {syncRun} from '../../src/tracking/sync-run.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {withoutProxies} from '../helpers/environment.ts';
import type {Fault} from '../helpers/trackers/faulty-server.ts';
import {type MlflowStandIn, startMlflowServer} from '../helpers/trackers/mlflow-server.ts';
import {START, trainingEvents} from './events.ts';

const ENDLESS = {longest: 20_000, patience: 20_000, grace: 20_000};

describe('tracking: MLflow', () => {
  const folder = temporaryFolder();
  const servers: MlflowStandIn[] = [];
  const warnings: string[] = [];
  withoutProxies();
  const start = async (password?: string) => {
    const server = await startMlflowServer(password);
    servers.push(server);
    return server;
  };
  const runFolder = () => join(folder(), 'runs', 'grain4-1');
  const events = () => trainingEvents(folder(), ['mlflow'], {register: {name: 'rice', alias: 'champion'}});
  const optionsFor = (server: MlflowStandIn, all: readonly TrackedEvent[], env = {}): SendOptions => ({
    events: all,
    folder: join(runFolder(), TRACKING_FOLDER),
    env: {MLFLOW_TRACKING_URI: server.address, ...env},
    firstWait: 1,
    warn: (message) => warnings.push(message),
  });
  const send = (server: MlflowStandIn, all: readonly TrackedEvent[], env = {}): Promise<Delivery> =>
    sendRun('mlflow', optionsFor(server, all, env))!.finish(ENDLESS);
  beforeEach(() => {
    rmSync(runFolder(), {recursive: true, force: true});
    warnings.splice(0);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('sends the run with everything that belongs to it', async () => {
    const server = await start();
    const delivery = await send(server, events());
    expect(delivery).to.deep.equal({
      tracker: 'mlflow',
      state: 'sent',
      place: `${server.address}/#/experiments/0/runs/run0`,
    });
    expect(server.experiments).to.deep.equal(['rice']);
    const run = server.runs.get('run0')!;
    expect(run).to.include({name: 'grain4-1', status: 'FINISHED', end: events().at(-1)!.time});
    expect(run.tags).to.include({'rice.run_id': 'abcd1234', 'mlflow.source.git.commit': 'f00d'});
    expect(run.params).to.deep.equal({
      network: 'grain4',
      'schedule.epochs': '2',
      'schedule.learningRate': '1e-7',
      wholeFrame: 'false',
    });
    expect([...run.metrics].filter((metric) => metric.startsWith('val/accuracy'))).to.deep.equal([
      `val/accuracy 1 ${START + 4000} 0.25`,
      `val/accuracy 2 ${START + 8000} 0.5`,
    ]);
    expect([...run.metrics]).to.include(`system/cpu_utilization_percentage 1 ${START + 9000} 50`);
    expect([...run.datasets].map((each) => JSON.parse(each))).to.have.nested.property('[0].dataset.name', 'data');
    expect(server.versions).to.deep.equal([{name: 'rice', run: 'run0'}]);
    expect([...server.aliases]).to.deep.equal([['rice@champion', '1']]);
    const artifact = (path: string) => server.artifacts.get(`1/run0/artifacts/${path}`);
    expect(artifact('model/model.onnx')).to.equal('a model');
    expect(load(artifact('model/MLmodel')!)).to.deep.include({artifact_path: 'model', run_id: 'run0'});
    expect(artifact('console.log')).to.match(
      /^2026-11-30T12:00:01.000Z training 139,922 parameters\n.*epoch 1\n.*epoch 2\n$/s,
    );
    expect(artifact('pictures/mistake_01.png')).to.contain('PNG');
    expect(warnings).to.deep.equal([]);
  });

  it('comes to the same whatever fails once, at any request', async function () {
    this.timeout(600_000);
    const state = ({experiments, runs, artifacts, versions, aliases}: MlflowStandIn) => {
      return {experiments, runs: [...runs], artifacts: [...artifacts], versions, aliases: [...aliases]};
    };
    const whole = await start();
    await send(whole, events());
    const count = whole.requests.length;
    expect(count).to.be.greaterThan(15);
    const faults: Fault[] = ['cut after', 429, 500, 503, 'cut'];
    for (let k = 0; k < count; k++) {
      const fault = k % 2 === 0 ? faults[0] : faults[(k >> 1) % faults.length];
      rmSync(runFolder(), {recursive: true});
      const server = await start();
      server.fault = (index) => (index === k ? fault : undefined);
      const {state: sent} = await send(server, events());
      expect(sent, `${fault} at request ${k}`).to.equal('sent');
      expect(state(server), `${fault} at request ${k}`).to.deep.equal(state(whole));
      await server.close();
    }
  });

  it('sends parameters in batches that MLflow takes, and shortens what is too long', async () => {
    const server = await start();
    const config = Object.fromEntries(
      Array.from({length: 250}, (_, i) => [`setting${i}`, i === 0 ? 'x'.repeat(7000) : i]),
    );
    await send(server, trainingEvents(folder(), ['mlflow'], {config}));
    const {params} = server.runs.get('run0')!;
    expect(Object.keys(params)).to.have.length(250);
    expect(params.setting0).to.have.length(6000);
  });

  it('keeps everything where it is refused, never shows the password, and sends it once that is right', async () => {
    const server = await start('secret-one');
    const wrong = {MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'wrong-secret'};
    const journal = new Journal(runFolder());
    for (const {time, ...body} of events()) journal.append(body, time);
    journal.close();
    const refused = await send(server, events(), wrong);
    expect(refused).to.include({state: 'kept'});
    expect(refused.reason).to.contain('401').and.contain('you are not Basic ***');
    const said = JSON.stringify([refused, warnings]);
    for (const secret of ['wrong-secret', Buffer.from('me:wrong-secret').toString('base64')])
      expect(said).not.to.contain(secret);
    const env = {MLFLOW_TRACKING_URI: server.address.replace('//', '//me:secret-one@')};
    const sync = () => syncRun(runFolder(), {env, warn: (text) => warnings.push(text), now: () => 0});
    const [sent] = await sync();
    expect(sent).to.include({state: 'sent', place: `${server.address}/#/experiments/0/runs/run0`});
    expect(server.runs.get('run0')).to.include({status: 'FINISHED'});
    const {length} = server.requests;
    expect(await sync()).to.deep.equal([sent]);
    expect(server.requests, 'nothing is sent twice').to.have.length(length);
  });

  it('does not wait for a server that is down, or says nothing, and tells of a run that nobody ended as failed', async () => {
    const server = await start();
    server.fault = () => 'silence';
    const end = {patience: 50};
    const silent = await sendRun('mlflow', optionsFor(server, events()))!.finish(end);
    expect(silent.state).to.equal('kept');
    await server.close();
    const down = await sendRun('mlflow', optionsFor(server, events()))!.finish();
    expect(down.reason).to.contain('nothing listens there');
    expect(warnings.at(-1)).to.contain('tried again');

    const journal = new Journal(runFolder());
    for (const {time, ...body} of events().slice(0, 6)) journal.append(body, time);
    const again = await start();
    const options = {env: {MLFLOW_TRACKING_URI: again.address}, warn: () => {}, now: () => START + 99};
    const [busy] = await syncRun(runFolder(), options);
    expect(busy)
      .to.include({state: 'kept'})
      .and.property('reason')
      .contain(`process ${process.pid} is training this run`);
    journal.close();
    await syncRun(runFolder(), options);
    expect(again.runs.get('run0')).to.include({status: 'FAILED', end: START + 99});
  });

  it('says what an address must be', async () => {
    const delivery = await sendRun('mlflow', {
      ...optionsFor(await start(), events()),
      env: {MLFLOW_TRACKING_URI: 'sqlite:///mlflow.db'},
    })!.finish();
    expect(delivery.reason).to.contain('only servers at http: or https:');
  });
});
