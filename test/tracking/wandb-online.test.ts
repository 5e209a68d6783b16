import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {Delivery} from '../../src/tracking/delivery.ts';
import type {TrackedEvent} from '../../src/tracking/event.ts';
import {Journal, TRACKING_FOLDER} from '../../src/tracking/journal.ts';
import {type SendOptions, sendRun} from '../../src/tracking/sending/send-run.ts';
import {syncRun} from '../../src/tracking/sync-run.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {withoutProxies} from '../helpers/environment.ts';
import type {Fault} from '../helpers/trackers/faulty-server.ts';
import {startWandbServer, type WandbStandIn} from '../helpers/trackers/wandb-server.ts';
import {CONFIG, START, trainingEvents} from './events.ts';

const KEY = 'f'.repeat(40);
const ENDLESS = {longest: 20_000, patience: 20_000, grace: 20_000};

describe('tracking: W&B online', () => {
  const folder = temporaryFolder();
  const servers: WandbStandIn[] = [];
  const warnings: string[] = [];
  withoutProxies();
  const start = async () => {
    const server = await startWandbServer(KEY);
    servers.push(server);
    return server;
  };
  const runFolder = () => join(folder(), 'runs', 'grain4-1');
  const events = () => trainingEvents(folder(), ['wandb']);
  const optionsFor = (server: WandbStandIn, all: readonly TrackedEvent[], env = {}): SendOptions => ({
    events: all,
    folder: join(runFolder(), TRACKING_FOLDER),
    env: {WANDB_BASE_URL: server.address, WANDB_API_KEY: KEY, ...env},
    firstWait: 1,
    warn: (message) => warnings.push(message),
  });
  const send = (server: WandbStandIn, all: readonly TrackedEvent[], env = {}): Promise<Delivery> =>
    sendRun('wandb', optionsFor(server, all, env))!.finish(ENDLESS);
  const rows = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  beforeEach(() => {
    rmSync(runFolder(), {recursive: true, force: true});
    warnings.splice(0);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('sends the run with everything that belongs to it, first itself, its end last', async () => {
    const server = await start();
    const env = {WANDB_PROJECT: 'grains', WANDB_ENTITY: 'team', WANDB_TAGS: 'a,b', WANDB_RUN_GROUP: 'g'};
    const delivery = await send(server, events(), env);
    const place = `${server.address}/team/grains/runs/abcd1234`;
    expect(delivery).to.deep.equal({tracker: 'wandb', state: 'sent', place});
    expect([server.problems, warnings]).to.deep.equal([[], []]);
    const run = server.runs.get('abcd1234')!;
    expect(run).to.include({
      name: 'grain4-1',
      project: 'grains',
      entity: 'team',
      group: 'g',
      state: 'finished',
      exitcode: 0,
    });
    expect(run.tags).to.deep.equal(['a', 'b']);
    const {_wandb, ...config} = run.config as Record<string, {value: unknown}>;
    expect(config).to.deep.equal(Object.fromEntries(Object.entries(CONFIG).map(([key, value]) => [key, {value}])));
    expect(_wandb).to.have.nested.property(
      'value.visualize.confusion.panel_config.panelDefId',
      'wandb/confusion_matrix/v1',
    );

    const history = rows(run.history);
    expect(history.map(({_step}) => _step)).to.deep.equal([0, 1, 2]);
    expect(history[1]).to.include({epoch: 2, 'val/accuracy': 0.5, _runtime: 8, _timestamp: (START + 8000) / 1000});
    expect(history[2]).to.have.nested.property('mistakes._type', 'image-file');
    expect(run.summary).to.include({'val/accuracy': 0.5, 'test/accuracy': 0.75, _step: 2});
    expect(rows(run.events)[0]).to.include({'system.cpu': 50, 'system.memory_percent': 25});
    expect(run.output).to.deep.equal([
      '2026-11-30T12:00:01.000 training 139,922 parameters',
      '2026-11-30T12:00:02.000 epoch 1',
      '2026-11-30T12:00:06.000 epoch 2',
    ]);
    const names = Object.keys(run.files);
    expect(names).to.include.members(['config.yaml', 'wandb-summary.json', 'output.log', 'wandb-metadata.json']);
    expect(run.uploaded).to.have.members(names);
    const {path} = history[2].mistakes as {path: string};
    expect(run.files[path]).to.contain('PNG');
    const [artifact] = server.artifacts.values();
    expect(artifact).to.deep.include({
      type: 'model',
      collection: 'grain4-1',
      state: 'COMMITTED',
      aliases: ['latest', 'best'],
    });
    expect(artifact.files['model.onnx']).to.equal('a model');
    const asked = server.requests.map(
      ({path: asks, body}) => /(?:query|mutation) (\w+)/.exec(body.toString('latin1'))?.[1] ?? asks,
    );
    expect(asked.slice(0, 2)).to.deep.equal(['Viewer', 'UpsertBucket']);
    expect(server.requests.at(-1)!.body.toString()).to.contain('"complete":true');
  });

  it('comes to the same whatever fails once, at any request', async function () {
    this.timeout(600_000);
    const state = ({runs, artifacts, problems}: WandbStandIn) => ({
      runs: [...runs],
      artifacts: [...artifacts],
      problems,
    });
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

  it('sends in portions, each behind the last, as the run goes on', async () => {
    const server = await start();
    const all = events();
    for (const to of [1, 4, 7, 9, all.length]) await send(server, all.slice(0, to));
    expect(server.problems).to.deep.equal([]);
    const whole = await start();
    rmSync(join(runFolder(), TRACKING_FOLDER, 'wandb.json'));
    await send(whole, all);
    expect([...server.runs]).to.deep.equal([...whole.runs]);
  });

  it('goes on with a run of its own name behind what is there, or refuses, as WANDB_RESUME says', async () => {
    const server = await start();
    const another = (resume: string, id = 'named') => {
      rmSync(runFolder(), {recursive: true, force: true});
      return send(server, events(), {WANDB_RUN_ID: id, WANDB_RESUME: resume});
    };
    expect((await another('must')).reason).to.contain('there is no run named to go on with');
    expect((await another('allow')).state).to.equal('sent');
    expect((await another('never')).reason).to.contain('there is a run named already');
    expect((await another('allow')).state).to.equal('sent');
    const {history, output} = server.runs.get('named')!;
    expect(rows(history).map(({_step}) => _step)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(output).to.have.length(6);
    expect(server.problems).to.deep.equal([]);
  });

  it('tells how a run ended: finished, failed, stopped by its user, or that nobody knows', async () => {
    const states: unknown[] = [];
    for (const state of ['finished', 'failed', 'killed', 'crashed'] as const) {
      const server = await start();
      rmSync(runFolder(), {recursive: true, force: true});
      const all = events();
      await send(server, [...all.slice(0, 6), {type: 'finish', state, time: START + 9000}]);
      const run = server.runs.get('abcd1234')!;
      states.push([run.state, run.exitcode]);
    }
    expect(states).to.deep.equal([
      ['finished', 0],
      ['failed', 1],
      ['killed', 255],
      ['crashed', undefined],
    ]);
  });

  it('keeps everything where the key is wrong or missing, never shows it, and sends it with the right one', async () => {
    const server = await start();
    const journal = new Journal(runFolder());
    for (const {time, ...body} of events()) journal.append(body, time);
    journal.close();
    const wrong = 'a1b2'.repeat(10);
    const refused = await send(server, events(), {WANDB_API_KEY: wrong});
    expect(refused.state).to.equal('kept');
    expect(refused.reason).to.contain('401: who is Basic ***?');
    const said = JSON.stringify([refused, warnings]);
    for (const secret of [wrong, Buffer.from(`api:${wrong}`).toString('base64')]) expect(said).not.to.contain(secret);
    const missing = await send(server, events(), {WANDB_API_KEY: '', HOME: '/nowhere'});
    expect(missing.reason).to.contain('WANDB_API_KEY is not set').and.contain('127.0.0.1');
    const env = {WANDB_BASE_URL: server.address, WANDB_API_KEY: KEY};
    const [sent] = await syncRun(runFolder(), {env, warn: (text) => warnings.push(text), now: () => 0});
    expect(sent.state).to.equal('sent');
    expect(server.runs.get('abcd1234')).to.include({state: 'finished'});
  });
});
