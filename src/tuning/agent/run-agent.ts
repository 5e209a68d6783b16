import {setTimeout} from 'node:timers/promises';
import {RiceError} from '../../common/errors.ts';
import type {TrialOutcome} from '../study/search.ts';
import type {AgentCommand, WandbAgentApi} from './wandb-api.ts';

/** So many heartbeats in a row may fail before the agent gives up. */
const MOST_FAILED = 20;

/** A run that the server asks for. */
export interface AgentRun {
  id: string;
  parameters: Record<string, unknown>;
  resumed: boolean;
}

export interface AgentOptions {
  api: Pick<WandbAgentApi, 'heartbeat'>;
  /** The id of the agent. */
  id: string;
  /** Trains a run; stops with a checkpoint when the signal asks for that. */
  train: (run: AgentRun, signal: AbortSignal) => Promise<TrialOutcome>;
  onRun: (run: AgentRun) => void;
  onEnd: (run: AgentRun, outcome: TrialOutcome) => void;
  onWarning: (message: string) => void;
  /** Most runs; any number if omitted. */
  most?: number | undefined;
  signal: AbortSignal;
  /** Milliseconds between heartbeats. */
  period?: number;
}

/**
 * Trains what a sweep of W&B asks for until it says exit, is gone, or there are enough runs. One run at a time; while it
 * trains, heartbeats tell of it, and `stop` ends it with a checkpoint.
 *
 * @returns how many runs were trained
 */
export async function runAgent(options: AgentOptions): Promise<number> {
  const {api, id, signal, period = 5000, most = Number.POSITIVE_INFINITY} = options;
  const waiting: AgentRun[] = [];
  let current: {run: AgentRun; stopping: AbortController; done: Promise<void>; ended: boolean} | undefined;
  let trained = 0;
  let failed = 0;
  let leaving = false;
  const interrupt = () => current?.stopping.abort();
  signal.addEventListener('abort', interrupt);
  try {
    for (;;) {
      if (current?.ended) {
        await current.done;
        current = undefined;
      }
      if (!current && waiting.length > 0 && trained < most && !signal.aborted) current = begin(waiting.shift()!);
      if (!current && (leaving || signal.aborted || trained >= most)) return trained;
      try {
        const commands = await api.heartbeat(id, current ? [current.run.id] : []);
        failed = 0;
        for (const command of commands) obey(command);
      } catch (error) {
        // A sweep that is gone lets its run finish, and gives no other.
        if ((error as RiceError).code === 'SWEEP_NOT_FOUND') leaving = true;
        else if (!(error instanceof RiceError) || ++failed === MOST_FAILED || error.code === 'ACCESS_DENIED')
          throw error;
        else options.onWarning(error.message);
      }
      await Promise.race([setTimeout(period), ...(current ? [current.done] : [])]);
    }
  } finally {
    signal.removeEventListener('abort', interrupt);
    current?.stopping.abort();
    await current?.done;
  }

  function begin(run: AgentRun): NonNullable<typeof current> {
    trained++;
    options.onRun(run);
    const stopping = new AbortController();
    const started = {run, stopping, done: Promise.resolve(), ended: false};
    started.done = options
      .train(run, stopping.signal)
      .catch((error: Error): TrialOutcome => ({kind: 'failed', error: {code: 'INTERNAL', message: error.message}}))
      .then((outcome) => {
        started.ended = true;
        options.onEnd(run, outcome);
      });
    return started;
  }

  function obey({type, run_id: run = '', args = {}}: AgentCommand): void {
    if (type === 'exit') {
      leaving = true;
      waiting.length = 0;
    } else if (type === 'stop') {
      if (current?.run.id === run) current.stopping.abort();
    } else if (/^[\w-]{1,64}$/.test(run)) {
      const parameters = Object.fromEntries(Object.entries(args).map(([name, {value}]) => [name, value]));
      waiting.push({id: run, parameters, resumed: type === 'resume'});
    } else options.onWarning(`the server asks for a run without a usable id, which is left out`);
  }
}
