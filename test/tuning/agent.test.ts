import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {type AgentRun, runAgent} from '../../src/tuning/agent/run-agent.ts';
import {WandbAgentApi} from '../../src/tuning/agent/wandb-api.ts';
import type {TrialOutcome} from '../../src/tuning/study/search.ts';
import {startSweepServer} from '../helpers/wandb-sweep-server.ts';

const PLACE = {entity: 'me', project: 'rice', sweep: 'abc'};
const run = (id: string, value: number) => ({type: 'run', run_id: id, args: {lr: {value}}});

describe('an agent of a W&B sweep', () => {
  async function agent(
    answer: Parameters<typeof startSweepServer>[0],
    train: (run: AgentRun, signal: AbortSignal) => Promise<TrialOutcome> = async () => ({kind: 'finished'}),
    most?: number,
  ) {
    const server = await startSweepServer(answer);
    const ended: [string, unknown, string][] = [];
    const warnings: string[] = [];
    try {
      const api = new WandbAgentApi({baseUrl: `${server.url}/`, apiKey: 'secret'});
      const id = await api.createAgent(PLACE, 'here');
      const trained = await runAgent({
        api,
        id,
        train,
        most,
        period: 5,
        signal: new AbortController().signal,
        onRun() {},
        onEnd: ({id: name, parameters}, {kind}) => ended.push([name, parameters.lr, kind]),
        onWarning: (message) => warnings.push(message),
      });
      return {trained, ended, warnings, calls: server.calls};
    } finally {
      await server.close();
    }
  }

  it('trains the runs that it is told to, and leaves when it is told', async () => {
    const script = [[run('one', 0.1)], [], [run('two', 0.2)], [], [], [{type: 'exit'}]];
    const {trained, ended, calls} = await agent((_, i) => script[i] ?? []);
    expect(trained).to.equal(2);
    expect(ended).to.deep.equal([
      ['one', 0.1, 'finished'],
      ['two', 0.2, 'finished'],
    ]);
    expect(calls[0]).to.deep.include({
      operation: 'CreateAgent',
      variables: {host: 'here', projectName: 'rice', entityName: 'me', sweep: 'abc'},
      authorization: `Basic ${Buffer.from('api:secret').toString('base64')}`,
    });
    expect(calls[1].variables).to.deep.equal({id: 'agent-1', metrics: '{}', runState: '{}'});
  });

  it('tells of the run that it trains, and stops it when it is told', async () => {
    const {ended, calls} = await agent(
      ({variables}, i) =>
        i === 0
          ? [run('long', 1)]
          : variables.runState === '{}'
            ? [{type: 'exit'}]
            : i > 3
              ? [{type: 'stop', run_id: 'long'}]
              : [],
      async (_, signal) => {
        while (!signal.aborted) await setTimeout(2);
        return {kind: 'stopped'};
      },
    );
    expect(ended).to.deep.equal([['long', 1, 'stopped']]);
    expect(calls.map(({variables}) => variables.runState)).to.include('{"long":true}');
  });

  it('outlasts a server that fails for a while, ends with a sweep that is gone, and refuses strange ids', async () => {
    const failing = await agent((_, i) =>
      i < 4 ? 500 : i === 4 ? [run('one', 3)] : i === 5 ? [run('../x', 3)] : i > 8 ? 404 : [],
    );
    expect(failing.ended).to.deep.equal([['one', 3, 'finished']]);
    expect(failing.warnings).to.have.length(5);
    const denied = await agent(() => 401).catch((error) => error);
    expect(denied).to.include({code: 'ACCESS_DENIED'});
    expect(denied.message).not.to.contain('secret');
    const enough = await agent((_, i) => [run(`run${i}`, i)], undefined, 3);
    expect(enough.trained).to.equal(3);
  });
});
