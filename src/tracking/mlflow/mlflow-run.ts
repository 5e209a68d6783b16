import {readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {basename, join} from 'node:path';
import {type RunState, startOf, type TrackedEvent} from '../event.ts';
import {flatten} from '../flatten.ts';
import {TRACKING_FOLDER} from '../journal.ts';
import type {DeliveryRecord} from '../sending/delivery-record.ts';
import type {HttpClient} from '../sending/http-client.ts';
import type {RemoteTracker} from '../sending/remote-tracker.ts';
import {SendFailure} from '../sending/send-failure.ts';
import {MlflowApi, type MlflowMetric} from './mlflow-api.ts';
import {modelFolder} from './model-folder.ts';
import {mlflowSystemName} from './system-names.ts';

export interface MlflowState {
  experiment: string;
  run: string;
  artifacts: string;
  /** Parameters and dataset are told. */
  described: boolean;
}

/** Names the run of rice in a tag, by which it is found if the answer to its creation is lost. */
const ID_TAG = 'rice.run_id';
/** The longest digest that a dataset may have. */
const LONGEST_DIGEST = 36;
const STATUS = {finished: 'FINISHED', failed: 'FAILED', killed: 'KILLED', crashed: 'FAILED'} as const;

/** Sends a run to an MLflow server. */
export class MlflowRun implements RemoteTracker {
  readonly name = 'mlflow';
  readonly client: HttpClient;
  readonly record: DeliveryRecord<MlflowState>;
  readonly #api: MlflowApi;
  readonly #server: string;
  readonly #experiment: string;
  readonly #warn: (message: string) => void;
  #toldArtifacts = false;

  constructor(options: {
    client: HttpClient;
    record: DeliveryRecord<MlflowState>;
    server: string;
    experiment: string;
    warn: (message: string) => void;
  }) {
    const {client, record, server, experiment, warn} = options;
    [this.client, this.record, this.#server, this.#experiment, this.#warn] = [client, record, server, experiment, warn];
    this.#api = new MlflowApi(client);
  }

  get address(): string {
    const {experiment, run} = this.record.state;
    return run === undefined ? this.#server : `${this.#server}/#/experiments/${experiment}/runs/${run}`;
  }

  async send(events: readonly TrackedEvent[], from: number): Promise<void> {
    await this.#create(events);
    await this.#describe(events);
    const run = this.record.state.run!;
    const metrics: MlflowMetric[] = [];
    const flush = async () => {
      if (metrics.length > 0) await this.#api.metrics(run, metrics.splice(0));
    };
    for (const [i, event] of events.entries()) {
      if (i < from) continue;
      metrics.push(...metricsOf(event, events, i));
      if (event.type === 'picture' || event.type === 'confusion' || event.type === 'model' || event.type === 'finish') {
        await flush();
        await this.#other(event, events, run);
      } else if (event.type === 'resume') await this.#api.updateRun(run, 'RUNNING');
    }
    await flush();
  }

  async #create(events: readonly TrackedEvent[]): Promise<void> {
    if (this.record.state.run !== undefined) return;
    const {run, time} = startOf(events);
    const experiment = await this.#api.experiment(this.#experiment);
    const tags = {
      'mlflow.user': userName(),
      'mlflow.source.name': run.command,
      'mlflow.source.type': 'LOCAL',
      ...(run.commit === undefined ? {} : {'mlflow.source.git.commit': run.commit}),
      'rice.version': run.versions.rice,
      'rice.host': run.host,
    };
    const pairs = Object.entries(tags).map(([key, value]) => ({key, value}));
    const id = {key: ID_TAG, value: run.id};
    const {run_id, artifact_uri} = await this.#api.createRun(experiment, run.name, time, id, pairs);
    this.record.remember({experiment, run: run_id, artifacts: artifact_uri});
  }

  async #describe(events: readonly TrackedEvent[]): Promise<void> {
    const {run: id, described} = this.record.state;
    if (described) return;
    const {run} = startOf(events);
    const settings = Object.entries(flatten(run.config)).filter(([, value]) => value !== null);
    await this.#api.parameters(
      id!,
      settings.map(([key, value]) => ({key, value: String(value)})),
    );
    const {name, digest, source, images, labels} = run.dataset;
    const dataset = {
      name,
      digest: digest.slice(0, LONGEST_DIGEST),
      source_type: 'local',
      source: JSON.stringify({uri: source}),
      profile: JSON.stringify({pictures: images, labels}),
    };
    await this.#optional('the dataset', () => this.#api.input(id!, dataset));
    this.record.remember({described: true});
  }

  async #other(event: TrackedEvent, events: readonly TrackedEvent[], run: string): Promise<void> {
    const {run: described} = startOf(events);
    if (event.type === 'picture') {
      const path = join(described.folder, TRACKING_FOLDER, event.file);
      await this.#put(`pictures/${basename(event.file)}`, readFileSync(path));
    } else if (event.type === 'confusion') {
      const {labels, matrix} = event;
      await this.#put('confusion_matrix.json', Buffer.from(JSON.stringify({labels, matrix})));
    } else if (event.type === 'model') {
      const stored = await this.#putAll('model', modelFolder(event.model, run, event.time));
      const {register} = described;
      if (register && stored) {
        const tags = [{key: 'rice.sha256', value: event.model.sha256}];
        await this.#optional('the registered model', () =>
          this.#api.register(register.name, register.alias, run, tags),
        );
      }
    } else if (event.type === 'finish') await this.#end(event, events, run);
  }

  async #end(
    {state, time}: {state: RunState; time: number},
    events: readonly TrackedEvent[],
    run: string,
  ): Promise<void> {
    const lines = events.flatMap((event) =>
      event.type === 'log' ? [`${new Date(event.time).toISOString()} ${event.text}\n`] : [],
    );
    await this.#put('console.log', Buffer.from(lines.join('')));
    await this.#api.updateRun(run, STATUS[state], time);
  }

  async #putAll(folder: string, files: Map<string, Uint8Array>): Promise<boolean> {
    let stored = true;
    for (const [name, bytes] of files) stored = stored && (await this.#put(`${folder}/${name}`, bytes));
    return stored;
  }

  /** @returns whether the server took it. One that keeps artifacts elsewhere is told everything else. */
  async #put(path: string, bytes: Uint8Array): Promise<boolean> {
    const done = await this.#optional(this.#toldArtifacts ? undefined : 'the artifacts', () =>
      this.#api.putArtifact(this.record.state.artifacts!, path, bytes),
    );
    if (!done) this.#toldArtifacts = true;
    return done;
  }

  /** Something that a server may not offer. @returns whether it took it */
  async #optional(what: string | undefined, action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof SendFailure) || error.retry || error.status === 401) throw error;
      if (what !== undefined) this.#warn(`mlflow: ${what} could not be stored: ${error.message}`);
      return false;
    }
  }
}

/** Numbers of an event. Those of the machine count on their own. */
function metricsOf(event: TrackedEvent, events: readonly TrackedEvent[], index: number): MlflowMetric[] {
  if (event.type === 'metrics' || event.type === 'summary')
    return Object.entries(event.values).map(([key, value]) => ({key, value, timestamp: event.time, step: event.step}));
  if (event.type !== 'system') return [];
  const step = events.slice(0, index).filter(({type}) => type === 'system').length;
  return Object.entries(event.values).flatMap(([name, value]) => {
    const key = mlflowSystemName(name);
    return key === undefined ? [] : [{key, value, timestamp: event.time, step}];
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
